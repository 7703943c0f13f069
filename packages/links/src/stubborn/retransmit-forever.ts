import { algorithm, FairLossPointToPointLinks, type Payload, type ProcessId, StubbornPointToPointLinks, Timer } from '@upon/contract'

/**
 * Retransmit forever: sends all that was ever sent again, once a period.
 *
 * - Implements: StubbornPointToPointLinks (sl)
 * - Uses: FairLossPointToPointLinks (fll), Timer (timer)
 * - Assumes: any failures of processes, no bounds (fail-silent); any number of crashes
 * - Cost: 1 step, 1 message, and 1 more in every period for ever
 * - Memory: every message ever sent. Stubborn delivery leaves no choice: what may be forgotten is `AtLeastOncePointToPointLinks`
 * - Source: Algorithm 2.1, page 36; Δ is `delayMs`
 * - Departs from the text: each period begins with another message. A buffer that is full loses the last of a burst, and would lose the
 *   same ones in every period, which is not fair
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
