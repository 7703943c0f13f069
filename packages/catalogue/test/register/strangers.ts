import { BasicBroadcast } from '@upon/broadcast'
import { atomicRegister, oneNAtomicRegister, regularRegister } from '@upon/compliance'
import {
  AtomicRegister,
  algorithm,
  OneNAtomicRegister,
  type Payload,
  PerfectPointToPointLinks,
  type ProcessId,
  RegularRegister,
  Timer,
} from '@upon/contract'
import { MajorityVoting } from '@upon/register'
import { stranger } from '../proofs/stranger'

type Stamped = { readonly ts: number; readonly wr: number; readonly val: Payload | undefined }
type Query = { kind: 'READ'; rid: number } | ({ kind: 'WRITE'; rid: number } & Stamped)
type Reply = ({ kind: 'VALUE'; rid: number } & Stamped) | { kind: 'ACK'; rid: number }

const assumes = { processes: 'crash-stop', timing: 'asynchronous', resilience: 'f < N/2' } as const
const INITIAL: Stamped = { ts: 0, wr: 0, val: undefined }
const isNewer = (a: Stamped, b: Stamped) => a.ts > b.ts || (a.ts === b.ts && a.wr > b.wr)

/** Acknowledges first, and stores when there is time. */
const storesLate = algorithm(
  {
    name: 'stores-late',
    implements: { nnar: AtomicRegister },
    uses: { pl: PerfectPointToPointLinks.of<Reply>(), beb: BasicBroadcast.of<Query>(), timer: Timer },
    assumes,
    state: () => ({
      stored: INITIAL,
      later: [] as Stamped[],
      rid: 0,
      mine: undefined as { readonly val: Payload } | undefined,
      values: new Map<ProcessId, Stamped>(),
      acks: new Set<ProcessId>(),
      max: INITIAL,
    }),
  },
  ({ nnar, pl, beb, timer, state, rank, self, processes, upon }) => {
    const isMajority = ({ size }: { readonly size: number }) => size > processes.length / 2
    const begin = (mine: typeof state.mine) => {
      state.mine = mine
      state.rid += 1
      state.values.clear()
      state.acks.clear()
      beb.broadcast({ kind: 'READ', rid: state.rid })
    }
    upon(nnar.read, () => begin(undefined))
    upon(nnar.write, (val) => begin({ val }))
    upon(beb.deliver, 'READ', (p, { rid }) => pl.send(p, { kind: 'VALUE', rid, ...state.stored }))
    upon(pl.deliver, 'VALUE', (q, { rid, ts, wr, val }) => {
      if (rid !== state.rid || isMajority(state.values)) return
      state.values.set(q, { ts, wr, val })
      if (!isMajority(state.values)) return
      state.max = [...state.values.values()].reduce((a, b) => (isNewer(b, a) ? b : a))
      if (state.mine !== undefined) state.max = { ts: state.max.ts + 1, wr: rank(self), val: state.mine.val }
      beb.broadcast({ kind: 'WRITE', rid, ...state.max })
    })
    upon(beb.deliver, 'WRITE', (p, { rid, ts, wr, val }) => {
      pl.send(p, { kind: 'ACK', rid })
      state.later.push({ ts, wr, val })
      timer.start(2)
    })
    upon(timer.timeout, () => {
      for (const written of state.later.splice(0)) if (isNewer(written, state.stored)) state.stored = written
    })
    upon(pl.deliver, 'ACK', (q, { rid }) => {
      if (rid !== state.rid || isMajority(state.acks)) return
      state.acks.add(q)
      if (!isMajority(state.acks)) return
      if (state.mine === undefined) nnar.readReturn(state.max.val)
      else nnar.writeReturn()
    })
  },
)

