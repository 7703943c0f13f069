import { algorithm, type Payload, PerfectPointToPointLinks, type ProcessId } from '@upon/contract'
import { RetransmitUntilAcknowledged } from '../at-least-once/retransmit-until-acknowledged'

interface Numbered {
  readonly n: number
  readonly m: Payload
}

/** The numbers received from one process: all up to the highest, except those in the gaps. The gaps are in order and do not touch. */
interface Delivered {
  highest: number
  readonly gaps: { readonly from: number; readonly to: number }[]
}

/** Adds number n. False if it was there before. */
function note(delivered: Delivered, n: number): boolean {
  const { highest, gaps } = delivered
  if (n > highest) {
    if (n > highest + 1) gaps.push({ from: highest + 1, to: n - 1 })
    delivered.highest = n
    return true
  }
  const i = gaps.findLastIndex(({ from }) => from <= n)
  const gap = gaps[i]
  if (gap === undefined || n > gap.to) return false
  const left = { from: gap.from, to: n - 1 }
  const right = { from: n + 1, to: gap.to }
  gaps.splice(i, 1, ...[left, right].filter(({ from, to }) => from <= to))
  return true
}

/**
 * Eliminate duplicates: delivers a message when it arrives for the first time. Sender and number identify a message, never its
 * content.
 *
 * - Implements: PerfectPointToPointLinks (pl)
 * - Uses: AtLeastOncePointToPointLinks (alo), of which stubborn links are a special case
 * - Assumes: fail-silent; any number of crashes. A crashed process never comes back under its name, except with a higher `first`:
 *   its numbers must be above all that it used before, or its messages are taken for duplicates
 * - Cost: that of the links below: over retransmit until acknowledged 1 step, 2 messages if none is lost
 * - Memory: two numbers per gap. A gap is a message that has not arrived while a later one has, so there are at most as many gaps as
 *   the sender has messages under way: over retransmit until acknowledged fewer than its `window`, however many were delivered. Each
 *   return with a higher `first` leaves one more gap forever
 * - Source: Algorithm 2.2, page 38
 * - Departs from the text: the set `delivered` grows with every message, so it is kept as the gaps below the highest number. The key is
 *   (p, n), where the text assumes that all messages are different. Weaker links replace stubborn ones, because they are enough
 */
export const EliminateDuplicates = algorithm(
  {
    name: 'eliminate-duplicates',
    implements: { pl: PerfectPointToPointLinks },
    uses: { alo: RetransmitUntilAcknowledged.of<Numbered>() },
    assumes: { processes: 'crash-stop', timing: 'asynchronous', resilience: 'f < N' },
    options: { first: 1 },
    state: ({ processes, options }) => ({
      lastSent: new Map<ProcessId, number>(processes.map((q) => [q, options.first - 1])),
      delivered: new Map<ProcessId, Delivered>(processes.map((p) => [p, { highest: 0, gaps: [] }])),
    }),
  },
  ({ pl, alo, state, upon }) => {
    upon(pl.send, (q, m) => {
      const n = (state.lastSent.get(q) as number) + 1
      state.lastSent.set(q, n)
      alo.send(q, { n, m })
    })

    upon(alo.deliver, (p, { n, m }) => {
      if (note(state.delivered.get(p) as Delivered, n)) pl.deliver(p, m)
    })
  },
)
