import {
  algorithm,
  BestEffortBroadcast,
  FairLossPointToPointLinks,
  type Payload,
  PerfectPointToPointLinks,
  type Transport,
} from '@upon/contract'
import { expectTypeOf, test } from 'vitest'
import { Process } from './index'

const Basic = algorithm(
  {
    name: 'basic',
    implements: { beb: BestEffortBroadcast },
    uses: { pl: PerfectPointToPointLinks.of<Payload>() },
    assumes: { processes: 'crash-stop', timing: 'asynchronous', resilience: 'f < N' },
  },
  () => {},
)
const perfect = {} as Transport<PerfectPointToPointLinks>
const fairLoss = {} as Transport<FairLossPointToPointLinks>
const processes = ['p', 'q']

test('an algorithm runs only over a host that supplies what it needs', () => {
  const beb = new Process({ self: 'p', processes, supply: [perfect] }).run(Basic.of<string>())
  beb.broadcast('hello')
  // @ts-expect-error it carries strings
  beb.broadcast(5)
  // @ts-expect-error from outside, what comes up is not triggered
  beb.deliver('p', 'hello')
  // @ts-expect-error a fair-loss transport does not guarantee enough
  new Process({ self: 'p', processes, supply: [fairLoss] }).run(Basic)
  // @ts-expect-error nothing supplies links
  new Process({ self: 'p', processes }).run(Basic)
})

test('upon knows the attributes of what a layer indicates', () => {
  const process = new Process({ self: 'p', processes, supply: [fairLoss] })
  const fll = process.run(FairLossPointToPointLinks.of<{ kind: 'A'; a: number } | { kind: 'B' }>())
  process.upon(fll.deliver, 'A', (p, { a }) => {
    expectTypeOf(p).toEqualTypeOf<string>()
    expectTypeOf(a).toEqualTypeOf<number>()
  })
  // @ts-expect-error a wrong payload
  process.upon(fll.deliver, (_p, m: number) => m)
})
