import { algorithm, FairLossPointToPointLinks, PerfectPointToPointLinks, StableStorage, Timer } from '@upon/contract'
import type { AlgorithmEvent } from '@upon/trace'
import { describe, expect, it } from 'vitest'
import {
  crash,
  type Plan,
  pause,
  type Run,
  recover,
  runSeed,
  type Scenario,
  type Setup,
  type SimulationOptions,
  shrink,
  simulate,
} from '../src'

interface Stored {
  starts: number
  heard: Set<number>
}

/** Fair-loss links that count the starts of their process, and remember what they delivered. */
const Remembering = algorithm(
  {
    name: 'remembering',
    implements: { fll: FairLossPointToPointLinks },
    uses: { storage: StableStorage.of<Stored>(), below: FairLossPointToPointLinks.of<unknown>(), timer: Timer },
    assumes: { processes: 'crash-recovery', timing: 'asynchronous', resilience: 'f < N' },
    state: () => ({ starts: 0, heard: new Set<number>() }),
  },
  ({ fll, storage, below, timer, state, self, upon }) => {
    const stored = storage.retrieve()
    state.starts = (stored?.starts ?? 0) + 1
    state.heard = stored?.heard ?? state.heard
    storage.store({ starts: state.starts, heard: state.heard })
    if (stored !== undefined) fll.deliver(self, `start ${state.starts}, ${[...state.heard]}` as never)

    upon(fll.send, (q, m) => {
      below.send(q, m)
      timer.start(100)
    })

    upon(timer.timeout, () => {
      fll.deliver(self, 'timeout' as never)
    })

    upon(below.deliver, (p, m) => {
      if (typeof m === 'number') state.heard.add(m)
      storage.store({ heard: state.heard })
      fll.deliver(p, m as never)
    })
  },
)

const setup: Setup<number> = (process) => {
  const fll = process.run(Remembering.of<unknown>())
  process.upon(fll.deliver, () => {})
  return (m, done) => {
    for (const q of process.processes) if (q !== process.self) fll.send(q, m)
    if (m < 100) done() // a client that sends more waits forever
  }
}

const run = (options: Partial<SimulationOptions<number>>) =>
  simulate<number>({ processes: 2, seed: 1, setup, schedule: { kind: 'fixed', delayMs: 1 }, ...options })

const op = (process: string, operation: number, afterMs = 0) => ({ process, afterMs, operation })

const delivered = ({ trace }: Run, path = 'fll') =>
  trace.entries
    .filter((entry): entry is AlgorithmEvent => entry.type === 'event' && entry.path === path && entry.event === 'deliver')
    .map(({ timeMs, process, attributes: [p, m] }) => `${timeMs} ${p}>${process} ${m}`)

const faults = ({ trace }: Run) => trace.entries.flatMap((e) => (e.type === 'event' ? [] : [`${e.timeMs} ${e.process} ${e.type}`]))

describe('a process that recovers', () => {
  it('has what it stored, and nothing else: no state, no timer, no message that arrived meanwhile', () => {
    const operations = [op('p1', 1), op('p2', 2, 5), op('p1', 3, 20), op('p1', 4, 40)]
    const found = run({ operations, faults: [crash('p2').at(10), recover('p2').at(30)] })
    expect(delivered(found)).toEqual([
      '1 p1>p2 1',
      '6 p2>p1 2',
      '30 p2>p2 start 2, 1', // and 3 is lost
      '61 p1>p2 4',
      '160 p1>p1 timeout', // of p2, which had started one too, there is none
    ])
    expect(faults(found)).toEqual(['10 p2 crash', '30 p2 recover'])
    expect(found.end).toBe('quiescent')
  })

  it('may recover repeatedly', () => {
    const again = [crash('p2').at(10), recover('p2').at(20), crash('p2').at(30), recover('p2').at(40), crash('p2').at(50)]
    const found = run({ operations: [op('p1', 1), op('p1', 2, 25)], faults: again })
    expect(delivered(found)).toEqual(['1 p1>p2 1', '20 p2>p2 start 2, 1', '26 p1>p2 2', '40 p2>p2 start 3, 1,2', '125 p1>p1 timeout'])
  })

  it('ignores a recovery while it is up', () => {
    expect(faults(run({ faults: [recover('p2').at(20)] }))).toEqual([])
  })

  it('gets what is still on its way, and what waits for the end of its pause', () => {
    const late = run({
      operations: [op('p1', 1)],
      deviations: { 'p1>p2 fll.below 1': 50 },
      faults: [crash('p2').at(10), recover('p2').at(30)],
    })
    expect(delivered(late)).toContain('50 p1>p2 1')
    const paused = run({ operations: [op('p1', 1)], faults: [pause('p2').from(0.5).to(40), crash('p2').at(10), recover('p2').at(30)] })
    expect(delivered(paused)).toContain('40 p1>p2 1')
  })

  it('has clients that continue: an interrupted operation is over, the others start', () => {
    const operations = [op('p1', 100), op('p1', 1), op('p1', 2, 50)]
    const found = run({ operations, faults: [crash('p1').at(10), recover('p1').at(20), crash('p1').at(40), recover('p1').at(60)] })
    expect(delivered(found).filter((line) => line.includes('>p2'))).toEqual(['1 p1>p2 100', '21 p1>p2 1', '111 p1>p2 2'])
  })

  it('does nothing that its former process had scheduled', () => {
    const seen: number[] = []
    const waiting: Setup<number> = (process) => {
      process.after(50, () => seen.push(process.nowMs))
      return undefined
    }
    run({ processes: 1, setup: waiting, faults: [crash('p1').at(10), recover('p1').at(20)] })
    expect(seen).toEqual([70])
  })
})

