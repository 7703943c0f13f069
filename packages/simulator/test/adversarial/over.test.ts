import { LeaderDrivenConsensus } from '@upon/consensus'
import {
  algorithm,
  anyLayer,
  BestEffortBroadcast,
  EpochChange,
  EpochConsensus,
  increasing,
  many,
  PerfectPointToPointLinks,
  shared,
  Timer,
  UniformConsensus,
} from '@upon/contract'
import { MonarchicalEventualLeaderDetection } from '@upon/fd'
import { expect, it } from 'vitest'
import { overAdversarialLayers, type SimulatedProcess, simulate } from '../../src'

it('overAdversarialLayers() replaces what an algorithm uses, also in families and shared, and leaves links and timers', () => {
  const Everything = algorithm(
    {
      name: 'everything',
      implements: { uc: UniformConsensus },
      uses: {
        pl: PerfectPointToPointLinks,
        timer: Timer,
        beb: BestEffortBroadcast,
        eld: shared(MonarchicalEventualLeaderDetection),
        ep: increasing(EpochConsensus.of<string>()),
        ucs: many(LeaderDrivenConsensus.of<string>()),
        ec: EpochChange,
      },
      assumes: { processes: 'crash-stop', timing: 'eventually-synchronous', resilience: 'f < N/2' },
    },
    ({ ep, ucs, self }) => {
      ep.create(0, { ets: 0, l: self, state: { valts: 0, val: undefined } })
      ucs.create('x')
    },
  )
  const sorts: unknown[] = []
  const setup = (process: SimulatedProcess) => {
    const { uses } = overAdversarialLayers(Everything, process) as unknown as typeof Everything
    sorts.push(
      ...Object.values(uses).map((use) => (use.sharing === 'own' ? [anyLayer(use.layer).sort] : [use.sharing, anyLayer(use.layer).sort])),
    )
    process.run(overAdversarialLayers(Everything, process))
    return undefined
  }
  expect(simulate({ processes: 1, seed: 1, setup }).errors).toEqual([])
  expect(sorts).toEqual([
    ['abstraction'],
    ['abstraction'],
    ['port'],
    ['shared', 'port'],
    ['increasing', 'port'],
    ['many', 'port'],
    ['port'],
  ])
})
