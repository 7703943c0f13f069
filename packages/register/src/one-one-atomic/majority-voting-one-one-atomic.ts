import { BasicBroadcast } from '@upon/broadcast'
import { algorithm, OneOneAtomicRegister, type Payload, PerfectPointToPointLinks, type ProcessId } from '@upon/contract'

type Query = { kind: 'READ'; rid: number } | ({ kind: 'WRITE' } & Stamped)
type Reply = ({ kind: 'VALUE'; rid: number } & Stamped) | { kind: 'ACK'; ts: number }

/** A value with the timestamp of its write. */
type Stamped = { readonly ts: number; readonly val: Payload | undefined }

const highest = (values: Iterable<Stamped>) => [...values].reduce((a, b) => (b.ts > a.ts ? b : a))

/**
 * Majority voting, made (1,1) atomic: the reader is always in the majority that it asks, and stores what it returns. So it never
 * returns an older value.
 *
 * - Implements: OneOneAtomicRegister (ooar)
 * - Uses: PerfectPointToPointLinks (pl), BestEffortBroadcast (beb)
 * - Assumes: fail-silent, a majority of correct processes (f < N/2)
 * - Cost: a read takes 2 steps and 2N - 1 messages, a write 2 steps and 2N messages
 * - Source: Algorithm 4.20, page 196
 * - Departs from the text: acknowledgements are a set of processes and not a number, so that no process counts twice
 */
export const MajorityVotingOneOneAtomic = algorithm(
  {
    name: 'majority-voting-one-one-atomic',
    implements: { ooar: OneOneAtomicRegister },
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
  ({ ooar, pl, beb, state, self, processes, upon, when }) => {
    const isMajority = (quorum: { readonly size: number }) => quorum.size > processes.length / 2

    upon(ooar.write, (v) => {
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
      ooar.writeReturn()
    })

    upon(ooar.read, () => {
      state.rid += 1
      state.readlist.clear()
      state.readlist.set(self, state.stored)
      beb.broadcast({ kind: 'READ', rid: state.rid })
    })

    upon(beb.deliver, 'READ', (p, { rid }) => {
      if (p !== self) pl.send(p, { kind: 'VALUE', rid, ...state.stored })
    })

    upon(pl.deliver, 'VALUE', (q, { rid, ts, val }) => {
      if (rid === state.rid) state.readlist.set(q, { ts, val })
    })

    when(
      () => isMajority(state.readlist),
      () => {
        state.stored = highest([...state.readlist.values(), state.stored])
        state.readlist.clear()
        ooar.readReturn(state.stored.val)
      },
    )
  },
)
