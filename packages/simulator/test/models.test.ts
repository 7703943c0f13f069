import { PerfectPointToPointLinks } from '@upon/contract'
import { ExcludeOnTimeout } from '@upon/fd'
import type { AlgorithmEvent } from '@upon/trace'
import { describe, expect, it } from 'vitest'
import { drawPlan, judge, outsideModel, type Plan, runSeed, type Scenario, shrink } from '../src'

const models = ['fail-stop', 'fail-noisy', 'fail-silent', 'fail-recovery'] as const
const seeds = Array.from({ length: 300 }, (_, seed) => seed)

/** Each process detects those that do not answer in time. */
const pfd: Scenario = {
  name: 'pfd',
  model: 'fail-stop',
  processes: 4,
  resilience: 'f < N',
  operations: () => [],
  setup: (process) => void process.run(ExcludeOnTimeout),
  check: ({ trace: { entries } }) => {
    const crashed = new Set<unknown>()
    for (const entry of entries) {
      if (entry.type === 'crash') crashed.add(entry.process)
      const { event, process, attributes: [p] = [] } = entry as Partial<AlgorithmEvent>
      if (event === 'crash' && !crashed.has(p)) return { property: 'PFD2', why: `${process} detected ${p}, which had not crashed` }
    }
    return undefined
  },
}

describe('drawn plans', () => {
  it.each(models)('of %s are within the model', (model) => {
    for (const resilience of ['f < N', 'f < N/2'] as const)
      for (const seed of seeds) {
        const scenario = { ...pfd, model, resilience, processes: 1 + (seed % 7) }
        expect(outsideModel(drawPlan(scenario, seed), scenario)).toBeUndefined()
      }
  })

  it('of one process contain nothing about another', () => {
    for (const model of models)
      for (const seed of seeds) {
        const { faults } = drawPlan({ ...pfd, model, processes: 1 }, seed)
        const named = faults.flatMap((fault) => [
          ...('process' in fault ? [fault.process] : []),
          ...('about' in fault ? [fault.about] : []),
        ])
        expect(new Set(['p1', ...named])).toEqual(new Set(['p1']))
      }
  })

  it('have bounds of up to 2 s, repeated wrong hints, late starts, and processes that never stay up', () => {
    const drawn = (model: (typeof models)[number]) => seeds.map((seed) => drawPlan({ ...pfd, model, processes: 3 }, seed))
    const noisy = drawn('fail-noisy')
    expect(noisy.some(({ boundMs, schedule }) => boundMs === 2_000 && 'highMs' in schedule && schedule.highMs === 2_000)).toBe(true)
    expect(noisy.some(({ faults }) => faults.filter(({ kind }) => kind === 'hint').length > 3)).toBe(true)
    expect(drawn('fail-stop').some(({ faults }) => faults.some(({ kind }) => kind === 'start'))).toBe(true)
    expect(drawn('fail-recovery').some(({ faults }) => faults.some((fault) => 'atEnd' in fault))).toBe(true)
  })

  it('of other models are not synchronous, which would show less', () => {
    const beyond = seeds.filter((seed) => outsideModel(drawPlan({ ...pfd, model: 'fail-noisy' }, seed), pfd) !== undefined)
    expect(beyond.length).toBeGreaterThan(250)
  })
})

