import { memoryUsage } from 'node:process'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { algorithm, EpochConsensus, increasing, many, PerfectPointToPointLinks, type Port } from '@upon/contract'
import { describe, expect, it } from 'vitest'
import { assumes, handLinks, hostStep, Step } from '../test/modules'
import { type HandlerError, Process, type ProcessOptions } from './index'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** A member of a family: tells what its links deliver. */
const Member = algorithm(
  { name: 'member', implements: { step: Step }, uses: { pl: PerfectPointToPointLinks.of<string>(), host: Step }, assumes },
  ({ step, pl, upon }) => {
    upon(step.ask, (m) => step.answer(m))
    upon(pl.deliver, (p, m) => step.answer(`${p} ${m}` as never))
  },
)

/** Counts for itself. */
const Leaf = algorithm(
  { name: 'leaf', implements: { step: Step }, uses: {}, assumes, state: () => ({ requests: 0 }) },
  ({ step, state, upon }) => {
    upon(step.ask, () => step.answer(`leaf ${++state.requests}` as never))
  },
)

type Command = ['create' | 'dispose' | 'ask', index: never]

const Any = algorithm({ name: 'any', implements: { step: Step }, uses: { m: many(Member) }, assumes }, ({ step, m, upon }) => {
  upon(step.ask, (command) => {
    const [what, index] = command as unknown as Command
    if (what === 'ask') m.ask(index, 'hello' as never)
    else m[what](index)
    if (what === 'create' && !m.has(index)) throw new Error('made, and not there')
    if (what === 'dispose' && m.has(index)) throw new Error('ended, and still there')
  })
  upon(m.answer, (index, answer) => step.answer([index, answer] as never))
})

const Epochs = algorithm(
  { name: 'epochs', implements: { step: Step }, uses: { ep: increasing(Member) }, assumes },
  ({ step, ep, upon }) => {
    upon(step.ask, (command) => {
      const [what, index] = command as unknown as Command
      if (what === 'ask') ep.ask(index, 'hello' as never)
      else ep[what](index)
    })
    upon(ep.answer, (index, answer) => step.answer([index, answer] as never))
  },
)

function system(layer: typeof Any | typeof Epochs, options: Partial<ProcessOptions<[]>> = {}) {
  const links = handLinks()
  const host = hostStep()
  const missing: unknown[] = []
  const crashes: HandlerError[] = []
  const process = new Process({
    self: 'p',
    processes: ['p', 'q'],
    supply: [links.transport, host.port],
    onMissing: (path, from, message) => missing.push([path, from, message]),
    onCrash: (error) => crashes.push(error),
    onUnclaimed: () => {},
    onOverflow: () => {},
    hold: options.hold ?? {},
  })
  const port = (layer as typeof Any).of<unknown>()
  const family = process.run(port, 'app')
  const seen: unknown[] = []
  process.upon(family.answer, (m) => seen.push(m))
  const tell = (what: Command[0], index: string | number) => family.ask([what, index])
  const forget = () => {
    for (const list of [host.opened, host.closed, host.answers, missing]) list.length = 0
  }
  return { ...links, ...host, process, tell, missing, crashes, forget, indicated: () => seen.splice(0) }
}

describe('a family', () => {
  it('makes and ends instances; their events carry their index first', () => {
    const { tell, indicated, opened, closed, process } = system(Any)
    tell('create', 'x')
    tell('create', 'y')
    tell('ask', 'y')
    tell('ask', 'x')
    expect(indicated()).toEqual([
      ['y', 'hello'],
      ['x', 'hello'],
    ])
    expect(opened).toEqual(['app.m[x].host', 'app.m[y].host'])
    tell('dispose', 'x')
    tell('dispose', 'x') // twice is once
    expect(closed).toEqual(['app.m[x].host'])
    expect(Object.keys(process.snapshot())).toEqual(['app', 'app.m[y]', 'app.m[y].pl', 'app.m[y].host'])
    tell('create', 'x')
    tell('ask', 'x')
    expect(indicated()).toEqual([['x', 'hello']])
  })

  it('of a port of the host: each instance is opened with its parameters', () => {
    const opened: unknown[] = []
    const ep: Port<EpochConsensus> = {
      sort: 'port',
      abstraction: EpochConsensus,
      open: ({ path, parameters }) => {
        opened.push([path, parameters])
        return { upon: { propose: () => {}, abort: () => {} } }
      },
    }
    const parameters = (ets: number) => ({ ets, l: 'p', state: { valts: 0, val: undefined } })
    const Epochs = algorithm({ name: 'epochs', implements: { step: Step }, uses: { ep: increasing(ep) }, assumes }, ({ ep }) => {
      for (const ets of [0, 3]) ep.create(ets, parameters(ets))
    })
    new Process({ self: 'p', processes: ['p'] }).run(Epochs, 'app')
    expect(opened).toEqual([
      ['app.ep[0]', parameters(0)],
      ['app.ep[3]', parameters(3)],
    ])
  })

  it.each([
    ['an index that is not there', [['ask', 'x']], 'ask: there is no instance app.m[x]'],
    [
      'an instance that no longer exists',
      [
        ['create', 'x'],
        ['dispose', 'x'],
        ['ask', 'x'],
      ],
      'ask: there is no instance app.m[x]',
    ],
    [
      'an index that is taken',
      [
        ['create', 'x'],
        ['create', 'x'],
      ],
      'there is already an instance app.m[x]',
    ],
  ] as const)('says what is wrong with %s', (_, commands, message) => {
    const { tell, crashes } = system(Any)
    for (const [what, index] of commands) tell(what, index)
    expect(crashes.map(({ cause }) => cause)).toEqual([new RangeError(message)])
  })

  it('that is increasing does not go back', () => {
    const { tell, crashes } = system(Epochs)
    for (const index of [0, 3, 4]) tell('create', index)
    tell('dispose', 4)
    tell('create', 4)
    expect(crashes.map(({ cause }) => cause)).toEqual([
      new RangeError('app.ep[4]: instances of this family are made in increasing order; the lowest possible is now 5'),
    ])
  })
})

