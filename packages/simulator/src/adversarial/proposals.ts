import type { Abstraction, Consensus, Port, ProcessId } from '@upon/contract'
import type { SimulatedProcess } from '../engine/simulated-process'
import { adversarialPort, Ensemble, type Member } from './ensemble'

/** The proposals, by process, and the decisions. */
export class Proposals extends Ensemble<Consensus> {
  readonly values: unknown[] = []
  readonly decided = new Map<ProcessId, unknown>()
  readonly #proposers = new Set<ProcessId>()
  #isDue = false

  constructor(
    readonly process: SimulatedProcess,
    /** What a process decides that has to decide now. */
    readonly choose: (all: Proposals, at: Member<Consensus>) => unknown,
  ) {
    super()
  }

  propose(p: ProcessId, v: unknown): void {
    this.values.push(v)
    this.#proposers.add(p)
  }

  /** Once all processes that have not crashed have proposed, all must decide. Until then none must. */
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

/** Each process decides at a moment of its own: some early, even before they propose; others when they must. */
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
