import type { Abstraction, Consensus, Port, ProcessId } from '@upon/contract'
import type { SimulatedProcess } from '../engine/simulated-process'
import { adversarialPort, Ensemble, type Member } from './ensemble'

/** What was proposed, by whom, and decided. */
export class Proposals extends Ensemble<Consensus> {
  readonly values: unknown[] = []
  readonly decided = new Map<ProcessId, unknown>()
  readonly #proposers = new Set<ProcessId>()
  #isDue = false

  constructor(
    readonly process: SimulatedProcess,
    /** What a process decides that is to decide now. */
    readonly choose: (all: Proposals, at: Member<Consensus>) => unknown,
  ) {
    super()
  }

  propose(p: ProcessId, v: unknown): void {
    this.values.push(v)
    this.#proposers.add(p)
  }

  /** Once all that have not crashed have proposed, all must decide. Until then nobody need. */
  consider(): void {
    const { process } = this
    if (this.#isDue || process.processes.some((p) => process.isAlive(p) && !this.#proposers.has(p))) return
    this.#isDue = true
    for (const p of process.processes) this.tell(p, (at) => this.decide(at))
  }

  decide(at: Member<Consensus>): void {
    if (this.decided.has(at.self)) return
    const value = this.choose(this, at)
    this.decided.set(at.self, value)
    at.indicate.decide(value)
  }
}

/** Decides at each process at a moment of its own: at some soon, also where nothing was proposed; at others when it must. */
export function adversarialProposals(
  process: SimulatedProcess,
  abstraction: Abstraction<Consensus>,
  choose: Proposals['choose'],
): Port<Consensus> {
  return adversarialPort(
    process,
    abstraction,
    () => new Proposals(process, choose),
    (me, all) => {
      me.onCrash(() => all.consider())
      return {
        propose: (v) => {
          all.propose(me.self, v)
          if (me.random.chance(30)) all.tell(me.random.pick(me.processes), (at) => all.decide(at))
          all.consider()
          me.countSends()
        },
      }
    },
  )
}