describe('messages for instances that are not made yet', () => {
  it('are kept, reported, and delivered in their order once the instance is made', () => {
    const { tell, indicated, receive, missing, process } = system(Any)
    receive('q', 'app.m[x].pl', 'one')
    receive('q', 'app.m[y].pl', 'other')
    receive('p', 'app.m[x].pl', 'two')
    expect(missing).toEqual([
      ['app.m[x].pl', 'q', 'one'],
      ['app.m[y].pl', 'q', 'other'],
      ['app.m[x].pl', 'p', 'two'],
    ])
    expect([indicated(), process.counters.held]).toEqual([[], 3])
    tell('create', 'x')
    receive('q', 'app.m[x].pl', 'three')
    expect([indicated(), process.counters.held]).toEqual([
      [
        ['x', 'q one'],
        ['x', 'p two'],
        ['x', 'q three'],
      ],
      1,
    ])
  })

  it('are kept up to a number for one instance and for all, the first ones; the rest is counted', () => {
    const { tell, indicated, receive, process } = system(Any, { hold: { perInstance: 2, perProcess: 3 } })
    for (const m of ['1', '2', '3']) receive('q', 'app.m[x].pl', m)
    expect(process.counters).toMatchObject({ held: 2, overflowed: 1 })
    for (const m of ['4', '5']) receive('q', 'app.m[y].pl', m)
    expect(process.counters).toMatchObject({ held: 3, overflowed: 2 })
    tell('create', 'x')
    tell('create', 'y')
    expect(indicated()).toEqual([
      ['x', 'q 1'],
      ['x', 'q 2'],
      ['y', 'q 4'],
    ])
    expect(process.counters).toMatchObject({ held: 0, overflowed: 2 })
  })

  it('are dropped and counted when an increasing family has passed them, before or after they came', () => {
    const { tell, indicated, receive, process } = system(Epochs)
    tell('create', 0)
    for (const index of [2, 5, 10]) receive('q', `app.ep[${index}].pl`, `early ${index}`)
    tell('dispose', 0)
    receive('q', 'app.ep[0].pl', 'late 0')
    expect(process.counters).toMatchObject({ held: 3, late: 1 })
    tell('create', 5) // 2 was never made here, and never will be
    expect(process.counters).toMatchObject({ held: 1, late: 2 })
    receive('q', 'app.ep[2].pl', 'late 2')
    receive('q', 'app.ep[4].beb.pl', 'late 4')
    receive('q', 'app.ep[5].pl', 'in time')
    receive('q', 'other.ep[2].pl', 'of another family')
    expect(process.counters).toMatchObject({ held: 2, late: 4 })
    expect(indicated()).toEqual([
      [5, 'q early 5'],
      [5, 'q in time'],
    ])
  })

  it('are no ground for memory to grow: 30,000 epochs made and ended leave nothing behind', () => {
    const { tell, receive, process, indicated, forget } = system(Epochs)
    const bytesAfter = (from: number, to: number) => {
      for (let ts = from; ts < to; ts++) {
        receive('q', `app.ep[${ts}].pl`, 'early')
        tell('create', ts)
        tell('dispose', ts)
        receive('q', `app.ep[${ts}].pl`, 'late')
        indicated()
        forget()
      }
      collectGarbage()
      return memoryUsage().heapUsed
    }
    const before = bytesAfter(0, 5_000)
    expect(bytesAfter(5_000, 30_000) - before).toBeLessThan(550_000) // 22 bytes an epoch: not even a Map's entry
    expect(Object.keys(process.snapshot())).toEqual(['app'])
    expect(process.counters).toMatchObject({ held: 0, late: 30_000, overflowed: 0 })
  })
})

it('an instance that is made again goes on from the state that the host kept of it, and so does what is below it', () => {
  const Counter = algorithm(
    { name: 'counter', implements: { step: Step }, uses: { below: Leaf }, assumes, state: () => ({ requests: 0 }) },
    ({ step, below, state, upon }) => {
      upon(step.ask, (m) => {
        state.requests++
        below.ask(m as never)
      })
      upon(below.answer, (m) => step.answer(`${state.requests} ${String(m)}` as never))
    },
  )
  const Counters = algorithm({ name: 'counters', implements: { step: Step }, uses: { m: many(Counter) }, assumes }, ({ step, m, upon }) => {
    upon(step.ask, (command) => {
      const [what, index] = command as unknown as Command
      if (what === 'ask') m.ask(index, 'hello' as never)
      else m[what](index)
    })
    upon(m.answer, (_, answer) => step.answer(answer as never))
  })
  const kept = new Map<string, object>()
  const process = new Process({ self: 'p', processes: ['p'], resume: (path) => kept.get(path) })
  const { ask, answer } = process.run(Counters)
  const answers: unknown[] = []
  process.upon(answer, (m) => answers.push(m))
  const command = (...c: unknown[]) => ask(c as never)
  command('create', 'x')
  command('ask', 'x')
  for (const [path, state] of Object.entries(process.snapshot('step.m[x]'))) kept.set(path, state)
  expect([...kept.keys()]).toEqual(['step.m[x]', 'step.m[x].below'])
  expect(process.snapshot('step.m[y]')).toEqual({})
  command('dispose', 'x')
  command('create', 'x')
  command('ask', 'x')
  expect(answers).toEqual(['1 leaf 1', '2 leaf 2'])
})
