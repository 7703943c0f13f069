import { EpochConsensus, type EpochState, type ProcessId } from '@upon/contract'
import { canonical } from '@upon/trace'
import type { SimulatedProcess } from '../engine/simulated-process'
import type { Random } from '../plan/random'
import { adversarialPort, Ensemble, type Member } from './ensemble'

type State = EpochState<unknown>

/** What all epochs of one family know: what was proposed in which, what is locked in, and who has come how far. */
class Epochs {
  readonly #proposals: { readonly ts: number; readonly v: unknown }[] = []
  readonly #epochOf = new Map<ProcessId, number>()
  readonly #left = new Map<ProcessId, State>()
  #waiting: (() => void)[] = []
  #locked: { readonly v: unknown } | undefined
  /** Whether somebody did not hand on the state that it was left: nothing is promised to such users. */
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

  /** The state that p leaves epoch ts with. Nobody may look into it, so it says nothing unless it must. */
  leave(p: ProcessId, ts: number, random: Random): State {
    const proposals = this.#proposals.filter((proposal) => proposal.ts <= ts)
    const seen = proposals.length > 0 && random.chance(50) ? random.pick(proposals) : undefined
    const state = { valts: ts, val: (this.#locked ?? seen)?.v }
    this.#left.set(p, state)
    return state
  }

  /** Tries again when another process has come, or crashed. */
  wait(retry: () => void): void {
    this.#waiting.push(retry)
  }

  retry(): void {
    for (const retry of this.#waiting.splice(0)) retry()
  }

  /** Nobody can be owed a decision of an earlier epoch any more when a majority, or all that are left, have come to this one. */
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
 * The worst epoch consensus that its module allows. What is decided is the proposal of the leader of this epoch or of any before
 * (EP1), until one is decided anywhere: that is locked in (EP2, EP4), also if it was decided by a process that crashes, for without
 * that no uniform consensus could be built from epochs. Where the leader crashes or somebody aborts, some decide and others never do
 * (EP5). An abort takes its time, and a decision may come in between. Who starts an epoch with another state than the last one left
 * is promised nothing: then each decides what it likes.
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
