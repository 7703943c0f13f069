import { algorithm, type Payload, PerfectPointToPointLinks, type ProcessId } from '@upon/contract'
import { RetransmitUntilAcknowledged } from '../at-least-once/retransmit-until-acknowledged'

interface Numbered {
  readonly n: number
  readonly m: Payload
}

/** Which numbers have come from one process: all up to the highest but those in the gaps, which are in order and apart from each other. */
interface Delivered {
  highest: number
  readonly gaps: { readonly from: number; readonly to: number }[]
}

/** Notes that number n has come; false if it had come before. */
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
 * Eliminate duplicates: a message is delivered when it comes for the first time. Messages are told apart by sender and number, never by
 * what they say.
 *
 * - Implements: PerfectPointToPointLinks (pl)
 * - Uses: AtLeastOncePointToPointLinks (alo), of which stubborn links are a special case
 * - Assumes: fail-silent; any number of crashes. A process that crashed never comes back under its name, unless with a higher `first`:
 *   its numbers must go on above all that it used before, or its messages pass for duplicates
 * - Cost: that of the links below: over retransmit until acknowledged 1 step, 2 messages if none is lost
 * - Memory: two numbers for each gap. A gap is a message that has not come yet while a later one has, so there are no more of them than
 *   the sender has under way: over retransmit until acknowledged fewer than its `window`, whatever was delivered. One gap more stays for
 *   ever for each return with a higher `first`
 * - Source: Algorithm 2.2, page 38
 * - Departs from the text: the set `delivered`, which grows with every message, is kept as the gaps below the highest number; the key is
 *   (p, n) where the text relies on all messages being different; stubborn links are replaced by weaker ones, which are enough
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
