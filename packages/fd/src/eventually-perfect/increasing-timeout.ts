import { algorithm, EventuallyPerfectFailureDetector, PerfectPointToPointLinks, type ProcessId, Timer } from '@upon/contract'

/** The question "are you alive?", and its answer. */
export type Heartbeat = { kind: 'HEARTBEATREQUEST' } | { kind: 'HEARTBEATREPLY' }

/**
 * Increasing timeout: asks every process once per period, and suspects those that have not answered at its end. After a wrong
 * suspicion all later periods are longer.
 *
 * - Implements: EventuallyPerfectFailureDetector (epfd)
 * - Uses: PerfectPointToPointLinks (pl), Timer (timer)
 * - Assumes: partial synchrony (fail-noisy); any number of crashes
 * - Cost: 2N² messages per period
 * - Source: Algorithm 2.7, page 55; Δ is `delayMs`
 */
export const IncreasingTimeout = algorithm(
  {
    name: 'increasing-timeout',
    implements: { epfd: EventuallyPerfectFailureDetector },
    uses: { pl: PerfectPointToPointLinks.of<Heartbeat>(), timer: Timer },
    assumes: { processes: 'crash-stop', timing: 'eventually-synchronous', resilience: 'f < N' },
    options: { delayMs: 100 },
    state: ({ processes, options }) => ({
      alive: new Set<ProcessId>(processes),
      suspected: new Set<ProcessId>(),
      delayMs: options.delayMs,
    }),
  },
  ({ epfd, pl, timer, state, processes, options, upon }) => {
    timer.start(state.delayMs)

    upon(timer.timeout, () => {
      if ([...state.suspected].some((p) => state.alive.has(p))) state.delayMs += options.delayMs
      for (const p of processes) {
        if (!state.alive.has(p) && !state.suspected.has(p)) {
          state.suspected.add(p)
          epfd.suspect(p)
        } else if (state.alive.has(p) && state.suspected.has(p)) {
          state.suspected.delete(p)
          epfd.restore(p)
        }
        pl.send(p, { kind: 'HEARTBEATREQUEST' })
      }
      state.alive.clear()
      timer.start(state.delayMs)
    })

    upon(pl.deliver, 'HEARTBEATREQUEST', (q) => {
      pl.send(q, { kind: 'HEARTBEATREPLY' })
    })

    upon(pl.deliver, 'HEARTBEATREPLY', (p) => {
      state.alive.add(p)
    })
  },
)
