import { abstraction, algorithm, BestEffortBroadcast, type Indication, type Module, type Payload, UniformConsensus } from '@upon/contract'
import { test } from 'vitest'
import { compliance } from './index'

interface Oracle extends Module {
  readonly guarantees: { readonly oracle: true }
  readonly speak: Indication<[v: this['payload']]>
}
const Oracle = abstraction<Oracle>({ name: 'Oracle', instance: 'o', requests: {}, indications: { speak: ['v'] }, properties: {} })

const assumes = { processes: 'crash-stop', timing: 'asynchronous', resilience: 'f < N' } as const
const runner = { describe: (_: string, body: () => void) => body(), it: () => {} }

test('an algorithm is tested as what it implements, over what the simulator supplies', () => {
  const needsOracle = algorithm(
    { name: 'x', implements: { beb: BestEffortBroadcast }, uses: { o: Oracle.of<Payload>() }, assumes },
    ({ beb, o, self, upon }) => {
      upon(o.speak, (v) => beb.deliver(self, v))
    },
  )
  // @ts-expect-error nothing supplies an oracle
  compliance(BestEffortBroadcast, { algorithm: needsOracle, ...runner })
  const nothing = algorithm({ name: 'x', implements: { beb: BestEffortBroadcast }, uses: {}, assumes }, () => {})
  // @ts-expect-error a broadcast is no consensus
  compliance(UniformConsensus, { algorithm: nothing, ...runner })
})
