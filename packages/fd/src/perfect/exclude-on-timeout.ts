import { algorithm, PerfectFailureDetector, PerfectPointToPointLinks, type ProcessId, Timer } from '@upon/contract'
import type { Heartbeat } from '../eventually-perfect/increasing-timeout'

/**
 * Exclude on timeout: asks everybody once a period, and detects for ever who has not answered when it ends.
 *
 * - Implements: PerfectFailureDetector (pfd)
 * - Uses: PerfectPointToPointLinks (pl), Timer (timer)
 * - Assumes: a synchronous system (fail-stop); any number of crashes. Request and answer take less than `delayMs` together, by what a
 *   timer that is early leaves of it; processes start less than `delayMs` apart; no process and no timer stands still, and is late by more
 * - Cost: 2N² messages a period; a crash is detected within 2 periods
 * - Source: Algorithm 2.5, page 51; Δ is `delayMs`
 */
export const ExcludeOnTimeout = algorithm(
  {
    name: 'exclude-on-timeout',
    implements: { pfd: PerfectFailureDetector },
    uses: { pl: PerfectPointToPointLinks.of<Heartbeat>(), timer: Timer },
    assumes: { processes: 'crash-stop', timing: 'synchronous', resilience: 'f < N' },
    options: { delayMs: 100 },
    state: ({ processes }) => ({
      alive: new Set<ProcessId>(processes),
      detected: new Set<ProcessId>(),
    }),
  },
  ({ pfd, pl, timer, state, processes, options, upon }) => {
    timer.start(options.delayMs)

    upon(timer.timeout, () => {
      for (const p of processes) {
        if (!state.alive.has(p) && !state.detected.has(p)) {
          state.detected.add(p)
          pfd.crash(p)
        }
        pl.send(p, { kind: 'HEARTBEATREQUEST' })
      }
      state.alive.clear()
      timer.start(options.delayMs)
    })

    upon(pl.deliver, 'HEARTBEATREQUEST', (q) => {
      pl.send(q, { kind: 'HEARTBEATREPLY' })
    })

    upon(pl.deliver, 'HEARTBEATREPLY', (p) => {
      state.alive.add(p)
    })
  },
)
