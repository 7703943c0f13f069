import { algorithm, FairLossPointToPointLinks, type Payload, type ProcessId, StubbornPointToPointLinks, Timer } from '@upon/contract'

/**
 * Retransmit forever: sends every message again, once per period.
 *
 * - Implements: StubbornPointToPointLinks (sl)
 * - Uses: FairLossPointToPointLinks (fll), Timer (timer)
 * - Assumes: any failures of processes, no bounds (fail-silent); any number of crashes
 * - Cost: 1 step, 1 message, and 1 more in each period forever
 * - Memory: every message ever sent. Stubborn delivery demands it; links that may forget messages are `AtLeastOncePointToPointLinks`
 * - Source: Algorithm 2.1, page 36; Δ is `delayMs`
 * - Departs from the text: each period begins with a different message. A full buffer loses the last messages of a burst. It would lose the
 *   same messages in every period, which is not fair
 */
export const RetransmitForever = algorithm(
  {
    name: 'retransmit-forever',
    implements: { sl: StubbornPointToPointLinks },
    uses: { fll: FairLossPointToPointLinks.of<Payload>(), timer: Timer },
    assumes: { processes: 'any', timing: 'asynchronous', resilience: 'f < N' },
    options: { delayMs: 100 },
    state: () => ({
      sent: [] as { readonly q: ProcessId; readonly m: Payload }[],
    }),
  },
  ({ sl, fll, timer, state, options, upon }) => {
    timer.start(options.delayMs)

    upon(timer.timeout, () => {
      for (const { q, m } of state.sent) fll.send(q, m)
      state.sent.push(...state.sent.splice(0, 1))
      timer.start(options.delayMs)
    })

    upon(sl.send, (q, m) => {
      fll.send(q, m)
      state.sent.push({ q, m })
    })

    upon(fll.deliver, (p, m) => {
      sl.deliver(p, m)
    })
  },
)
