import { AtLeastOncePointToPointLinks, algorithm, FairLossPointToPointLinks, type Payload, type ProcessId, Timer } from '@upon/contract'

type Message = { kind: 'DATA'; n: number; m: Payload } | { kind: 'ACK'; n: number }

/** What is under way to one process. Its messages have numbers of their own, one after the other. */
interface Outgoing {
  /** Those without an acknowledgement, by number. */
  readonly messages: Map<number, Payload>
  /** The lowest number without an acknowledgement; the highest sent; the highest given. */
  lowest: number
  sent: number
  last: number
  /** How many periods to wait for an acknowledgement before sending again, and how many of them have passed. */
  patience: number
  waited: number
}

/**
 * Retransmit until acknowledged: retransmit forever, of use in practice. Each message is answered by an acknowledgement, which ends its
 * retransmission. So these links are stubborn only towards a process whose acknowledgements do not come; of stubborn delivery there
 * remains that each message arrives at least once, and that is what is promised.
 *
 * - Implements: AtLeastOncePointToPointLinks (alo), with finitely many deliveries of each message
 * - Uses: FairLossPointToPointLinks (fll), Timer (timer)
 * - Assumes: fail-silent; any number of crashes. No correct process ever has `limit` messages waiting for it: one that has is taken for
 *   crashed and given up for good. A process that crashed never comes back under its name, unless with a higher `first`
 * - Cost: 1 step, 2 messages if none is lost. Without an acknowledgement for a period, all under way to that process is sent again; from
 *   then on the oldest message alone, at intervals that double up to `maxDelayMs`. So a crashed process costs a message each `maxDelayMs`
 *   and at most `limit` in memory until it is given up, and then nothing
 * - Memory: what is not acknowledged, at most `limit` messages for each process. Nothing at the receiver
 * - Source: Algorithm 2.1, page 36, and the remarks on its performance on the same page
 * - Departs from the text: acknowledgements; a window of messages under way; back-off; the timer stands still while nothing is under way
 */
export const RetransmitUntilAcknowledged = algorithm(
  {
    name: 'retransmit-until-acknowledged',
    implements: { alo: AtLeastOncePointToPointLinks },
    uses: { fll: FairLossPointToPointLinks.of<Message>(), timer: Timer },
    assumes: { model: 'fail-silent', resilience: 'f < N' },
    options: { delayMs: 50, maxDelayMs: 5_000, window: 256, limit: 100_000, first: 1 },
    state: ({ processes, options: { first } }) => ({
      outgoing: new Map<ProcessId, Outgoing>(
        processes.map((q) => [q, { messages: new Map(), lowest: first, sent: first - 1, last: first - 1, patience: 1, waited: 0 }]),
      ),
      givenUp: new Set<ProcessId>(),
      ticking: false,
    }),
  },
  ({ alo, fll, timer, state, processes, options, upon }) => {
    const { window, limit } = options
    const mostPatience = Math.ceil(options.maxDelayMs / options.delayMs)
    const to = (q: ProcessId) => state.outgoing.get(q) as Outgoing

    const transmit = (q: ProcessId, n: number) => {
      const m = to(q).messages.get(n)
      if (m !== undefined) fll.send(q, { kind: 'DATA', n, m })
    }

    const fillWindow = (q: ProcessId) => {
      const out = to(q)
      while (out.sent < out.last && out.sent < out.lowest + window - 1) transmit(q, ++out.sent)
    }

    const retransmit = (q: ProcessId) => {
      const out = to(q)
      const upTo = out.patience === 1 ? out.sent : out.lowest
      for (let n = out.lowest; n <= upTo; n++) transmit(q, n)
    }

    upon(alo.send, (q, m) => {
      const out = to(q)
      if (state.givenUp.has(q)) return
      if (out.messages.size >= limit) {
        out.messages.clear()
        state.givenUp.add(q)
        return
      }
      out.messages.set(++out.last, m)
      fillWindow(q)
      if (!state.ticking) timer.start(options.delayMs)
      state.ticking = true
    })

    upon(timer.timeout, () => {
      const waiting = processes.filter((q) => to(q).messages.size > 0)
      for (const q of waiting) {
        const out = to(q)
        if (++out.waited < out.patience) continue
        retransmit(q)
        out.waited = 0
        out.patience = Math.min(2 * out.patience, mostPatience)
      }
      state.ticking = waiting.length > 0
      if (state.ticking) timer.start(options.delayMs)
    })

    upon(fll.deliver, 'DATA', (p, { n, m }) => {
      fll.send(p, { kind: 'ACK', n })
      alo.deliver(p, m)
    })

    upon(fll.deliver, 'ACK', (q, { n }) => {
      const out = to(q)
      if (!out.messages.delete(n)) return
      while (out.lowest <= out.sent && !out.messages.has(out.lowest)) out.lowest++
      out.patience = 1
      fillWindow(q)
    })
  },
)