/** A reader that never returns an older value than it has read itself, and does not write back. */
const remembers = algorithm(
  {
    name: 'remembers',
    implements: { onar: OneNAtomicRegister },
    uses: { pl: PerfectPointToPointLinks.of<Reply>(), beb: BasicBroadcast.of<Query>() },
    assumes,
    state: () => ({ stored: INITIAL, rid: 0, wts: 0, replies: new Set<ProcessId>(), latest: INITIAL }),
  },
  ({ onar, pl, beb, state, processes, upon }) => {
    const completes = (q: ProcessId, rid: number) => {
      if (rid !== state.rid || state.replies.size > processes.length / 2) return false
      return state.replies.add(q).size > processes.length / 2
    }
    const begin = () => {
      state.rid += 1
      state.replies.clear()
    }
    upon(onar.read, () => {
      begin()
      beb.broadcast({ kind: 'READ', rid: state.rid })
    })
    upon(onar.write, (val) => {
      begin()
      beb.broadcast({ kind: 'WRITE', rid: state.rid, ts: ++state.wts, wr: 0, val })
    })
    upon(beb.deliver, 'READ', (p, { rid }) => pl.send(p, { kind: 'VALUE', rid, ...state.stored }))
    upon(beb.deliver, 'WRITE', (p, { rid, ts, wr, val }) => {
      if (ts > state.stored.ts) state.stored = { ts, wr, val }
      pl.send(p, { kind: 'ACK', rid })
    })
    upon(pl.deliver, 'VALUE', (q, { rid, ts, wr, val }) => {
      if (rid === state.rid && ts > state.latest.ts) state.latest = { ts, wr, val }
      if (completes(q, rid)) onar.readReturn(state.latest.val)
    })
    upon(pl.deliver, 'ACK', (q, { rid }) => {
      if (completes(q, rid)) onar.writeReturn()
    })
  },
)

/** Where each process keeps its values: one place, whatever register they are of. */
const disk = new Map<ProcessId, Stamped>()

/** A majority of disks, of which each has room for one value. */
const onDisk = algorithm(
  {
    name: 'on-disk',
    implements: { onrr: RegularRegister },
    uses: { pl: PerfectPointToPointLinks.of<Reply>(), beb: BasicBroadcast.of<Query>() },
    assumes,
    state: () => ({ rid: 0, wts: 0, replies: new Map<ProcessId, Stamped>() }),
  },
  ({ onrr, pl, beb, state, self, processes, upon }) => {
    disk.delete(self)
    const begin = () => {
      state.rid += 1
      state.replies.clear()
    }
    const completes = (q: ProcessId, rid: number, stored: Stamped) => {
      if (rid !== state.rid || state.replies.size > processes.length / 2) return false
      return state.replies.set(q, stored).size > processes.length / 2
    }
    upon(onrr.read, () => {
      begin()
      beb.broadcast({ kind: 'READ', rid: state.rid })
    })
    upon(onrr.write, (val) => {
      begin()
      beb.broadcast({ kind: 'WRITE', rid: state.rid, ts: ++state.wts, wr: 0, val })
    })
    upon(beb.deliver, 'READ', (p, { rid }) => pl.send(p, { kind: 'VALUE', rid, ...(disk.get(self) ?? INITIAL) }))
    upon(beb.deliver, 'WRITE', (p, { rid, ts, wr, val }) => {
      if (ts > (disk.get(self) ?? INITIAL).ts) disk.set(self, { ts, wr, val })
      pl.send(p, { kind: 'ACK', rid })
    })
    upon(pl.deliver, 'VALUE', (q, { rid, ...stored }) => {
      if (!completes(q, rid, stored)) return
      onrr.readReturn([...state.replies.values()].reduce((a, b) => (b.ts > a.ts ? b : a)).val)
    })
    upon(pl.deliver, 'ACK', (q, { rid }) => {
      if (completes(q, rid, INITIAL)) onrr.writeReturn()
    })
  },
)

/** Takes a value that is 0 for none. */
const emptyHanded = algorithm(
  { name: 'empty-handed', implements: { onrr: RegularRegister }, uses: { below: MajorityVoting.of<Payload>() }, assumes },
  ({ onrr, below, upon }) => {
    upon(onrr.write, (v) => below.write(v))
    upon(onrr.read, () => below.read())
    upon(below.writeReturn, () => onrr.writeReturn())
    upon(below.readReturn, (v) => onrr.readReturn(v || undefined))
  },
)

export const register = [
  stranger('NNAR2', 'a write is acknowledged before it is stored', atomicRegister, storesLate),
  stranger('ONAR3', 'a reader does not write back what it returns, but remembers it', oneNAtomicRegister, remembers),
  stranger('ONRR2', 'a value that is 0 is taken for none', regularRegister, emptyHanded),
  stranger('ONRR2', 'two registers of a process share what they store', regularRegister, onDisk, 'side by side'),
]
