import { algorithm, EventualLeaderDetector, FairLossPointToPointLinks, type ProcessId, StableStorage, Timer } from '@upon/contract'

/** "I am up, for the epoch-th time." */
export type EpochHeartbeat = { kind: 'HEARTBEAT'; epoch: number }

/**
 * Elect lower epoch: each process counts its starts, and sends the number to all once per period. Of the processes heard in the last
 * period it trusts the one that has started least often, and among equals the one with the highest rank. Each change makes the period longer.
 *
 * - Implements: EventualLeaderDetector (eld)
 * - Uses: StableStorage (storage), FairLossPointToPointLinks (fll), Timer (timer)
 * - Assumes: crash-recovery (fail-recovery) and partial synchrony; at least one correct process (f < N)
 * - Cost: N² messages per period; one store at each start
 * - Source: Algorithm 2.9, page 58; Δ is `delayMs`
 * - Departs from the text: a period without any message leaves the leader as it is, because select(∅) is undefined. An epoch that is lower
 *   than an earlier one from the same process is a late message, and is ignored. ⟨Init⟩ stores epoch 1 at once, and not first 0
 */
export const ElectLowerEpoch = algorithm(
  {
    name: 'elect-lower-epoch',
    implements: { eld: EventualLeaderDetector },
    uses: { storage: StableStorage.of<{ epoch: number }>(), fll: FairLossPointToPointLinks.of<EpochHeartbeat>(), timer: Timer },
    assumes: { processes: 'crash-recovery', timing: 'eventually-synchronous', resilience: 'f < N' },
    options: { delayMs: 100 },
    state: ({ options }) => ({
      epoch: 0,
      leader: undefined as ProcessId | undefined,
      /** The highest epoch heard from each process in this period. */
      candidates: new Map<ProcessId, number>(),
      delayMs: options.delayMs,
    }),
  },
  ({ eld, storage, fll, timer, state, processes, l0, options, upon }) => {
    const trust = (p: ProcessId) => {
      state.leader = p
      eld.trust(p)
    }

    const beginPeriod = () => {
      for (const p of processes) fll.send(p, { kind: 'HEARTBEAT', epoch: state.epoch })
      state.candidates.clear()
      timer.start(state.delayMs)
    }

    /** The process with the lowest epoch; among equals the one with the highest rank. */
    const select = () => {
      const lowest = Math.min(...state.candidates.values())
      return processes.findLast((p) => state.candidates.get(p) === lowest)
    }

    trust(l0)
    state.epoch = (storage.retrieve()?.epoch ?? 0) + 1 // ⟨Init⟩ or ⟨Recovery⟩
    storage.store({ epoch: state.epoch })
    beginPeriod()

    upon(timer.timeout, () => {
      const newleader = select() ?? state.leader
      if (newleader !== undefined && newleader !== state.leader) {
        state.delayMs += options.delayMs
        trust(newleader)
      }
      beginPeriod()
    })

    upon(fll.deliver, 'HEARTBEAT', (q, { epoch }) => {
      if (epoch > (state.candidates.get(q) ?? 0)) state.candidates.set(q, epoch)
    })
  },
)
