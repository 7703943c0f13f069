import { BasicBroadcast } from '@upon/broadcast'
import { AtomicRegister, algorithm, type Payload, PerfectPointToPointLinks, type ProcessId } from '@upon/contract'

type Query = { kind: 'READ'; rid: number } | ({ kind: 'WRITE'; rid: number } & Stamped)
type Reply = ({ kind: 'VALUE'; rid: number } & Stamped) | { kind: 'ACK'; rid: number }

/** A value with the timestamp of its write. Timestamps are compared first, then the ranks of the writers. */
type Stamped = { readonly ts: number; readonly wr: number; readonly val: Payload | undefined }

const isNewer = (a: Stamped, b: Stamped) => a.ts > b.ts || (a.ts === b.ts && a.wr > b.wr)
const highest = (values: Iterable<Stamped>) => [...values].reduce((a, b) => (isNewer(b, a) ? b : a))

/**
 * Read-impose write-consult-majority: a write first asks a majority for the latest timestamp. A read imposes on a majority what it
 * is about to return.
 *
 * - Implements: AtomicRegister (nnar)
 * - Uses: PerfectPointToPointLinks (pl), BestEffortBroadcast (beb)
 * - Assumes: fail-silent, a majority of correct processes (f < N/2)
 * - Cost: a read or a write takes 4 steps and 4N messages
 * - Source: Algorithms 4.10 and 4.11, pages 168 and 169
 * - Departs from the text: acknowledgements are a set of processes and not a number, so that no process counts twice
 */
export const ReadImposeWriteConsultMajority = algorithm(
  {
    name: 'read-impose-write-consult-majority',
    implements: { nnar: AtomicRegister },
    uses: { pl: PerfectPointToPointLinks.of<Reply>(), beb: BasicBroadcast.of<Query>() },
    assumes: { processes: 'crash-stop', timing: 'asynchronous', resilience: 'f < N/2' },
    state: () => ({
      stored: { ts: 0, wr: 0, val: undefined } as Stamped,
      acks: new Set<ProcessId>(),
      writeval: undefined as Payload | undefined,
      rid: 0,
      readlist: new Map<ProcessId, Stamped>(),
      readval: undefined as Payload | undefined,
      reading: false,
    }),
  },
  ({ nnar, pl, beb, state, self, processes, rank, upon }) => {
    const isMajority = (quorum: { readonly size: number }) => quorum.size > processes.length / 2

    const consult = () => {
      state.rid += 1
      state.acks.clear()
      state.readlist.clear()
      beb.broadcast({ kind: 'READ', rid: state.rid })
    }

    upon(nnar.read, () => {
      state.reading = true
      consult()
    })

    upon(nnar.write, (v) => {
      state.writeval = v
      consult()
    })

    upon(beb.deliver, 'READ', (p, { rid }) => {
      pl.send(p, { kind: 'VALUE', rid, ...state.stored })
    })

    upon(pl.deliver, 'VALUE', (q, { rid, ts, wr, val }) => {
      if (rid !== state.rid) return
      state.readlist.set(q, { ts, wr, val })
      if (!isMajority(state.readlist)) return
      const max = highest(state.readlist.values())
      state.readlist.clear()
      state.readval = max.val
      if (state.reading)
        beb.broadcast({ kind: 'WRITE', rid, ...max }) // with the rank of its writer, not of this process
      else beb.broadcast({ kind: 'WRITE', rid, ts: max.ts + 1, wr: rank(self), val: state.writeval })
    })

    upon(beb.deliver, 'WRITE', (p, { rid, ts, wr, val }) => {
      if (isNewer({ ts, wr, val }, state.stored)) state.stored = { ts, wr, val }
      pl.send(p, { kind: 'ACK', rid }) // also if it was not newer: the writer waits for a majority
    })

    upon(pl.deliver, 'ACK', (q, { rid }) => {
      if (rid !== state.rid) return
      state.acks.add(q)
      if (!isMajority(state.acks)) return
      state.acks.clear()
      if (state.reading) {
        state.reading = false
        nnar.readReturn(state.readval)
      } else nnar.writeReturn()
    })
  },
)
