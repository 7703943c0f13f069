import { AtLeastOncePointToPointLinks, algorithm, FairLossPointToPointLinks, type Payload, type ProcessId, Timer } from '@upon/contract'

/** `t` counts the transmissions to one process, repetitions too. It tells which transmission an acknowledgement is for. */
type Message = { kind: 'DATA'; n: number; t: number; m: Payload } | { kind: 'ACK'; n: number; t: number }

/** The messages under way to one process, numbered one after the other. */
interface Outgoing {
  /** The messages without an acknowledgement, by number, also those that wait for room in the window. */
  readonly messages: Map<number, Payload>
  /** The `t` of the last transmission of each message under way, in this order. */
  readonly underWay: Map<number, number>
  /** The highest number sent, and the highest number assigned. */
  sent: number
  last: number
  /** The `t` of the last transmission. */
  t: number
  /** How many periods to wait for an acknowledgement before the next transmission, and how many of them have passed. */
  patience: number
  waited: number
}

/**
 * Retransmit until acknowledged: retransmit forever, made practical. An acknowledgement ends the retransmission of its
 * message. So these links are stubborn only towards a process whose acknowledgements do not arrive. What remains of stubborn delivery
 * is that each message arrives at least once, and these links promise just that.
 *
 * - Implements: AtLeastOncePointToPointLinks (alo), with finitely many deliveries of each message
 * - Uses: FairLossPointToPointLinks (fll), Timer (timer)
 * - Assumes: fail-silent; any number of crashes. No correct process ever has `limit` messages waiting for it: such a process is taken for
 *   crashed and given up forever. A crashed process never comes back under its name, except with a higher `first`
 * - Cost: 1 step, 2 messages if none is lost. A message is sent again if a transmission more than `reordering` after it is
 *   acknowledged first. After a period without any acknowledgement, all messages under way to that process are sent again; from then on
 *   only the oldest, at intervals that double up to `maxDelayMs`. So a crashed process costs one message per `maxDelayMs` and at most
 *   `limit` messages in memory until it is given up, and then nothing
 * - Memory: the messages without an acknowledgement, at most `limit` per process. Nothing at the receiver
 * - Source: Algorithm 2.1, page 36, and the remarks on its performance on the same page
 * - Departs from the text: acknowledgements; a window of messages under way; losses recognised by later acknowledgements, and by time only
 *   where there are none; back-off; the timer rests while nothing is under way. `delayMs` is best about a round trip: a shorter one costs messages
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

    /** Sends again the transmissions before `t`, the oldest first, and at most so many. */
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
      out.waited = -1 // the next period is the first without an acknowledgement
      retransmit(q, Math.min(t, out.t) - Math.min(reordering, out.underWay.size), window)
      fillWindow(q)
    })
  },
)
