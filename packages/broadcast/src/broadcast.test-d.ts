import {
  algorithm,
  BestEffortBroadcast,
  type EventuallyPerfectFailureDetector,
  type NeedsOf,
  type PerfectFailureDetector,
  type PerfectPointToPointLinks,
  type Port,
  ReliableBroadcast,
  type Timer,
  UniformReliableBroadcast,
} from '@upon/contract'
import { ExcludeOnTimeout, IncreasingTimeout } from '@upon/fd'
import { expectTypeOf, test } from 'vitest'
import {
  AllAckUniformReliableBroadcast,
  BasicBroadcast,
  EagerReliableBroadcast,
  LazyReliableBroadcast,
  MajorityAckUniformReliableBroadcast,
} from './index'

test('an algorithm that needs a perfect failure detector refuses an eventually perfect one', () => {
  AllAckUniformReliableBroadcast.over({ pfd: ExcludeOnTimeout.with({ delayMs: 50 }) })
  AllAckUniformReliableBroadcast.over({ pfd: {} as Port<PerfectFailureDetector> })
  // @ts-expect-error it may suspect a correct process, which then lacks what others deliver
  AllAckUniformReliableBroadcast.over({ pfd: IncreasingTimeout })
  // @ts-expect-error a host's detector that may be wrong is none either
  LazyReliableBroadcast.over({ pfd: {} as Port<EventuallyPerfectFailureDetector> })
  // @ts-expect-error it uses no detector
  MajorityAckUniformReliableBroadcast.over({ pfd: ExcludeOnTimeout })
})

const assumes = { processes: 'crash-stop', timing: 'asynchronous', resilience: 'f < N' } as const
const implement = { beb: BestEffortBroadcast }
const OverBestEffort = algorithm({ name: 'a', implements: implement, uses: { below: BestEffortBroadcast }, assumes }, () => {})
const OverReliable = algorithm({ name: 'b', implements: implement, uses: { below: ReliableBroadcast }, assumes }, () => {})
const OverUniform = algorithm({ name: 'c', implements: implement, uses: { below: UniformReliableBroadcast }, assumes }, () => {})

test('a broadcast replaces one that guarantees less, and none that guarantees more', () => {
  for (const below of [BasicBroadcast, LazyReliableBroadcast, EagerReliableBroadcast, AllAckUniformReliableBroadcast])
    OverBestEffort.over({ below })
  OverReliable.over({ below: LazyReliableBroadcast })
  OverReliable.over({ below: EagerReliableBroadcast })
  OverReliable.over({ below: AllAckUniformReliableBroadcast })
  OverUniform.over({ below: MajorityAckUniformReliableBroadcast })
  // @ts-expect-error best effort is not reliable
  OverReliable.over({ below: BasicBroadcast })
  // @ts-expect-error what one delivers that crashes then, others need not deliver
  OverUniform.over({ below: LazyReliableBroadcast })
  // @ts-expect-error nor does it help to relay at once
  OverUniform.over({ below: EagerReliableBroadcast })
})

test('what must still be supplied: links, and a timer where crashes are detected', () => {
  expectTypeOf<NeedsOf<typeof EagerReliableBroadcast>>().toEqualTypeOf<PerfectPointToPointLinks>()
  expectTypeOf<NeedsOf<typeof MajorityAckUniformReliableBroadcast>>().toEqualTypeOf<PerfectPointToPointLinks>()
  expectTypeOf<NeedsOf<typeof LazyReliableBroadcast>>().toEqualTypeOf<PerfectPointToPointLinks | Timer>()
  expectTypeOf<NeedsOf<typeof AllAckUniformReliableBroadcast>>().toEqualTypeOf<PerfectPointToPointLinks | Timer>()
})
