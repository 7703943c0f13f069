import { checkAll } from '@upon/checker'
import { LeaderBasedEpochChange, LeaderDrivenConsensus, ReadWriteEpochConsensus } from '@upon/consensus'
import {
  algorithm,
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
import { ReadImposeWriteConsultMajority } from '@upon/register'
import { describe, expect, it } from 'vitest'
import {
  consensusClient,
  ideal,
  idealized,
  proposals,
  type RegisterOperation,
  readsAndWrites,
  registerClient,
  runSeed,
  type Scenario,
  type SimulatedProcess,
  simulate,
} from '../src'

const RUNS = 300

const consensus = (setup: Scenario<number>['setup']): Scenario<number> => ({
  name: 'uc',
  processes: 5,
  resilience: 'f < N/2',
  operations: proposals,
  check: () => undefined,
  setup,
})
const silent = (run: (process: SimulatedProcess) => void): Scenario => ({
  name: 'detector',
  processes: 5,
  resilience: 'f < N',
  operations: () => [],
  check: () => undefined,
  setup: (process) => void run(process),
})

const scenarios = {
  'leader-driven consensus over epoch change and epoch consensus': consensus((process) =>
    consensusClient(process, process.run(idealized(LeaderDrivenConsensus.of<number>(), process))),
  ),
  'leader-driven consensus over epoch change and our epochs': consensus((process) => {
    const layers = { ec: ideal.EpochChange(process), ep: idealized(ReadWriteEpochConsensus, process) }
    return consensusClient(process, process.run(LeaderDrivenConsensus.over(layers).of<number>()))
  }),
  'leader-driven consensus over our epoch change and epoch consensus': consensus((process) => {
    const layers = { ec: idealized(LeaderBasedEpochChange, process), ep: ideal.EpochConsensus(process) }
    return consensusClient(process, process.run(LeaderDrivenConsensus.over(layers).of<number>()))
  }),
  'epoch change over a leader detector and broadcast': silent((process) => process.run(idealized(LeaderBasedEpochChange, process))),
  'leader detection over a failure detector': silent((process) => process.run(idealized(MonarchicalEventualLeaderDetection, process))),
  'an atomic register over broadcast': {
    name: 'nnar',
    processes: 5,
    resilience: 'f < N/2',
    operations: readsAndWrites,
    check: () => undefined,
    setup: (process) => registerClient(process, process.run(idealized(ReadImposeWriteConsultMajority.of<number>(), process))),
  } satisfies Scenario<RegisterOperation>,
} as unknown as Readonly<Record<string, Scenario>>

describe.each(Object.entries(scenarios))('%s that are ideal', (_, scenario) => {
  it('every property of every layer holds, and it comes to rest', () => {
    for (let seed = 1; seed <= RUNS; seed++) {
      const { run, violation } = runSeed({ ...scenario, processes: 2 + (seed % 4) }, seed, { record: 'everything' })
      expect(violation, `seed ${seed}`).toBeUndefined()
      for (const { property, path, holds, why } of checkAll(run.trace)) {
        // an epoch that has ended takes no messages any more, which its links' trace does not show
        if (path.includes('[') && ['PL1', 'BEB1'].includes(property)) continue
        if (holds === false) expect.fail(`seed ${seed}, ${path}: ${property} violated: ${why}`)
      }
    }
  })
})

it('idealized() replaces what an algorithm uses, also in families and shared, and leaves links and timers', () => {
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
      assumes: { model: 'fail-noisy', resilience: 'f < N/2' },
    },
    ({ ep, ucs, self }) => {
      ep.create(0, { ets: 0, l: self, state: { valts: 0, val: undefined } })
      ucs.create('x')
    },
  )
  const sorts: unknown[] = []
  const setup = (process: SimulatedProcess) => {
    const { uses } = idealized(Everything, process) as unknown as typeof Everything
    sorts.push(
      ...Object.values(uses).map((use) =>
        'layer' in use ? [use.sort, (use.layer as { sort: string }).sort] : [(use as { sort: string }).sort],
      ),
    )
    process.run(idealized(Everything, process))
    return undefined
  }
  expect(simulate({ processes: 1, seed: 1, setup }).errors).toEqual([])
  expect(sorts).toEqual([['abstraction'], ['abstraction'], ['port'], ['shared', 'port'], ['many', 'port'], ['many', 'port'], ['port']])
})
