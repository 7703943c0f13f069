import { BasicBroadcast } from '@upon/broadcast'
import { FairLossPointToPointLinks, PerfectPointToPointLinks, Timer } from '@upon/contract'
import type { Trace } from '@upon/trace'
import { expect, it } from 'vitest'
import { type ExploredProcess, explore } from '../src'

const op = <O>(process: string, operation: O) => ({ process, afterMs: 0, operation })

it('visits every order of two messages from one process to another: 1, 2 or both under way, and either one first', () => {
  const setup = (process: ExploredProcess) => {
    const pl = process.run(PerfectPointToPointLinks.of<number>())
    process.upon(pl.deliver, () => {})
    return (m: number, done: () => void) => {
      pl.send('p2', m)
      done()
    }
  }
  const { states, ends, isComplete } = explore<number>({
    processes: 2,
    setup,
    operations: [op('p1', 1), op('p1', 2)],
    check: () => undefined,
  })
  // s1, s2: sent; d1, d2: delivered. -, s1, s1d1, s1s2, s1d1s2, s1s2d1, s1s2d2, and three ways to have all
  expect({ states, ends, isComplete }).toEqual({ states: 10, ends: { quiescent: 3, cut: 0 }, isComplete: true })
})

it('gives the shortest counterexample', () => {
  const setup = (process: ExploredProcess) => {
    const beb = process.run(BasicBroadcast.of<number>())
    return (m: number, done: () => void) => {
      beb.broadcast(m)
      done()
    }
  }
  const check = ({ entries }: { readonly entries: readonly unknown[] }) =>
    entries.length >= 3 ? { property: 'X', why: 'three events' } : undefined
  const { counterexample } = explore<number>({ processes: 2, setup, operations: [op('p1', 1), op('p2', 2)], check })
  expect(counterexample?.moves).toEqual(['p1 does 1', 'p1>p2 beb.pl 1'])
})

it('fair-loss links lose and repeat at most as many messages as allowed, and perfect links none', () => {
  const outcomes = (links: typeof FairLossPointToPointLinks | typeof PerfectPointToPointLinks) => {
    const setup = (process: ExploredProcess) => {
      const port = process.run((links as typeof PerfectPointToPointLinks).of<number>())
      process.upon(port.deliver, () => {})
      return (m: number, done: () => void) => {
        port.send('p2', m)
        done()
      }
    }
    const deliveries = new Set<number>()
    const check = ({ entries, end }: Trace) => {
      if (end === 'quiescent') deliveries.add(entries.filter((entry) => 'event' in entry && entry.event === 'deliver').length)
      return undefined
    }
    explore<number>({ processes: 2, setup, operations: [op('p1', 1)], losses: 1, repeats: 2, check })
    return [...deliveries].sort()
  }
  expect(outcomes(PerfectPointToPointLinks)).toEqual([1])
  expect(outcomes(FairLossPointToPointLinks)).toEqual([0, 1, 2, 3])
})

const crashOnly = { operations: [], crashes: 1 }

it('a detector indicates each crash once, at any moment after it, and nothing else', () => {
  const ends: string[] = []
  const { isComplete } = explore({
    ...crashOnly,
    processes: 2,
    setup: (process) => void process.run(process.detectors.PerfectFailureDetector),
    check: ({ entries, end }) => {
      if (end === 'quiescent')
        ends.push(entries.map((entry) => `${entry.process} ${'event' in entry ? entry.event : entry.type}`).join(', '))
      return undefined
    },
  })
  expect(isComplete).toBe(true)
  expect(ends.sort()).toEqual(['', 'p1 crash, p2 crash', 'p2 crash, p1 crash'])
})