describe('fail-stop', () => {
  it('PFD2 holds: a process that is late there has crashed', () => {
    const outcomes = seeds.map((seed) => runSeed(pfd, seed))
    expect(outcomes.filter(({ violation }) => violation !== undefined)).toEqual([])
    const detections = outcomes.filter(({ run }) => run.trace.entries.some((entry) => 'event' in entry && entry.event === 'crash'))
    expect(detections.length).toBeGreaterThan(100)
  })

  it('PFD2 does not hold in the other models', () => {
    const scenario: Scenario = { ...pfd, model: 'fail-noisy' }
    expect(seeds.some((seed) => runSeed(scenario, seed).violation?.property === 'PFD2')).toBe(true)
  })

  it('no message takes longer than the bound under any kind of schedule, and some take as long', () => {
    const setup: Scenario<number>['setup'] = (process) => {
      const pl = process.run(PerfectPointToPointLinks.of<number>())
      process.upon(pl.deliver, (p, m) => m > 0 && pl.send(p, m - 1))
      return (m) => {
        for (const q of process.processes) pl.send(q, m)
      }
    }
    const operations: Scenario<number>['operations'] = (_random, processes) =>
      processes.map((process) => ({ process, afterMs: 0, operation: 9 }))
    const scenario: Scenario<number> = { ...pfd, setup, operations, check: () => undefined }
    const longest = { random: 0, priorities: 0 } as Record<string, number>
    for (const seed of seeds) {
      const { plan, run } = runSeed(scenario, seed, { recordsDelays: true })
      const delaysMs = Object.values(run.delaysMs ?? {})
      const most = Math.max(0, ...delaysMs)
      expect(most).toBeLessThanOrEqual(plan.boundMs)
      longest[plan.schedule.kind] = Math.max(longest[plan.schedule.kind] ?? 0, most / plan.boundMs)
    }
    expect(longest).toEqual({ random: 1, priorities: 1 })
  })
})

