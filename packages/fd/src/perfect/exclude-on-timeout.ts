import { algorithm, PerfectFailureDetector, PerfectPointToPointLinks, type ProcessId, Timer } from '@upon/contract'
import type { Heartbeat } from '../eventually-perfect/increasing-timeout'

/**
 * Exclude on timeout: asks every process once per period, and detects, forever, those that have not answered at its end.
 *
 * - Implements: PerfectFailureDetector (pfd)
 * - Uses: PerfectPointToPointLinks (pl), Timer (timer)
 * - Assumes: a synchronous system (fail-stop); any number of crashes. A request and its answer together take less than `delayMs`, minus the
 *   time by which a timer may be early. Processes start less than `delayMs` apart. No process and no timer pauses for longer than that
 * - Cost: 2N² messages per period; a crash is detected within 2 periods
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
