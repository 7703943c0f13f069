import { algorithm, FIFOPerfectPointToPointLinks, type Payload, PerfectPointToPointLinks, type ProcessId } from '@upon/contract'

type Numbered = { readonly sn: number; readonly m: Payload }
/** The number of the next message from a process, and the messages above it that came before their turn. */
type Incoming = { next: number; readonly pending: Map<number, Payload> }

/**
 * Sequence number: each process numbers its messages to each other process, which delivers them in the order of their numbers.
 *
 * - Implements: FIFOPerfectPointToPointLinks (fpl)
 * - Uses: PerfectPointToPointLinks (pl)
 * - Assumes: fail-silent; any number of crashes
 * - Cost: that of the links below: 1 step, 1 message
 * - Memory: two numbers for each process, and the messages that came before their turn
 * - Source: Algorithm 2.11, page 69
 * - Departs from the text: what is pending is kept by sender
 */
export const SequenceNumber = algorithm(
  {
    name: 'sequence-number',
    implements: { fpl: FIFOPerfectPointToPointLinks },
    uses: { pl: PerfectPointToPointLinks.of<Numbered>() },
    assumes: { processes: 'crash-stop', timing: 'asynchronous', resilience: 'f < N' },
    state: ({ processes }) => ({
      lsn: new Map<ProcessId, number>(processes.map((q) => [q, 0])),
      incoming: new Map<ProcessId, Incoming>(processes.map((p) => [p, { next: 1, pending: new Map() }])),
    }),
  },
  ({ fpl, pl, state, upon }) => {
    upon(fpl.send, (q, m) => {
      const sn = (state.lsn.get(q) as number) + 1
      state.lsn.set(q, sn)
      pl.send(q, { sn, m })
    })

    upon(pl.deliver, (p, { sn, m }) => {
      const incoming = state.incoming.get(p) as Incoming
      incoming.pending.set(sn, m)
      while (incoming.pending.has(incoming.next)) {
        const turn = incoming.pending.get(incoming.next) as Payload
        incoming.pending.delete(incoming.next)
        incoming.next += 1
        fpl.deliver(p, turn)
      }
    })
  },
)