describe('outsideModel', () => {
  const plan: Plan = {
    seed: 1,
    processes: ['p1', 'p2', 'p3'],
    operations: [],
    faults: [],
    schedule: { kind: 'fixed', delayMs: 1 },
    stabilisationMs: 200,
    boundMs: 10,
  }
  const stop = { model: 'fail-stop', resilience: 'f < N' } as const
  const noisy = { model: 'fail-noisy', resilience: 'f < N/2' } as const
  const crash = (process: string) => ({ kind: 'crash', process, atMs: 5 }) as const
  const span = { fromMs: 0, toMs: 100 }

  it('returns nothing for a plan within the model', () => {
    expect(outsideModel({ ...plan, faults: [crash('p1'), crash('p2')], deviations: { 'p1>p2 pl 1': 10 } }, stop)).toBeUndefined()
    const faults = [crash('p1'), { kind: 'hint', process: 'p2', about: 'p1', atMs: 6 } as const]
    expect(outsideModel({ ...plan, faults }, stop)).toBeUndefined()
    const clocks = [{ kind: 'drift', process: 'p1', percent: 90 } as const, { kind: 'start', process: 'p2', atMs: 20 } as const]
    expect(outsideModel({ ...plan, faults: clocks }, stop)).toBeUndefined()
    expect(outsideModel({ ...plan, faults: [{ kind: 'pause', process: 'p1', ...span }] }, noisy)).toBeUndefined()
    expect(outsideModel({ ...plan, deviations: { 'p1>p2 pl 1': 1000 } }, noisy)).toBeUndefined()
    const back = (process: string) => ({ kind: 'recover', process, atMs: 9 }) as const
    const recovering = { ...noisy, model: 'fail-recovery' } as const
    expect(outsideModel({ ...plan, faults: [crash('p1'), crash('p2'), back('p1'), back('p2'), crash('p3')] }, recovering)).toBeUndefined()
    const late = { ...crash('p1'), atMs: 10 }
    expect(outsideModel({ ...plan, faults: [crash('p2'), late, back('p1')] }, recovering)).toBe(
      'p1, p2 crash for good, 2 of 3; the model has f < N/2',
    )
  })

  it.each([
    ['more crashes', noisy, { faults: [crash('p1'), crash('p3')] }, 'p1, p3 crash for good, 2 of 3; the model has f < N/2'],
    [
      'a recovery',
      noisy,
      { faults: [crash('p1'), { kind: 'recover', process: 'p1', atMs: 9 }] },
      'p1 recovers; in the model a crash is for good',
    ],
    ['a late message', stop, { deviations: { 'p1>p2 pl 1': 120 } }, "p1>p2 pl 1 takes 120 ms; the model's bound is 10 ms"],
    [
      'a slow schedule',
      stop,
      { schedule: { kind: 'fixed', delayMs: 11 } },
      "messages may take up to 11 ms until 200 ms; the model's bound is 10 ms",
    ],
    ['a pause', stop, { faults: [{ kind: 'pause', process: 'p1', ...span }] }, 'p1 pauses; the model is synchronous'],
    ['slowness', stop, { faults: [{ kind: 'slow', process: 'p1', eventMs: 1, ...span }] }, 'p1 is slow; the model is synchronous'],
    [
      'a partition',
      stop,
      { faults: [{ kind: 'partition', groups: [['p1'], ['p2', 'p3']], ...span }] },
      'p1 | p2,p3 are parted; the model is synchronous',
    ],
    [
      'a block',
      stop,
      { faults: [{ kind: 'block', from: ['p1'], to: ['p2'], ...span }] },
      'nothing goes from p1 to p2; the model is synchronous',
    ],
    [
      'drift',
      stop,
      { faults: [{ kind: 'drift', process: 'p1', percent: 89 }] },
      'the timers of p1 drift by more than 10 %; the model is synchronous',
    ],
    ['a late start', stop, { faults: [{ kind: 'start', process: 'p1', atMs: 21 }] }, 'p1 starts at 21 ms; the model is synchronous'],
    [
      'a start after the stabilisation time',
      noisy,
      { faults: [{ kind: 'start', process: 'p1', atMs: 201 }] },
      'p1 starts at 201 ms; the plan says that all have started by 200 ms',
    ],
    [
      'a process that is said never to stay up, and did',
      { ...noisy, model: 'fail-recovery' },
      { faults: [{ kind: 'crash', process: 'p2', atEnd: true }] },
      'p2 crashes in the end, and has not recovered more often than the others; in the model it does so forever',
    ],
    [
      'a majority that never stays up',
      { ...noisy, model: 'fail-recovery' },
      { faults: [crash('p1'), { kind: 'crash', process: 'p2', atEnd: true }] },
      'p1, p2 crash for good, 2 of 3; the model has f < N/2',
    ],
    [
      'loss',
      stop,
      { faults: [{ kind: 'loss', lostPercent: 1, duplicatedPercent: 0 }] },
      'links lose and repeat messages; the model is synchronous',
    ],
    [
      'a wrong hint',
      stop,
      { faults: [{ kind: 'hint', process: 'p1', about: 'p2', atMs: 1 }] },
      'p1 gets a wrong hint that p2 refuses connections; the model is synchronous',
    ],
    [
      'a partition forever',
      noisy,
      { faults: [{ kind: 'partition', groups: [['p1'], ['p2']], fromMs: 3 }] },
      'a partition from 3 ms on never ends; in the model each does',
    ],
    [
      'faults after the stabilisation time',
      noisy,
      { faults: [{ kind: 'pause', process: 'p1', fromMs: 3, toMs: 201 }] },
      'a pause ends at 201 ms; the plan says that faults end by 200 ms',
    ],
  ] as const)('says what exceeds the model: %s', (_, model, part, words) => {
    expect(outsideModel({ ...plan, ...part } as Plan, model)).toBe(words)
  })
})

describe('shrinking', () => {
  it('does not leave the model: plans without a correct majority are not tried', () => {
    const setup: Scenario<number>['setup'] = (process) => {
      const pl = process.run(PerfectPointToPointLinks.of<number>())
      process.upon(pl.deliver, () => {})
      return (m) => pl.send(process.self, m)
    }
    const fails: Scenario<number> = {
      ...pfd,
      model: 'fail-noisy',
      resilience: 'f < N/2',
      setup,
      operations: () => [],
      check: ({ trace }) => (trace.entries.some(({ type }) => type === 'crash') ? { property: 'X', why: 'a process crashed' } : undefined),
    }
    const faults = [{ kind: 'crash', process: 'p1', atMs: 5 }] as const
    const outcomePlan = { ...drawPlan<number>(fails, 1), faults }
    const shrunk = shrink(fails, { seed: 1, plan: outcomePlan, ...judge(fails, outcomePlan) })
    expect(shrunk.plan.processes).toHaveLength(3)
    expect(outsideModel(shrunk.plan, fails)).toBeUndefined()
  })
})
