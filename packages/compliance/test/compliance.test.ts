import {
  algorithm,
  type BestEffortBroadcast,
  BestEffortBroadcast as beb,
  type Payload,
  PerfectPointToPointLinks,
  Timer,
} from '@upon/contract'
import { BROKEN_ASSUMPTION, drawPlan, judge } from '@upon/simulator'
import { describe, expect, it } from 'vitest'
import { compliance, type Suite, scenarioOf, suiteOf, type Tested } from '../src'
import { results } from './results'

/** A stranger's broadcast, right or wrong. */
const broadcast = (name: string, reaches: (i: number) => boolean): Tested<BestEffortBroadcast> =>
  algorithm(
    {
      name,
      implements: { beb },
      uses: { pl: PerfectPointToPointLinks.of<Payload>() },
      assumes: { processes: 'crash-stop', timing: 'asynchronous', resilience: 'f < N' },
    },
    (context) => {
      const { pl, processes, upon } = context
      upon(context.beb.broadcast, (m) => {
        processes.forEach((q, i) => {
          if (reaches(i)) pl.send(q, m)
        })
      })
      upon(pl.deliver, (p, m) => context.beb.deliver(p, m))
    },
  )

compliance(beb, { algorithm: broadcast('theirs', () => true), describe, it, runs: 100 })

describe('an implementation that is wrong', () => {
  const wrong = results((runner) => compliance(beb, { algorithm: broadcast('skips-the-second', (i) => i !== 1), ...runner, runs: 100 }))
  const failed = [...wrong].filter(([, message]) => message !== undefined)

  it('fails the tests of the property that it violates, and no others', () => {
    expect(failed.map(([name]) => name.split(' ')[0])).toEqual(['BEB1', 'two', 'nothing'])
  })

  it('is reported with the seed, the shortest schedule, and its picture', () => {
    const [[, message = ''] = []] = failed
    expect(message).toContain('BEB1 is Validity: ')
    expect(message).toMatch(/again: compliance\(BestEffortBroadcast, { ..., seed: 0x\w+, runs: 1 }\)/)
    expect(message).not.toContain('upon-sim')
    expect(message).toMatch(/shrunk to 1 step, .*: BEB1 violated: /)
    expect(message).toMatch(/● .*! beb\.broadcast\(/)
  })
})

it('what a failure says to do shows it again', () => {
  const options = { algorithm: broadcast('skips-the-second', (i) => i !== 1), limitStates: 0 }
  const first = results((runner) => compliance(beb, { ...options, ...runner, runs: 100 }))
  const [, message = ''] = [...first].find(([name]) => name.startsWith('BEB1')) ?? []
  const [, seed] = /seed: (0x\w+), runs: 1/.exec(message) ?? []
  const again = results((runner) => compliance(beb, { ...options, ...runner, seed: Number(seed), runs: 1 }))
  expect([...again].find(([name]) => name.startsWith('BEB1'))).toEqual([expect.anything(), message])
})

it('a situation that never occurs fails its test', () => {
  const sometimes = {
    'pigs fly': () => false,
    'somebody crashes': (run: { trace: { entries: readonly { type: string }[] } }) =>
      run.trace.entries.some(({ type }) => type === 'crash'),
  }
  const found = results((runner) => compliance(beb, { algorithm: broadcast('theirs', () => true), ...runner, runs: 100, sometimes }))
  expect(found.get('sometimes pigs fly')).toContain('what was tried shows too little')
  expect(found.get('sometimes somebody crashes')).toBeUndefined()
})

it('a suite of one’s own serves as well as a module', () => {
  const suite: Suite<BestEffortBroadcast> = {
    ...suiteOf(beb),
    judge: () => [{ property: 'X', path: 'beb', holds: false, why: 'no', events: [] }],
  }
  const found = results((runner) => compliance(suite, { algorithm: broadcast('theirs', () => true), ...runner, runs: 10 }))
  expect(found.get('comes to rest, and no handler throws')).toContain('X violated: no')
})

it('a plan beyond the model is reported as a broken assumption, whatever it violates', () => {
  const scenario = scenarioOf(
    suiteOf(beb),
    broadcast('skips-the-second', (i) => i !== 1),
    { processes: 3 },
  )
  const plan = drawPlan(scenario, 1)
  const crashes = plan.processes.map((process) => ({ kind: 'crash' as const, process, atMs: 1 }))
  const { violation } = judge(scenario, { ...plan, faults: crashes })
  expect(violation).toEqual({
    property: BROKEN_ASSUMPTION,
    why: 'p1, p2, p3 crash for good, 3 of 3; the model has f < N; so nothing can be said about the algorithm',
  })
})

it('says which modules have a suite when one has none', () => {
  expect(() => suiteOf(Timer as never)).toThrow(/^there is no suite for Timer; expected one of .*BestEffortBroadcast/)
})
