import { BasicBroadcast } from '@upon/broadcast'
import { algorithm, FairLossPointToPointLinks, PerfectPointToPointLinks, Timer } from '@upon/contract'
import type { AlgorithmEvent } from '@upon/trace'
import { describe, expect, it } from 'vitest'
import { block, crash, hold, partition, pause, type Run, type Setup, type SimulationOptions, simulate, slow } from '../src'

/** Sends numbers to all other processes over perfect links. */
const sending: Setup<number> = (process) => {
  const pl = process.run(PerfectPointToPointLinks.of<number>())
  process.upon(pl.deliver, () => {})
  return (m, done) => {
    for (const q of process.processes) if (q !== process.self) pl.send(q, m)
    done()
  }
}

const run = (options: Partial<SimulationOptions<number>>) =>
  simulate<number>({ processes: 3, seed: 1, setup: sending, schedule: { kind: 'fixed', delayMs: 1 }, ...options })

const from = (process: string, ...messages: number[]) => messages.map((operation) => ({ process, afterMs: 0, operation }))

const delivered = ({ trace }: Run) =>
  trace.entries
    .filter((entry): entry is AlgorithmEvent => entry.type === 'event' && entry.event === 'deliver')
    .map(({ timeMs, process, attributes: [p, m] }) => `${timeMs} ${p}>${process} ${m}`)

describe('crash', () => {
  it('after its n-th send a process sends nothing more, and so reaches some of a broadcast and not others', () => {
    const setup: Setup<number> = (process) => {
      const beb = process.run(BasicBroadcast.of<number>())
      return (m) => beb.broadcast(m)
    }
    const crashed = run({ setup, processes: 5, operations: from('p1', 7), faults: [crash('p1').afterSends(2)] })
    const pl = crashed.trace.entries.filter((entry) => entry.type === 'event' && entry.path === 'beb' && entry.event === 'deliver')
    expect(pl.map(({ process }) => process)).toEqual(['p2', 'p3'])
  })

  it('at a time: the process gets and does nothing from then on; what it sent before arrives', () => {
    const operations = [...from('p1', 1), { process: 'p1', afterMs: 5, operation: 2 }, { process: 'p2', afterMs: 3, operation: 3 }]
    const crashed = run({ operations, faults: [crash('p1').at(0.5)] })
    expect(delivered(crashed)).toEqual(['1 p1>p2 1', '1 p1>p3 1', '4 p2>p3 3'])
    expect(crashed.end).toBe('quiescent')
  })

  it('may lose messages under way', () => {
    expect(delivered(run({ operations: from('p1', 1), faults: [crash('p1', { lostPercent: 100 }).at(0.5)] }))).toEqual([])
  })
})

describe('partitions of perfect links', () => {
  it('delay what crosses them until they heal, and nothing else', () => {
    const parted = run({ operations: from('p1', 1), faults: [partition(['p1'], ['p2']).from(0).to(30)], boundMs: 1 })
    const [first, second] = delivered(parted)
    expect(first).toBe('1 p1>p3 1')
    expect(second).toMatch(/^(30\.\d+|31) p1>p2 1$/)
    expect(parted.trace.entries.filter(({ type }) => type === 'partition' || type === 'heal').map(({ timeMs }) => timeMs)).toEqual([0, 30])
  })

  it('may be one-way', () => {
    const operations = [...from('p1', 1), ...from('p2', 2)]
    const times = delivered(run({ operations, faults: [block(['p1'], ['p2', 'p3']).from(0).to(30)] })).map((line) => line.split(' ')[1])
    expect(times.slice(0, 2)).toEqual(['p2>p1', 'p2>p3'])
    expect(new Set(times.slice(2))).toEqual(new Set(['p1>p2', 'p1>p3']))
  })

  it('that never heal leave a run cut, since liveness cannot be judged', () => {
    expect(run({ operations: from('p1', 1), faults: [block(['p1'], ['p2']).from(0).forever()] }).end).toBe('cut')
  })
})

describe('hold', () => {
  it('ends when something has happened', () => {
    const operations = [...from('p1', 1), { process: 'p3', afterMs: 20, operation: 2 }]
    const isThird = (entry: { readonly process?: string }) => entry.process === 'p3' && 'event' in entry && entry.event === 'send'
    const held = delivered(run({ operations, faults: [hold('p1', 'p2').until(isThird)], boundMs: 1 }))
    expect(held[0]).toBe('1 p1>p3 1')
    expect(held.map((line) => line.slice(line.indexOf('p'))).sort()).toEqual(['p1>p2 1', 'p1>p3 1', 'p3>p1 2', 'p3>p2 2'])
    expect(Number(held.find((line) => line.endsWith('p1>p2 1'))?.split(' ')[0])).toBeGreaterThan(20)
  })
})

describe('pauses and slowness', () => {
  it('a paused process handles everything when it resumes', () => {
    expect(delivered(run({ operations: from('p1', 1, 2), faults: [pause('p2').from(0.5).to(9)] }))).toEqual([
      '1 p1>p3 1',
      '1 p1>p3 2',
      '9 p1>p2 1',
      '9 p1>p2 2',
    ])
  })

  it('a slow process takes its time for each event', () => {
    const times = delivered(run({ operations: from('p1', 1, 2, 3), faults: [slow('p2', 4).from(0.5).to(40)] }))
    expect(times.filter((line) => line.includes('>p2'))).toEqual(['1 p1>p2 1', '5 p1>p2 2', '9 p1>p2 3'])
  })
})

