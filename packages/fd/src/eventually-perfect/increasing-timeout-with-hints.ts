import {
  algorithm,
  ConnectionWatch,
  EventuallyPerfectFailureDetector,
  PerfectPointToPointLinks,
  type ProcessId,
  Timer,
} from '@upon/contract'
import type { Heartbeat } from './increasing-timeout'

/**
 * Increasing timeout that also takes hints: if a process refuses connections, it is suspected at once, before the
 * period ends. The detector ignores hints about a process after a few of them were wrong. So a correct process
 * whose connections come and go is suspected finitely often, and eventual accuracy rests on the time-outs as before. Any message
 * from a process counts as its answer.
 *
 * - Implements: EventuallyPerfectFailureDetector (epfd)
 * - Uses: PerfectPointToPointLinks (pl), Timer (timer), ConnectionWatch (watch)
 * - Assumes: partial synchrony (fail-noisy); any number of crashes
 * - Cost: 2N² messages per period; a hint costs no message
 * - Source: Algorithm 2.7, page 55; the hints are ours
 * - Departs from the text: the handlers of `refused` and `alive`
 */
export const IncreasingTimeoutWithHints = algorithm(
  {
    name: 'increasing-timeout-with-hints',
    implements: { epfd: EventuallyPerfectFailureDetector },
    uses: { pl: PerfectPointToPointLinks.of<Heartbeat>(), timer: Timer, watch: ConnectionWatch },
    assumes: { processes: 'crash-stop', timing: 'eventually-synchronous', resilience: 'f < N' },
    options: { delayMs: 100, wrongHintsLimit: 3 },
    state: ({ processes, options }) => ({
      alive: new Set<ProcessId>(processes),
      suspected: new Set<ProcessId>(),
      hinted: new Set<ProcessId>(),
      wrongHints: new Map<ProcessId, number>(),
      delayMs: options.delayMs,
    }),
  },
  ({ epfd, pl, timer, watch, state, processes, options, upon }) => {
    const wrongHintsAbout = (p: ProcessId) => state.wrongHints.get(p) ?? 0

    timer.start(state.delayMs)

    upon(timer.timeout, () => {
      if ([...state.suspected].some((p) => state.alive.has(p) && !state.hinted.has(p))) state.delayMs += options.delayMs
      for (const p of processes) {
        if (!state.alive.has(p) && !state.suspected.has(p)) {
          state.suspected.add(p)
          epfd.suspect(p)
        } else if (state.alive.has(p) && state.suspected.has(p)) {
          state.suspected.delete(p)
          if (state.hinted.delete(p)) state.wrongHints.set(p, wrongHintsAbout(p) + 1)
          epfd.restore(p)
        }
        pl.send(p, { kind: 'HEARTBEATREQUEST' })
      }
      state.alive.clear()
      timer.start(state.delayMs)
    })

    upon(watch.refused, (p) => {
      if (state.suspected.has(p) || wrongHintsAbout(p) >= options.wrongHintsLimit) return
      state.alive.delete(p) // an answer that came before does not count
      state.suspected.add(p)
      state.hinted.add(p)
      epfd.suspect(p)
    })

    upon(watch.alive, (p) => {
      state.alive.add(p)
    })

    upon(pl.deliver, 'HEARTBEATREQUEST', (q) => {
      pl.send(q, { kind: 'HEARTBEATREPLY' })
    })

    upon(pl.deliver, 'HEARTBEATREPLY', (p) => {
      state.alive.add(p)
    })
  },
)
