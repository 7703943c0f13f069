import { algorithm, EventualLeaderDetector, FairLossPointToPointLinks, type ProcessId, StableStorage, Timer } from '@upon/contract'

/** "I am up, for the epoch-th time." */
export type EpochHeartbeat = { kind: 'HEARTBEAT'; epoch: number }

/**
 * Elect lower epoch: each process counts its starts, and tells the number to all once a period; trusted is who has started least
 * often among those heard of in the last period, of these the highest rank. Waits longer whenever it changes its mind.
 *
 * - Implements: EventualLeaderDetector (eld)
 * - Uses: StableStorage (storage), FairLossPointToPointLinks (fll), Timer (timer)
 * - Assumes: crash-recovery (fail-recovery) and partial synchrony; at least one correct process (f < N)
 * - Cost: N² messages a period; one store at each start
 * - Source: Algorithm 2.9, page 58; Δ is `delayMs`
 * - Departs from the text: a period in which nobody was heard of leaves the leader as it is, for select(∅) is undefined; an epoch lower
 *   than one heard of already is a late message, and does not count; and ⟨Init⟩ stores epoch 1 at once, not 0 before
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
      /** The highest epoch heard of in this period, of each process heard of. */
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

    /** Of the lowest epoch, the highest rank. */
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
