import {
  abstraction,
  algorithm,
  type Indication,
  increasing,
  type Module,
  PerfectPointToPointLinks,
  type Request,
  StableStorage,
} from '@upon/contract'
import { expect, it } from 'vitest'
import { type Exploration, type ExploredProcess, explore } from '../src'

interface Gate extends Module {
  readonly guarantees: { readonly gate: true }
  readonly go: Request<[]>
  readonly open: Indication<[what: string]>
}
const Gate = abstraction<Gate>({ name: 'Gate', instance: 'g', requests: { go: [] }, indications: { open: ['what'] }, properties: {} })
const assumes = { processes: 'crash-stop', timing: 'asynchronous', resilience: 'f < N' } as const
type Said = { kind: 'A' } | { kind: 'B' } | { kind: 'C' } | { kind: 'DONE' }

/** p1 sends A and B, p2 answers when both have come, and then gets C. Opening the gate is the only indication. */
const explored = (run: (process: ExploredProcess) => { go(): void }, mustOpen = true): Exploration =>
  explore({
    processes: 2,
    setup: (process) => {
      const g = run(process)
      return (_, done) => {
        g.go()
        done()
      }
    },
    operations: [{ process: 'p1', afterMs: 0, operation: 1 }],
    check: ({ end, entries }) =>
      mustOpen && end === 'quiescent' && !entries.some((entry) => entry.type === 'event' && entry.event === 'open')
        ? { property: 'OPENS', why: 'it never opened' }
        : undefined,
  })

it('the state of an explored process includes whether it has halted', () => {
  const HaltsAtA = algorithm(
    { name: 'halts', implements: { g: Gate }, uses: { pl: PerfectPointToPointLinks.of<Said>() }, assumes, state: () => ({ n: 0 }) },
    ({ g, pl, state, upon, halt }) => {
      const step = () => {
        if (++state.n === 2) pl.send('p1', { kind: 'DONE' })
      }
      upon(g.go, () => {
        pl.send('p2', { kind: 'A' })
        pl.send('p2', { kind: 'B' })
      })
      upon(pl.deliver, 'A', () => {
        if (state.n === 1) halt()
        step()
      })
      upon(pl.deliver, 'B', step)
      upon(pl.deliver, 'DONE', () => pl.send('p2', { kind: 'C' }))
      upon(pl.deliver, 'C', () => g.open('c'))
    },
  )
  expect(explored((process) => process.run(HaltsAtA)).counterexample?.violation.property).toBe('OPENS')
})

it('the state of an explored process includes what it has stored', () => {
  const Storing = algorithm(
    {
      name: 'storing',
      implements: { g: Gate },
      uses: { pl: PerfectPointToPointLinks.of<Said>(), storage: StableStorage.of<{ last: string }>() },
      assumes,
    },
    ({ g, pl, storage, upon }) => {
      upon(g.go, () => {
        pl.send('p2', { kind: 'A' })
        pl.send('p2', { kind: 'B' })
      })
      upon(pl.deliver, 'A', () => storage.store({ last: 'A' }))
      upon(pl.deliver, 'B', () => storage.store({ last: 'B' }))
    },
  )
  // nothing sent, A and B sent: both under way, one there, the other there, both there in either order
  expect(explored((process) => process.run(Storing), false).states).toBe(6)
})

it('the state of an explored process includes which messages wait for an instance, and how far a family has come', () => {
  const Families = algorithm(
    {
      name: 'families',
      implements: { g: Gate },
      uses: { pl: PerfectPointToPointLinks.of<Said>(), part: increasing(PerfectPointToPointLinks.of<string>()) },
      assumes,
    },
    ({ g, pl, part, upon }) => {
      upon(g.go, () => {
        part.create(1)
        part.send(1, 'p2', 'x')
        pl.send('p2', { kind: 'A' })
      })
      upon(pl.deliver, 'A', () => {
        part.create(1)
        part.dispose(1) // from here on what comes for part 1 is past
      })
    },
  )
  const { states, ends, isComplete } = explored((process) => process.run(Families), false)
  // nothing sent; both under way; x waits, and is dropped when A comes; A is there first, and x is dropped when it comes
  expect({ states, ends, isComplete }).toEqual({ states: 5, ends: { quiescent: 1, cut: 0 }, isComplete: true })
})

it('an algorithm that keeps something outside its state is detected', () => {
  const Hiding = algorithm(
    { name: 'hiding', implements: { g: Gate }, uses: { pl: PerfectPointToPointLinks.of<Said>() }, assumes, state: () => ({ n: 0 }) },
    ({ g, pl, state, upon }) => {
      let last = ''
      upon(g.go, () => {
        pl.send('p2', { kind: 'A' })
        pl.send('p2', { kind: 'B' })
      })
      const step = (kind: string) => {
        last = kind
        if (++state.n === 2) pl.send('p1', { kind: 'DONE' })
      }
      upon(pl.deliver, 'A', () => step('A'))
      upon(pl.deliver, 'B', () => step('B'))
      upon(pl.deliver, 'DONE', () => pl.send('p2', { kind: 'C' }))
      upon(pl.deliver, 'C', () => {
        if (last === 'B') g.open('c')
      })
    },
  )
  expect(() => explored((process) => process.run(Hiding))).toThrow('outside its state')
})