describe('a timer', () => {
  const ticking: Setup<number> = (process) => {
    const timer = process.run(Timer)
    process.upon(timer.timeout, () => {})
    return (delayMs) => timer.start(delayMs)
  }
  const timeouts = ({ trace }: Run) =>
    trace.entries.flatMap((entry) => ('event' in entry && entry.event === 'timeout' ? [entry.timeMs] : []))

  it('TIM1: times out once, after its delay', () => {
    expect(timeouts(run({ setup: ticking, operations: from('p1', 100) }))).toEqual([100])
  })

  it('drifts only before the stabilisation time', () => {
    const drift = { kind: 'drift', process: 'p1', percent: 150 } as const
    const options = { setup: ticking, faults: [drift], stabilisationMs: 50 }
    expect(timeouts(run({ ...options, operations: from('p1', 100) }))).toEqual([150])
    expect(timeouts(run({ ...options, operations: [{ process: 'p1', afterMs: 60, operation: 100 }] }))).toEqual([160])
  })
})

describe('fair-loss links', () => {
  const lossy: Setup<number> = (process) => {
    const fll = process.run(FairLossPointToPointLinks.of<number>())
    process.upon(fll.deliver, () => {})
    return (m, done) => {
      fll.send('p2', m)
      done()
    }
  }
  const messages = Array.from({ length: 60 }, (_, i) => i)

  it('lose messages, but never more than five in a row', () => {
    const lost = run({
      setup: lossy,
      operations: from('p1', ...messages),
      faults: [{ kind: 'loss', lostPercent: 100, duplicatedPercent: 0 }],
    })
    expect(delivered(lost)).toHaveLength(10)
    expect(lost.trace.entries.filter(({ type }) => type === 'loss')).toHaveLength(50)
  })

  it('repeat messages, finitely often', () => {
    const twice = run({ setup: lossy, operations: from('p1', 1, 2), faults: [{ kind: 'loss', lostPercent: 0, duplicatedPercent: 100 }] })
    expect(
      delivered(twice)
        .map((line) => line.slice(-1))
        .sort(),
    ).toEqual(['1', '1', '2', '2'])
  })
})

describe('schedules', () => {
  it('delays after the stabilisation time are bounded, also of what was sent before it', () => {
    const schedule = { kind: 'random', seed: 1, shape: 'heavy', lowMs: 100, highMs: 1000 } as const
    const times = delivered(run({ operations: from('p1', 1, 2, 3), schedule, stabilisationMs: 20, boundMs: 5 })).map(parseFloat)
    expect(Math.max(...times)).toBe(25)
  })

  it('under priorities each link keeps its order, and a link with a lower priority waits', () => {
    const schedule = { kind: 'priorities', seed: 3, stepMs: 1, changes: [] } as const
    const operations = [...from('p1', 1, 2), ...from('p2', 3, 4)]
    const lines = delivered(run({ operations, schedule, stabilisationMs: 1000 }))
    const links = lines.map((line) => line.split(' ')[1])
    expect(new Set(links).size).toBe(4)
    links.forEach((link, i) => {
      expect(links.indexOf(link)).toBe(i - (i % 2)) // a link's two messages, then the next link's
    })
  })
})

describe('a handler that throws', () => {
  const Faulty = algorithm(
    {
      name: 'faulty',
      implements: { pl: PerfectPointToPointLinks },
      uses: {},
      assumes: { processes: 'crash-stop', timing: 'asynchronous', resilience: 'f < N' },
    },
    ({ pl, upon }) => {
      upon(pl.send, () => {
        throw new Error('no')
      })
    },
  )

  it('crashes its process and is reported', () => {
    const setup: Setup<number> = (process) => {
      const pl = process.run(Faulty.of<number>())
      return (m) => pl.send('p2', m)
    }
    const { errors, trace } = run({ setup, operations: from('p1', 1) })
    expect(errors.map(({ message }) => message)).toEqual(['p1: pl threw upon pl.send: no'])
    expect(trace.entries.at(-1)).toMatchObject({ type: 'crash', process: 'p1', detail: 'p1: pl threw upon pl.send: no' })
  })
})

describe('the trace', () => {
  it('what a link delivers is caused by its sending, what is triggered by what was handled', () => {
    const { trace } = run({ operations: from('p1', 1) })
    const entries = trace.entries as AlgorithmEvent[]
    expect(entries.map(({ index, cause, process, event }) => [index, cause, process, event])).toEqual([
      [0, -1, 'p1', 'send'],
      [1, -1, 'p1', 'send'],
      [2, 0, 'p2', 'deliver'],
      [3, 1, 'p3', 'deliver'],
    ])
  })
})

it('a process that never ends its step crashes, and does not hang the run', () => {
  const setup: Setup<number> = (process) => {
    const pl = process.run(PerfectPointToPointLinks.of<number>())
    process.upon(pl.deliver, (p, m) => pl.send(p, m)) // to itself, at once
    return (m) => pl.send(process.self, m)
  }
  const { errors, end } = run({ setup, operations: from('p1', 1), record: 'nothing' })
  expect(errors.map(({ message }) => message).join()).toContain('it goes on forever')
  expect(end).toBe('quiescent')
})