it('a message of a process that crashed may be lost or delivered', () => {
  const deliveries = new Set<string>()
  explore<number>({
    processes: 2,
    crashes: 1,
    setup: (process) => {
      const pl = process.run(PerfectPointToPointLinks.of<number>())
      process.upon(pl.deliver, () => {})
      return (m, done) => {
        pl.send('p2', m)
        done()
      }
    },
    operations: [op('p1', 1)],
    check: ({ entries, end }) => {
      const isSent = entries.some((entry) => 'event' in entry && entry.event === 'send')
      const hasSenderCrashed = entries.some(({ type, process }) => type === 'crash' && process === 'p1')
      if (end === 'quiescent' && isSent && hasSenderCrashed)
        deliveries.add(entries.some((entry) => 'event' in entry && entry.event === 'deliver') ? 'delivered' : 'lost')
      return undefined
    },
  })
  expect(deliveries).toEqual(new Set(['delivered', 'lost']))
})

it('where the model is synchronous, nothing times out while a message is under way', () => {
  const orders = (model: 'fail-stop' | 'fail-silent') => {
    const found = new Set<string>()
    explore<number>({
      processes: 2,
      timeouts: 1,
      model,
      record: 'everything',
      setup: (process) => {
        const pl = process.run(PerfectPointToPointLinks.of<number>())
        const timer = process.run(Timer)
        process.upon(pl.deliver, () => {})
        if (process.self === 'p2') timer.start(1)
        return (m, done) => {
          pl.send('p2', m)
          done()
        }
      },
      operations: [op('p1', 1)],
      check: ({ entries }) => {
        const names = entries.map((entry) => ('event' in entry ? entry.event : ''))
        const [sent, out, delivered] = ['send', 'timeout', 'deliver'].map((name) => names.indexOf(name)) as [number, number, number]
        if (delivered >= 0 && sent < out && out < delivered) found.add('late')
        return undefined
      },
    })
    return [...found]
  }
  expect([orders('fail-silent'), orders('fail-stop')]).toEqual([['late'], []])
})

const endless = () => ({
  processes: 2,
  setup: (process: ExploredProcess) => {
    const pl = process.run(PerfectPointToPointLinks.of<number>())
    process.upon(pl.deliver, (p, m) => pl.send(p, m + 1))
    return (m: number, done: () => void) => {
      pl.send('p2', m)
      done()
    }
  },
  operations: [op('p1', 1)],
  check: (): undefined => {},
})

it('a limit of states, or of time, ends an exploration without end, with what was visited so far', () => {
  expect(explore<number>({ ...endless(), limitStates: 50 })).toMatchObject({ states: 50, isComplete: false })
  const { states, isComplete } = explore<number>({ ...endless(), limitStates: 1e9, limitMs: 20 })
  expect(states).toBeGreaterThan(0)
  expect(isComplete).toBe(false)
})

it('a handler that throws is reported with its schedule', () => {
  const setup = (process: ExploredProcess) => {
    const pl = process.run(PerfectPointToPointLinks.of<number>())
    process.upon(pl.deliver, () => {
      throw new Error('bad luck')
    })
    return (m: number) => pl.send('p2', m)
  }
  const { counterexample } = explore<number>({ processes: 2, setup, operations: [op('p1', 1)], check: () => undefined })
  expect(counterexample).toMatchObject({ moves: ['p1 does 1', 'p1>p2 pl 1'], violation: { property: 'no handler throws' } })
  expect(counterexample?.violation.why).toContain('bad luck')
})

it('a process that behaves differently on the same input is detected', () => {
  let runs = 0
  const setup = (process: ExploredProcess) => {
    const pl = process.run(PerfectPointToPointLinks.of<number>())
    const sends = ++runs
    process.upon(pl.deliver, (p, m) => {
      for (let i = 0; i < sends; i++) pl.send(p, m)
    })
    return (m: number, done: () => void) => {
      pl.send('p2', m)
      done()
    }
  }
  const operations = [op('p1', 1), op('p1', 2)]
  expect(() => explore<number>({ processes: 2, setup, operations, check: () => undefined })).toThrow('not deterministic')
})
