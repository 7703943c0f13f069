import { BasicBroadcast } from '@upon/broadcast'
import { algorithm, OneNAtomicRegister, type Payload, PerfectPointToPointLinks, type ProcessId } from '@upon/contract'

type Query = { kind: 'READ'; rid: number } | ({ kind: 'WRITE'; rid: number } & Stamped)
type Reply = ({ kind: 'VALUE'; rid: number } & Stamped) | { kind: 'ACK'; rid: number }

/** A value with the timestamp of its write. */
type Stamped = { readonly ts: number; readonly val: Payload | undefined }

const highest = (values: Iterable<Stamped>) => [...values].reduce((a, b) => (b.ts > a.ts ? b : a))

/**
 * Read-impose write-majority: a write reaches a majority. A read asks a majority, and imposes on a majority what it is about to return.
 *
 * - Implements: OneNAtomicRegister (onar)
 * - Uses: PerfectPointToPointLinks (pl), BestEffortBroadcast (beb)
 * - Assumes: fail-silent, a majority of correct processes (f < N/2)
 * - Cost: a read takes 4 steps and 4N messages, a write 2 steps and 2N messages
 * - Source: Algorithms 4.6 and 4.7, pages 158 and 159
 * - Departs from the text: acknowledgements are a set of processes and not a number, so that no process counts twice
 */
export const ReadImposeWriteMajority = algorithm(
  {
    name: 'read-impose-write-majority',
    implements: { onar: OneNAtomicRegister },
    uses: { pl: PerfectPointToPointLinks.of<Reply>(), beb: BasicBroadcast.of<Query>() },
    assumes: { processes: 'crash-stop', timing: 'asynchronous', resilience: 'f < N/2' },
    state: () => ({
      stored: { ts: 0, val: undefined } as Stamped,
      wts: 0,
      acks: new Set<ProcessId>(),
      rid: 0,
      readlist: new Map<ProcessId, Stamped>(),
      readval: undefined as Payload | undefined,
      reading: false,
    }),
  },
  ({ onar, pl, beb, state, processes, upon }) => {
    const isMajority = (quorum: { readonly size: number }) => quorum.size > processes.length / 2

    upon(onar.read, () => {
      state.rid += 1
      state.acks.clear()
      state.readlist.clear()
      state.reading = true
      beb.broadcast({ kind: 'READ', rid: state.rid })
    })

    upon(beb.deliver, 'READ', (p, { rid }) => {
      pl.send(p, { kind: 'VALUE', rid, ...state.stored })
    })

    upon(pl.deliver, 'VALUE', (q, { rid, ts, val }) => {
      if (rid !== state.rid) return
      state.readlist.set(q, { ts, val })
      if (!isMajority(state.readlist)) return
      const max = highest(state.readlist.values())
      state.readlist.clear()
      state.readval = max.val
      beb.broadcast({ kind: 'WRITE', rid, ...max })
    })

    upon(onar.write, (v) => {
      state.rid += 1
      state.wts += 1
      state.acks.clear()
      beb.broadcast({ kind: 'WRITE', rid: state.rid, ts: state.wts, val: v })
    })

    upon(beb.deliver, 'WRITE', (p, { rid, ts, val }) => {
      if (ts > state.stored.ts) state.stored = { ts, val }
      pl.send(p, { kind: 'ACK', rid }) // also if it was not newer: most processes already have what a read imposes
    })

    upon(pl.deliver, 'ACK', (q, { rid }) => {
      if (rid !== state.rid) return
      state.acks.add(q)
      if (!isMajority(state.acks)) return
      state.acks.clear()
      if (state.reading) {
        state.reading = false
        onar.readReturn(state.readval)
      } else onar.writeReturn()
    })
  },
)
