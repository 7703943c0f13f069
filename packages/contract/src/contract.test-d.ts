import { assertType, expectTypeOf, test } from 'vitest'
import {
  algorithm,
  BestEffortBroadcast,
  EpochConsensus,
  type EventuallyPerfectFailureDetector,
  FairLossPointToPointLinks,
  increasing,
  type NeedsOf,
  type Payload,
  PerfectPointToPointLinks,
  type Port,
  type ProcessId,
  Timer,
} from './index'

type Ping = { kind: 'PING'; n: number } | { kind: 'PONG' }

const facts = { assumes: { processes: 'crash-stop', timing: 'asynchronous', resilience: 'f < N' } } as const

test('from above, requests are triggered and indications reacted upon; inside, the reverse', () => {
  algorithm(
    { ...facts, name: 'x', implements: { beb: BestEffortBroadcast }, uses: { pl: PerfectPointToPointLinks.of<Ping>() } },
    ({ beb, pl, upon }) => {
      upon(beb.broadcast, (m) => expectTypeOf(m).toEqualTypeOf<Payload>())
      upon(pl.deliver, (p, m) => {
        expectTypeOf(p).toEqualTypeOf<ProcessId>()
        expectTypeOf(m).toEqualTypeOf<Ping>()
      })
      // @ts-expect-error an indication of a layer below cannot be triggered from above
      pl.deliver('q', { kind: 'PONG' })
      // @ts-expect-error a request of a layer below cannot be reacted upon from above
      upon(pl.send, () => {})
      // @ts-expect-error one's own request cannot be triggered from inside
      beb.broadcast({} as Payload)
      // @ts-expect-error one's own indication cannot be reacted upon from inside
      upon(beb.deliver, () => {})
      // @ts-expect-error there is no such event
      upon(pl.delivered, () => {})
    },
  )
})

test('messages have the kinds and fields that were declared', () => {
  algorithm(
    { ...facts, name: 'x', implements: { beb: BestEffortBroadcast }, uses: { pl: PerfectPointToPointLinks.of<Ping>() } },
    ({ pl, upon }) => {
      pl.send('q', { kind: 'PING', n: 1 })
      upon(pl.deliver, 'PING', (_p, { n }) => expectTypeOf(n).toEqualTypeOf<number>())
      // @ts-expect-error unknown kind
      upon(pl.deliver, 'PUNG', () => {})
      // @ts-expect-error unknown kind
      pl.send('q', { kind: 'PUNG' })
      // @ts-expect-error wrong field
      pl.send('q', { kind: 'PING', n: 'one' })
      // @ts-expect-error attributes are positional: the process first
      pl.send({ kind: 'PONG' }, 'q')
    },
  )
})

test('the payload of a user is opaque to the algorithm below, and cannot be made by it', () => {
  algorithm(
    { ...facts, name: 'x', implements: { beb: BestEffortBroadcast }, uses: { pl: PerfectPointToPointLinks.of<Payload>() } },
    ({ beb, pl, upon }) => {
      upon(beb.broadcast, (m) => pl.send('q', m))
      // @ts-expect-error not a payload
      pl.send('q', 'hello')
      // @ts-expect-error not a payload
      beb.deliver('q', { kind: 'PING', n: 1 })
    },
  )
})

const Basic = algorithm(
  { ...facts, name: 'basic', implements: { beb: BestEffortBroadcast }, uses: { pl: PerfectPointToPointLinks.of<Payload>() } },
  () => {},
)

test('a layer that guarantees too little does not take the place of one that guarantees more', () => {
  Basic.over({ pl: PerfectPointToPointLinks })
  // @ts-expect-error fair-loss links are no perfect links, though their events are the same
  Basic.over({ pl: FairLossPointToPointLinks })
  const detector = {} as Port<EventuallyPerfectFailureDetector>
  // @ts-expect-error a detector is no link
  Basic.over({ pl: detector })
  // @ts-expect-error it uses no such layer
  Basic.over({ beb: Basic })
})

test('what is still to be supplied below is part of the type', () => {
  expectTypeOf<NeedsOf<typeof Basic>>().toEqualTypeOf<PerfectPointToPointLinks>()
  const Above = algorithm(
    { ...facts, name: 'above', implements: { beb: BestEffortBroadcast }, uses: { beb2: Basic.of<Ping>(), timer: Timer } },
    ({ beb2 }) => {
      beb2.broadcast({ kind: 'PONG' })
    },
  )
  assertType<PerfectPointToPointLinks | Timer>({} as NeedsOf<typeof Above>)
})

test('an instance of a family is made with its parameters, and its events have its index first', () => {
  algorithm(
    { ...facts, name: 'x', implements: { beb: BestEffortBroadcast }, uses: { ep: increasing(EpochConsensus.of<number>()) } },
    ({ ep, upon }) => {
      ep.create(1, { ets: 1, l: 'p', state: { valts: 0, val: 5 } })
      ep.propose(1, 5)
      upon(ep.decide, (ts, v) => expectTypeOf([ts, v]).toEqualTypeOf<number[]>())
      // @ts-expect-error the parameters are missing
      ep.create(1)
      // @ts-expect-error the index is missing
      ep.propose(5)
      // @ts-expect-error epochs are numbers
      ep.abort('one')
    },
  )
})

test('a handler may leave out attributes that it does not need, from the last one on', () => {
  algorithm(
    { ...facts, name: 'x', implements: { beb: BestEffortBroadcast }, uses: { pl: PerfectPointToPointLinks.of<Ping>() } },
    ({ pl, upon }) => {
      upon(pl.deliver, (p) => expectTypeOf(p).toEqualTypeOf<ProcessId>())
      upon(pl.deliver, 'PING', (p) => expectTypeOf(p).toEqualTypeOf<ProcessId>())
      // @ts-expect-error but not the first one
      upon(pl.deliver, 'PING', (m: { readonly n: number }) => void m)
    },
  )
})
