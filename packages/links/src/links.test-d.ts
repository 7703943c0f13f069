import { BasicBroadcast } from '@upon/broadcast'
import {
  AtLeastOncePointToPointLinks,
  algorithm,
  FairLossPointToPointLinks,
  type NeedsOf,
  type Payload,
  PerfectPointToPointLinks,
  type Port,
  StubbornPointToPointLinks,
  type Timer,
  type Transport,
} from '@upon/contract'
import { Process } from '@upon/runtime'
import { LossyMemoryNetwork } from '@upon/transport/memory'
import { expectTypeOf, test } from 'vitest'
import { EliminateDuplicates, RetransmitForever, RetransmitUntilAcknowledged } from './index'

const timer = {} as Port<Timer>
const processes = ['p', 'q']

test('fair-loss links pass for nothing more', () => {
  EliminateDuplicates.over({ alo: RetransmitUntilAcknowledged })
  // @ts-expect-error not for links that deliver at least once
  EliminateDuplicates.over({ alo: FairLossPointToPointLinks })
  // @ts-expect-error not for perfect links
  BasicBroadcast.over({ pl: FairLossPointToPointLinks })
  // @ts-expect-error nor does their transport
  EliminateDuplicates.over({ alo: {} as Transport<FairLossPointToPointLinks> })
  const process = new Process({ self: 'p', processes, supply: [new LossyMemoryNetwork({ random: Math.random }).transport('p'), timer] })
  process.run(BasicBroadcast.over({ pl: EliminateDuplicates }))
  // @ts-expect-error a process over fair-loss links has no perfect ones
  process.run(BasicBroadcast)
})

test('links that deliver again and again, or more often than once, do not pass for perfect ones', () => {
  BasicBroadcast.over({ pl: EliminateDuplicates })
  // @ts-expect-error duplicates are not eliminated
  BasicBroadcast.over({ pl: RetransmitForever })
  // @ts-expect-error duplicates are not eliminated
  BasicBroadcast.over({ pl: RetransmitUntilAcknowledged })
})

test('links that stop after an acknowledgement, or deliver once, do not pass for stubborn ones', () => {
  const Logged = algorithm(
    {
      name: 'needs-stubborn-links',
      implements: { pl: PerfectPointToPointLinks },
      uses: { sl: StubbornPointToPointLinks.of<Payload>() },
      assumes: { processes: 'crash-recovery', timing: 'asynchronous', resilience: 'f < N' },
    },
    () => {},
  )
  Logged.over({ sl: RetransmitForever })
  // @ts-expect-error what was acknowledged before a crash is not delivered again after it
  Logged.over({ sl: RetransmitUntilAcknowledged })
  // @ts-expect-error perfect links deliver once
  Logged.over({ sl: EliminateDuplicates })
})

test('duplicates are eliminated over whatever delivers at least once', () => {
  EliminateDuplicates.over({ alo: RetransmitForever })
  EliminateDuplicates.over({ alo: StubbornPointToPointLinks })
  EliminateDuplicates.over({ alo: AtLeastOncePointToPointLinks })
  EliminateDuplicates.over({ alo: PerfectPointToPointLinks })
})

test('the stack needs fair-loss links and a timer, and no more', () => {
  expectTypeOf<NeedsOf<typeof EliminateDuplicates>>().toEqualTypeOf<FairLossPointToPointLinks | Timer>()
  // @ts-expect-error without a timer nothing is retransmitted
  new Process({ self: 'p', processes, supply: [new LossyMemoryNetwork({ random: Math.random }).transport('p')] }).run(EliminateDuplicates)
})

test('links carry what their user says', () => {
  const pl = new Process({ self: 'p', processes, supply: [{} as Transport<FairLossPointToPointLinks>, timer] }).run(
    EliminateDuplicates.of<{ kind: 'A'; a: number }>(),
  )
  pl.send('q', { kind: 'A', a: 1 })
  // @ts-expect-error another message
  pl.send('q', { kind: 'B' })
})