describe('a crash in the middle of a handler', () => {
  it('STO2: comes after what was stored before the message, and before what follows it', () => {
    const Writing = algorithm(
      {
        name: 'writing',
        implements: { fll: FairLossPointToPointLinks },
        uses: { storage: StableStorage.of<{ a: number; b: number }>(), below: FairLossPointToPointLinks.of<unknown>() },
        assumes: { processes: 'crash-recovery', timing: 'asynchronous', resilience: 'f < N' },
      },
      ({ fll, storage, below, upon }) => {
        upon(fll.send, (q, m) => {
          storage.store({ a: 1 })
          below.send(q, m)
          storage.store({ b: 2 })
        })
        const stored = storage.retrieve()
        if (stored !== undefined) fll.deliver('p1', JSON.stringify(stored) as never)
      },
    )
    const writing: Setup<number> = (process) => {
      const fll = process.run(Writing.of<unknown>())
      return (m) => fll.send('p2', m)
    }
    const found = run({ setup: writing, operations: [op('p1', 1)], faults: [crash('p1').afterSends(1), recover('p1').at(20)] })
    expect(delivered(found)).toEqual(['20 p1>p1 {"a":1}'])
  })
})

describe('a crash after a number of sends', () => {
  it('no longer happens if it has not happened by the recovery listed after it', () => {
    const operations = [op('p1', 1), op('p1', 2, 50)]
    expect(faults(run({ operations, faults: [crash('p1').afterSends(2), recover('p1').at(20)] }))).toEqual([])
    expect(faults(run({ operations, faults: [recover('p1').at(20), crash('p1').afterSends(2)] }))).toEqual(['50 p1 crash'])
  })

  it('continues to count after a recovery, and may be at the very start', () => {
    const operations = [op('p1', 1, 5), op('p1', 2, 50), op('p1', 3, 50)]
    const several = [crash('p1').afterSends(0), recover('p1').at(20), crash('p1').afterSends(2), recover('p1').at(90)]
    const found = run({ operations, faults: several })
    expect(faults(found)).toEqual(['0 p1 crash', '20 p1 recover', '75 p1 crash', '90 p1 recover'])
    expect(delivered(found).filter((line) => line.includes('>p2'))).toEqual(['26 p1>p2 1', '76 p1>p2 2', '141 p1>p2 3'])
  })
})

it('there are no perfect links where processes recover', () => {
  const perfect: Setup<number> = (process) => void process.run(PerfectPointToPointLinks)
  expect(() => run({ setup: perfect, faults: [crash('p1').at(1), recover('p1').at(2)] })).toThrow('nothing gives PerfectPointToPointLinks')
})

describe('under seeds', () => {
  /** A classic mistake: a process that starts indicates how often it has started, from a state that it takes for stable. */
  const Forgetful = algorithm(
    {
      name: 'forgetful',
      implements: { fll: FairLossPointToPointLinks },
      uses: { storage: StableStorage.of<{ starts: number }>() },
      assumes: { processes: 'crash-recovery', timing: 'asynchronous', resilience: 'f < N' },
      state: () => ({ starts: 0 }),
    },
    ({ fll, storage, state, self }) => {
      state.starts += 1
      storage.store({ starts: state.starts })
      fll.deliver(self, state.starts as never)
    },
  )
  const starts: Scenario = {
    name: 'starts',
    model: 'fail-recovery',
    processes: 4,
    resilience: 'f < N/2',
    operations: () => [],
    setup: (process) => void process.run(Forgetful),
    check: ({ trace }) => {
      const last = new Map<string, unknown>()
      for (const entry of trace.entries) {
        if (entry.type !== 'event' || entry.event !== 'deliver') continue
        const { process, attributes } = entry
        if (last.get(process) === attributes[1]) return { property: 'X', why: `${process} starts for the ${attributes[1]}st time again` }
        last.set(process, attributes[1])
      }
      return undefined
    },
  }
  const outcomes = Array.from({ length: 200 }, (_, seed) => runSeed(starts, seed))

  it('some processes recover several times, some stay down, and a majority is eventually up', () => {
    let several = 0
    let down = 0
    for (const { run: found } of outcomes) {
      const entries = found.trace.entries.filter(({ type }) => type === 'crash' || type === 'recover')
      const last = new Map(entries.map((entry) => [entry.process, entry.type]))
      const staying = [...last.values()].filter((type) => type === 'crash').length
      expect(staying).toBeLessThanOrEqual(1)
      if (staying > 0) down++
      if (entries.filter(({ type, process }) => type === 'recover' && process === 'p1').length > 1) several++
    }
    expect(several).toBeGreaterThan(20)
    expect(down).toBeGreaterThan(20)
  })

  it('a failure shrinks to a plan in JSON that fails in the same way: one process, one crash, one recovery', () => {
    const failed = outcomes.find(({ violation }) => violation !== undefined)
    if (failed === undefined) throw new Error('survived')
    const { plan, violation } = shrink(starts, failed)
    expect(violation.property).toBe('X')
    expect(plan.processes).toHaveLength(1)
    expect(plan.faults.map(({ kind }) => kind)).toEqual(['crash', 'recover'])
    const again = JSON.parse(JSON.stringify(plan)) as Plan
    expect(again).toEqual(plan)
  })
})
