import { algorithm, MessageCapacity, PerfectPointToPointLinks, type Signature, Signatures, Turn } from '@upon/contract'
import { expect, it } from 'vitest'
import { type SimulatedProcess, simulate } from '../src'

const assumes = { processes: 'crash-stop', timing: 'asynchronous', resilience: 'f < N' } as const

/** Runs two processes, the first of which sends the second what `made` gives, and returns what the second says of it. */
function received<T, R>(made: (process: SimulatedProcess) => T, said: (process: SimulatedProcess, message: T) => R): R[] {
  const found: R[] = []
  simulate({
    processes: 2,
    seed: 1,
    operations: [{ process: 'p1', afterMs: 0, operation: 'send' }],
    setup: (process) => {
      const pl = process.run(PerfectPointToPointLinks.of<T>())
      process.upon(pl.deliver, (_, message) => void found.push(said(process, message)))
      return (_: unknown, done) => {
        pl.send('p2', made(process))
        done()
      }
    },
  })
  return found
}

it('SIG1 validity: what a process has signed verifies everywhere, as equal data, and after a network', () => {
  const signed = received(
    (process) => process.run(Signatures, 'sig').sign({ a: 1, b: new Map([['x', 2]]) }),
    (process, signature: Signature) => {
      const { verify } = process.run(Signatures, 'sig')
      return [
        verify('p1', { b: new Map([['x', 2]]), a: 1 }, signature),
        verify('p1', { a: 2 }, signature),
        verify('p2', { a: 1 }, signature),
      ]
    },
  )
  expect(signed).toEqual([[true, false, false]])
})

it('SIG2 unforgeability: nothing verifies that was not signed: no signature, another process, another path, or one made up', () => {
  const verdicts = received(
    (process) => process.run(Signatures, 'a').sign('m'),
    (process, signature) => {
      const a = process.run(Signatures, 'a')
      const b = process.run(Signatures, 'b')
      const made = a.sign('never signed by p1') as object
      const texts = Object.entries(made).map(([field, text]) => [field, String(text).replaceAll('p2', 'p1')])
      const forged = Object.fromEntries(texts) as Signature
      return {
        undefined: a.verify('p1', 'm', undefined),
        null: a.verify('p1', 'm', null as never),
        path: b.verify('p1', 'm', signature),
        process: a.verify('p2', 'm', signature),
        forged: a.verify('p1', 'never signed by p1', forged),
        own: a.verify('p2', 'never signed by p1', made as Signature),
        right: a.verify('p1', 'm', signature),
      }
    },
  )
  expect(verdicts).toEqual([{ undefined: false, null: false, path: false, process: false, forged: false, own: true, right: true }])
})

it('TRN1 end: a turn ends once, after everything that had come by then: one message, or several', () => {
  const Gathering = algorithm(
    {
      name: 'gathering',
      implements: { pl: PerfectPointToPointLinks },
      uses: { below: PerfectPointToPointLinks.of<unknown>(), turn: Turn },
      assumes,
      state: () => ({ came: 0 }),
    },
    ({ pl, below, turn, state, self, upon }) => {
      upon(pl.send, (q, m) => below.send(q, m))
      upon(below.deliver, () => {
        state.came++
        turn.awaitEnd()
        turn.awaitEnd()
      })
      upon(turn.end, () => {
        pl.deliver(self, state.came as never)
        state.came = 0
      })
    },
  )
  const turnsOf = (seed: number) => {
    const turns: number[] = []
    simulate<string>({
      processes: 3,
      seed,
      operations: ['p1', 'p2'].map((process) => ({ process, afterMs: 0, operation: 'm' })),
      setup: (process) => {
        const pl = process.run(Gathering.of<unknown>())
        process.upon(pl.deliver, (_, came) => void turns.push(came as number))
        return (m, done) => {
          for (let i = 0; i < 3; i++) pl.send('p3', m)
          done()
        }
      },
    })
    return turns
  }
  const runs = Array.from({ length: 20 }, (_, seed) => turnsOf(seed))
  for (const turns of runs) expect(turns.reduce((sum, came) => sum + came, 0)).toBe(6) // nothing is left over
  expect(runs.flat()).toContain(1)
  expect(Math.max(...runs.flat())).toBeGreaterThan(2)
})

it('CAP1 fit: what fits is bounded, so that batches are full now and then', () => {
  simulate({
    processes: 1,
    seed: 1,
    setup: (process) => {
      const { fits } = process.run(MessageCapacity)
      expect([fits('x'), fits('x'.repeat(10_000))]).toEqual([true, false])
      return undefined
    },
  })
})
