import { BasicBroadcast } from '@upon/broadcast'
import { algorithm, type Payload, PerfectPointToPointLinks, type ProcessId, RegularRegister } from '@upon/contract'

type Query = { kind: 'READ'; rid: number } | ({ kind: 'WRITE' } & Stamped)
type Reply = ({ kind: 'VALUE'; rid: number } & Stamped) | { kind: 'ACK'; ts: number }

/** A value with the timestamp of its write. */
type Stamped = { readonly ts: number; readonly val: Payload | undefined }

const highest = (values: Iterable<Stamped>) => [...values].reduce((a, b) => (b.ts > a.ts ? b : a))

/**
 * Majority voting: a write reaches a majority, and a read asks a majority. The two have a process in common.
 *
 * - Implements: RegularRegister (onrr)
 * - Uses: PerfectPointToPointLinks (pl), BestEffortBroadcast (beb)
 * - Assumes: fail-silent, a majority of correct processes (f < N/2)
 * - Cost: a read or a write takes 2 steps and 2N messages
 * - Source: Algorithm 4.2, page 147
 * - Departs from the text: acknowledgements are a set of processes and not a number, so that no process counts twice
 */
export const MajorityVoting = algorithm(
  {
    name: 'majority-voting',
    implements: { onrr: RegularRegister },
    uses: { pl: PerfectPointToPointLinks.of<Reply>(), beb: BasicBroadcast.of<Query>() },
    assumes: { processes: 'crash-stop', timing: 'asynchronous', resilience: 'f < N/2' },
    state: () => ({
      stored: { ts: 0, val: undefined } as Stamped,
      wts: 0,
      acks: new Set<ProcessId>(),
      rid: 0,
      readlist: new Map<ProcessId, Stamped>(),
    }),
  },
  ({ onrr, pl, beb, state, processes, upon }) => {
    const isMajority = (quorum: { readonly size: number }) => quorum.size > processes.length / 2

    upon(onrr.write, (v) => {
      state.wts += 1
      state.acks.clear()
      beb.broadcast({ kind: 'WRITE', ts: state.wts, val: v })
    })

    upon(beb.deliver, 'WRITE', (p, { ts, val }) => {
      if (ts > state.stored.ts) state.stored = { ts, val }
      pl.send(p, { kind: 'ACK', ts })
    })

    upon(pl.deliver, 'ACK', (q, { ts }) => {
      if (ts !== state.wts) return
      state.acks.add(q)
      if (!isMajority(state.acks)) return
      state.acks.clear()
      onrr.writeReturn()
    })

    upon(onrr.read, () => {
      state.rid += 1
      state.readlist.clear()
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
      onrr.readReturn(max.val)
    })
  },
)
