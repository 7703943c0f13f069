import { AtLeastOncePointToPointLinks, algorithm, FairLossPointToPointLinks, type Payload, type ProcessId, Timer } from '@upon/contract'

/** `t` counts what goes to one process, repetitions too: it tells which of them an acknowledgement is for. */
type Message = { kind: 'DATA'; n: number; t: number; m: Payload } | { kind: 'ACK'; n: number; t: number }

/** What is under way to one process. Its messages have numbers of their own, one after the other. */
interface Outgoing {
  /** Those without an acknowledgement, by number, also those that wait for room in the window. */
  readonly messages: Map<number, Payload>
  /** When each of those under way was sent last, as its `t`: in this order. */
  readonly underWay: Map<number, number>
  /** The highest number sent, and the highest given. */
  sent: number
  last: number
  /** The `t` of what went last. */
  t: number
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
 * - Cost: 1 step, 2 messages if none is lost. A message is sent again when what went more than `reordering` messages after it is
 *   acknowledged first; and without any acknowledgement for a period, all under way to that process: from then on the oldest message
 *   alone, at intervals that double up to `maxDelayMs`. So a crashed process costs a message each `maxDelayMs` and at most `limit` in
 *   memory until it is given up, and then nothing
 * - Memory: what is not acknowledged, at most `limit` messages for each process. Nothing at the receiver
 * - Source: Algorithm 2.1, page 36, and the remarks on its performance on the same page
 * - Departs from the text: acknowledgements; a window of messages under way; losses told by what is acknowledged, and by time only where
 *   nothing is; back-off; the timer stands still while nothing is under way. `delayMs` is best about a round trip: a shorter one costs messages
 */
export const RetransmitUntilAcknowledged = algorithm(
  {
    name: 'retransmit-until-acknowledged',
    implements: { alo: AtLeastOncePointToPointLinks },
    uses: { fll: FairLossPointToPointLinks.of<Message>(), timer: Timer },
    assumes: { processes: 'crash-stop', timing: 'asynchronous', resilience: 'f < N' },
    options: { delayMs: 10, maxDelayMs: 5_000, window: 256, reordering: 3, limit: 100_000, first: 1 },
    state: ({ processes, options: { first } }) => ({
      outgoing: new Map<ProcessId, Outgoing>(
        processes.map((q) => {
          const none = { messages: new Map(), underWay: new Map(), sent: first - 1, last: first - 1, t: 0 }
          return [q, { ...none, patience: 1, waited: 0 }]
        }),
      ),
      givenUp: new Set<ProcessId>(),
      ticking: false,
    }),
  },
  ({ alo, fll, timer, state, processes, options, upon }) => {
    const { window, limit, reordering } = options
    const mostPatience = Math.ceil(options.maxDelayMs / options.delayMs)
    const to = (q: ProcessId) => state.outgoing.get(q) as Outgoing

    const transmit = (q: ProcessId, n: number) => {
      const out = to(q)
      out.underWay.delete(n)
      out.underWay.set(n, ++out.t)
      fll.send(q, { kind: 'DATA', n, t: out.t, m: out.messages.get(n) as Payload })
    }

    const fillWindow = (q: ProcessId) => {
      const out = to(q)
      while (out.sent < out.last && out.underWay.size < window) transmit(q, ++out.sent)
    }

    /** Sends again what went before `t`, the oldest first, and at most so many. */
    const retransmit = (q: ProcessId, before: number, most: number) => {
      let left = most
      for (const [n, t] of to(q).underWay) {
        if (!(t < before) || left-- === 0) return
        transmit(q, n)
      }
    }

    upon(alo.send, (q, m) => {
      const out = to(q)
      if (state.givenUp.has(q)) return
      if (out.messages.size >= limit) {
        out.messages.clear()
        out.underWay.clear()
        state.givenUp.add(q)
        return
      }
      out.messages.set(++out.last, m)
      fillWindow(q)
      if (!state.ticking) timer.start(options.delayMs)
      state.ticking = true
    })

    upon(timer.timeout, () => {
      const waiting = processes.filter((q) => to(q).underWay.size > 0)
      for (const q of waiting) {
        const out = to(q)
        if (++out.waited < out.patience) continue
        retransmit(q, out.t + 1, out.patience === 1 ? window : 1)
        out.waited = 0
        out.patience = Math.min(2 * out.patience, mostPatience)
      }
      state.ticking = waiting.length > 0
      if (state.ticking) timer.start(options.delayMs)
    })

    upon(fll.deliver, 'DATA', (p, { n, t, m }) => {
      fll.send(p, { kind: 'ACK', n, t })
      alo.deliver(p, m)
    })

    upon(fll.deliver, 'ACK', (q, { n, t }) => {
      const out = to(q)
      if (n < options.first || n > out.sent) return
      out.messages.delete(n)
      out.underWay.delete(n)
      out.patience = 1
      out.waited = -1 // a period without anything begins with the next
      retransmit(q, Math.min(t, out.t) - Math.min(reordering, out.underWay.size), window)
      fillWindow(q)
    })
  },
)
