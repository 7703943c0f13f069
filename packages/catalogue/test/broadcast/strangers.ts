import { BasicBroadcast } from '@upon/broadcast'
import { bestEffortBroadcast, reliableBroadcast, uniformReliableBroadcast } from '@upon/compliance'
import {
  algorithm,
  BestEffortBroadcast,
  type Payload,
  PerfectPointToPointLinks,
  type ProcessId,
  ReliableBroadcast,
  Timer,
  UniformReliableBroadcast,
} from '@upon/contract'
import { stranger } from '../proofs/stranger'

const silent = { processes: 'crash-stop', timing: 'asynchronous', resilience: 'f < N' } as const
const majority = { processes: 'crash-stop', timing: 'asynchronous', resilience: 'f < N/2' } as const

/** Tries to deliver each message of a process once. */
const byContent = algorithm(
  {
    name: 'by-content',
    implements: { beb: BestEffortBroadcast },
    uses: { pl: PerfectPointToPointLinks.of<Payload>() },
    assumes: silent,
    state: () => ({ seen: new Set<string>() }),
  },
  ({ beb, pl, state, processes, upon }) => {
    upon(beb.broadcast, (m) => {
      for (const q of processes) pl.send(q, m)
    })
    upon(pl.deliver, (p, m) => {
      if (state.seen.has(`${p} ${m}`)) return
      state.seen.add(`${p} ${m}`)
      beb.deliver(p, m)
    })
  },
)

/** Passes a message on from one process to the next. */
const ring = algorithm(
  {
    name: 'ring',
    implements: { beb: BestEffortBroadcast },
    uses: { pl: PerfectPointToPointLinks.of<{ s: ProcessId; m: Payload }>() },
    assumes: silent,
  },
  ({ beb, pl, self, processes, upon }) => {
    const next = processes[(processes.indexOf(self) + 1) % processes.length] as ProcessId
    upon(beb.broadcast, (m) => pl.send(next, { s: self, m }))
    upon(pl.deliver, (_p, { s, m }) => {
      beb.deliver(s, m)
      if (s !== self) pl.send(next, { s, m })
    })
  },
)

type Data = { s: ProcessId; n: number; m: Payload }

/** Relays only to processes of higher rank. */
const upwards = algorithm(
  {
    name: 'upwards',
    implements: { rb: ReliableBroadcast },
    uses: { pl: PerfectPointToPointLinks.of<Data>() },
    assumes: silent,
    state: () => ({ n: 0, seen: new Set<string>() }),
  },
  ({ rb, pl, state, self, processes, rank, upon }) => {
    upon(rb.broadcast, (m) => {
      state.n += 1
      for (const q of processes) pl.send(q, { s: self, n: state.n, m })
    })
    upon(pl.deliver, (_p, data) => {
      if (state.seen.has(`${data.s} ${data.n}`)) return
      state.seen.add(`${data.s} ${data.n}`)
      rb.deliver(data.s, data.m)
      for (const q of processes) if (rank(q) > rank(self)) pl.send(q, data)
    })
  },
)

/** Delivers what arrives first, and then relays it. */
const atOnce = algorithm(
  {
    name: 'at-once',
    implements: { urb: UniformReliableBroadcast },
    uses: { beb: BasicBroadcast.of<Data>() },
    assumes: majority,
    state: () => ({ n: 0, seen: new Set<string>() }),
  },
  ({ urb, beb, state, self, upon }) => {
    upon(urb.broadcast, (m) => beb.broadcast({ s: self, n: ++state.n, m }))
    upon(beb.deliver, (_p, data) => {
      if (state.seen.has(`${data.s} ${data.n}`)) return
      state.seen.add(`${data.s} ${data.n}`)
      urb.deliver(data.s, data.m)
      beb.broadcast(data)
    })
  },
)

/** A majority of copies delivers, whichever processes sent them; each process sends each of its own messages twice. */
const copies = algorithm(
  {
    name: 'copies',
    implements: { urb: UniformReliableBroadcast },
    uses: { beb: BasicBroadcast.of<Data>(), timer: Timer },
    assumes: majority,
    state: () => ({ n: 0, copies: new Map<string, number>(), again: [] as Data[] }),
  },
  ({ urb, beb, timer, state, self, processes, upon }) => {
    upon(urb.broadcast, (m) => {
      const data = { s: self, n: ++state.n, m }
      beb.broadcast(data)
      state.again.push(data)
      timer.start(3)
    })
    upon(beb.deliver, (_p, data) => {
      const count = (state.copies.get(`${data.s} ${data.n}`) ?? 0) + 1
      state.copies.set(`${data.s} ${data.n}`, count)
      if (count === Math.floor(processes.length / 2) + 1) urb.deliver(data.s, data.m)
      if (count === 1 && data.s !== self) beb.broadcast(data)
    })
    upon(timer.timeout, () => {
      for (const data of state.again.splice(0)) beb.broadcast(data)
    })
  },
)

/** Notes in the message itself which processes have it. */
const noted = algorithm(
  {
    name: 'noted',
    implements: { urb: UniformReliableBroadcast },
    uses: { beb: BasicBroadcast.of<{ data: Data; acks: ProcessId[] }>() },
    assumes: majority,
    state: () => ({ n: 0, seen: new Set<string>(), delivered: new Set<string>() }),
  },
  ({ urb, beb, state, self, processes, upon }) => {
    upon(urb.broadcast, (m) => beb.broadcast({ data: { s: self, n: ++state.n, m }, acks: [] }))
    upon(beb.deliver, (_p, message) => {
      const { data, acks } = message
      const key = `${data.s} ${data.n}`
      if (!acks.includes(self)) acks.push(self)
      if (acks.length > processes.length / 2 && !state.delivered.has(key)) {
        state.delivered.add(key)
        urb.deliver(data.s, data.m)
      }
      if (state.seen.has(key)) return
      state.seen.add(key)
      beb.broadcast(message)
    })
  },
)

/** Tries to deliver each message once: it compares them by identity. */
const byIdentity = algorithm(
  {
    name: 'by-identity',
    implements: { rb: ReliableBroadcast },
    uses: { beb: BasicBroadcast.of<Data>() },
    assumes: silent,
    state: () => ({ n: 0, seen: new Set<Data>() }),
  },
  ({ rb, beb, state, self, upon }) => {
    upon(rb.broadcast, (m) => beb.broadcast({ s: self, n: ++state.n, m }))
    upon(beb.deliver, (p, data) => {
      if (state.seen.has(data)) return
      state.seen.add(data)
      rb.deliver(data.s, data.m)
      if (p === data.s) beb.broadcast(data)
    })
  },
)

export const broadcast = [
  stranger('RB2', 'a message is known by its identity, which does not travel', reliableBroadcast, byIdentity),
  stranger('RB2', 'a message is known by its identity, which adversarial layers do not keep', reliableBroadcast, byIdentity, 'adversarial'),
  stranger('URB1', 'a message is changed that all are thought to share', uniformReliableBroadcast, noted),
  stranger('BEB1', 'equal messages of one process are taken for one', bestEffortBroadcast, byContent),
  stranger('BEB1', 'a message goes round, as far as nobody has crashed', bestEffortBroadcast, ring),
  stranger('RB4', 'a message is relayed to higher ranks only', reliableBroadcast, upwards),
  stranger('URB4', 'a message is delivered when it comes, and relayed then', uniformReliableBroadcast, atOnce),
  stranger('URB4', 'copies are counted, not who sent them', uniformReliableBroadcast, copies),
]
