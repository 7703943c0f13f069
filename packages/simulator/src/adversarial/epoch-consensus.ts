import { EpochConsensus, type EpochState, type ProcessId } from '@upon/contract'
import { canonical } from '@upon/trace'
import type { SimulatedProcess } from '../engine/simulated-process'
import type { Random } from '../plan/random'
import { adversarialPort, Ensemble, type Member } from './ensemble'

type State = EpochState<unknown>

/** What all epochs of one family share: what was proposed in which epoch, the value locked in, and how far each process has come. */
class Epochs {
  readonly #proposals: { readonly ts: number; readonly v: unknown }[] = []
  readonly #epochOf = new Map<ProcessId, number>()
  readonly #left = new Map<ProcessId, State>()
  #waiting: (() => void)[] = []
  #locked: { readonly v: unknown } | undefined
  /** Whether a process did not pass on the state of its last epoch: the module promises nothing to such users. */
  #isForgotten = false

  constructor(readonly process: SimulatedProcess) {}

  enter(p: ProcessId, ts: number, state: State): void {
    const { valts, val } = this.#left.get(p) ?? { valts: 0, val: undefined }
    if (state.valts !== valts || canonical(state.val) !== canonical(val)) this.#isForgotten = true
    this.#epochOf.set(p, ts)
    this.retry()
  }

  propose(ts: number, v: unknown): void {
    this.#proposals.push({ ts, v })
  }

  /** What a process of epoch ts may decide now, if anything. */
  decisionIn(ts: number, random: Random): { readonly v: unknown } | undefined {
    const proposals = this.#proposals.filter((proposal) => proposal.ts <= ts)
    if (this.#isForgotten) return random.pick(proposals)
    if (this.#locked === undefined && this.#isReachedBySo(ts)) this.#locked = random.pick(proposals)
    const locked = canonical(this.#locked?.v)
    return proposals.some(({ v }) => canonical(v) === locked) ? this.#locked : undefined
  }

  /** The state with which p leaves epoch ts. It is opaque to users, so it contains only what it must. */
  leave(p: ProcessId, ts: number, random: Random): State {
    const proposals = this.#proposals.filter((proposal) => proposal.ts <= ts)
    const seen = proposals.length > 0 && random.chance(50) ? random.pick(proposals) : undefined
    const state = { valts: ts, val: (this.#locked ?? seen)?.v }
    this.#left.set(p, state)
    return state
  }

  /** Tries again when another process has entered the epoch, or crashed. */
  wait(retry: () => void): void {
    this.#waiting.push(retry)
  }

  retry(): void {
    for (const retry of this.#waiting.splice(0)) retry()
  }

  /** No earlier epoch can still decide once a majority, or all processes that are left, have entered this one. */
  #isReachedBySo(ts: number): boolean {
    const { processes } = this.process
    const isThere = (p: ProcessId) => (this.#epochOf.get(p) ?? -1) >= ts
    return processes.filter(isThere).length > processes.length / 2 || processes.every((p) => isThere(p) || !this.process.isAlive(p))
  }
}

class Epoch extends Ensemble<EpochConsensus> {
  isProposed = false
  readonly decided = new Set<ProcessId>()
  readonly aborting = new Set<ProcessId>()
}

/**
 * The worst epoch consensus that its module allows. It decides the proposal of the leader of this epoch or of an earlier one (EP1), until
 * some process decides: that value is locked in (EP2, EP4), even if the process crashes, since otherwise epochs could not yield uniform
 * consensus. Where the leader crashes or a process aborts, some processes decide and others never do (EP5). An abort takes time, and a
 * decision may come first. A process that starts an epoch with a state other than that of its last epoch breaks the contract: then each
 * decides anything.
 */
export const adversarialEpochConsensus = (process: SimulatedProcess) =>
  adversarialPort(
    process,
    EpochConsensus,
    () => new Epoch(),
    (me, epoch) => {
      const { ets, l, state } = me.parameters
      const epochs = process.shared(`epochs of ${me.path.replace(/\[[^[]*$/, '')}`, () => new Epochs(process))
      const isOwed = () => process.isAlive(l) && ![...epoch.aborting].some((p) => process.isAlive(p))
      const consider = (at: Member<EpochConsensus>): void => {
        if (epoch.decided.has(at.self)) return
        const decision = isOwed() || at.random.chance(60) ? epochs.decisionIn(ets, at.random) : undefined
        if (decision === undefined) epochs.wait(() => at.late(() => consider(at)))
        else {
          epoch.decided.add(at.self)
          at.indicate.decide(decision.v)
        }
      }
      me.onCrash(() => epochs.retry())
      epochs.enter(me.self, ets, state)
      return {
        propose: (v) => {
          if (me.self !== l || epoch.isProposed) return
          epoch.isProposed = true
          epochs.propose(ets, v)
          for (const p of me.processes) epoch.tell(p, consider)
          me.countSends()
        },
        abort: () => {
          if (epoch.aborting.has(me.self)) return
          epoch.aborting.add(me.self)
          me.late(() => {
            epoch.leave(me)
            me.indicate.aborted(epochs.leave(me.self, ets, me.random))
          })
        },
      }
    },
  )
