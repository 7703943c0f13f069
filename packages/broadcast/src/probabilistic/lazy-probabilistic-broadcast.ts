import {
  algorithm,
  FairLossPointToPointLinks,
  increasing,
  type Payload,
  ProbabilisticBroadcast,
  type ProcessId,
  RandomSource,
  Timer,
} from '@upon/contract'
import { EagerProbabilisticBroadcast } from './eager-probabilistic-broadcast'
import { pickTargets } from './pick-targets'

type Data = { readonly sn: number; readonly m: Payload }
type Request = { readonly kind: 'REQUEST'; readonly q: ProcessId; readonly s: ProcessId; readonly sn: number; readonly r: number }
type Answer = { readonly kind: 'DATA'; readonly s: ProcessId; readonly sn: number; readonly m: Payload }
/** The number of a process's next message, and the messages above it that came before their turn. */
type Incoming = { next: number; readonly pending: Map<number, Payload> }

const idOf = (s: ProcessId, sn: number) => `${s} ${sn}`

/**
 * Lazy probabilistic broadcast: an unreliable broadcast carries each message, and a process that sees a gap in the numbers of a sender asks
 * others, drawn at random, for what is missing.
 *
 * - Implements: ProbabilisticBroadcast (pb); each process delivers the messages of a sender in their order, with gaps
 * - Uses: ProbabilisticBroadcast (upb), FairLossPointToPointLinks (fll), RandomSource (random), Timer (timer, one instance per gap)
 * - Assumes: fail-silent; any number of crashes
 * - Cost: that of upb, over eager probabilistic broadcast with all as targets and 2 rounds 1 step, N² - N messages; up to k + ... + kᴿ more for
 *   each message that a process misses
 * - Memory: the messages stored, which are never removed, and those that wait for a gap to be filled
 * - Source: Algorithms 3.10 and 3.11, pages 98 and 99
 * - Departs from the text:
 *   - A process stores a message with the probability that the prose gives, where the code takes the opposite.
 *   - When a process gives up a gap, it delivers what it has up to there, in order, where the text drops it (as the book says a better version
 *     should).
 */
export const LazyProbabilisticBroadcast = algorithm(
  {
    name: 'lazy-probabilistic-broadcast',
    implements: { pb: ProbabilisticBroadcast },
    uses: {
      upb: EagerProbabilisticBroadcast.of<Data>(),
      fll: FairLossPointToPointLinks.of<Request | Answer>(),
      random: RandomSource,
      timer: increasing(Timer),
    },
    assumes: { processes: 'crash-stop', timing: 'asynchronous', resilience: 'f < N' },
    options: {
      /** The book's k: how many others get a request. */
      fanout: 3,
      /** The book's R: how often a request is passed on. */
      rounds: 3,
      /** Each process stores a message with probability 1 in so many: 1/α. */
      storedByOneOf: 2,
      /** The book's Δ: how long a process waits for what is missing. */
      delayMs: 500,
    },
    state: ({ processes }) => ({
      lsn: 0,
      gaps: 0,
      incoming: new Map<ProcessId, Incoming>(processes.map((s) => [s, { next: 1, pending: new Map() }])),
      stored: new Map<string, Payload>(),
      waiting: new Map<number, { readonly s: ProcessId; readonly sn: number }>(),
    }),
  },
  ({ pb, upb, fll, random, timer, state, self, processes, options, upon }) => {
    const gossip = (request: Request) => {
      for (const t of pickTargets(processes, self, options.fanout, random.below)) fll.send(t, request)
    }

    const deliverInTurn = (s: ProcessId, from: Incoming) => {
      while (from.pending.has(from.next)) {
        const m = from.pending.get(from.next) as Payload
        from.pending.delete(from.next)
        from.next += 1
        pb.deliver(s, m)
      }
    }

    const waitFor = (s: ProcessId, sn: number) => {
      state.gaps += 1
      state.waiting.set(state.gaps, { s, sn })
      timer.create(state.gaps)
      timer.start(state.gaps, options.delayMs)
    }

    upon(pb.broadcast, (m) => {
      state.lsn += 1
      upb.broadcast({ sn: state.lsn, m })
    })

    upon(upb.deliver, (s, { sn, m }) => {
      if (random.below(options.storedByOneOf) === 0) state.stored.set(idOf(s, sn), m)
      const from = state.incoming.get(s) as Incoming
      if (sn < from.next) return
      from.pending.set(sn, m)
      deliverInTurn(s, from)
      if (sn < from.next) return
      for (let missing = from.next; missing < sn; missing++)
        if (!from.pending.has(missing)) gossip({ kind: 'REQUEST', q: self, s, sn: missing, r: options.rounds - 1 })
      waitFor(s, sn)
    })

    upon(fll.deliver, 'REQUEST', (_p, { q, s, sn, r }) => {
      const m = state.stored.get(idOf(s, sn))
      if (m !== undefined) fll.send(q, { kind: 'DATA', s, sn, m })
      else if (r > 0) gossip({ kind: 'REQUEST', q, s, sn, r: r - 1 })
    })

    upon(fll.deliver, 'DATA', (_p, { s, sn, m }) => {
      const from = state.incoming.get(s) as Incoming
      if (sn < from.next) return
      from.pending.set(sn, m)
      deliverInTurn(s, from)
    })

    upon(timer.timeout, (gap) => {
      const { s, sn } = state.waiting.get(gap) as { s: ProcessId; sn: number }
      state.waiting.delete(gap)
      timer.dispose(gap)
      const from = state.incoming.get(s) as Incoming
      while (from.next < sn)
        if (from.pending.has(from.next)) deliverInTurn(s, from)
        else from.next += 1
      deliverInTurn(s, from)
    })
  },
)
