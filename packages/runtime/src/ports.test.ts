import { algorithm, PerfectPointToPointLinks, type Port, shared, type Transport } from '@upon/contract'
import { describe, expect, it } from 'vitest'
import { assumes, Echo, handLinks, hostStep, Relay, Step } from '../test/modules'
import { type Observation, OverloadedError, Process, ProcessEndedError, type ProcessOptions } from './index'

const alone = { self: 'p', processes: ['p'] }

/** A port of the host at the root, whose indications come when the test says so. */
function scene(options: Partial<ProcessOptions<[]>> = {}) {
  const host = hostStep()
  const process = new Process({ ...alone, ...options })
  const port = process.run({ ...host.port } as Port<Step>)
  const seen: unknown[] = []
  const hear = (name: string) => process.upon(port.answer, (m: unknown) => void seen.push(`${name} ${m}`))
  return { ...host, process, port, seen, hear }
}

describe('what is indicated before the application has a handler', () => {
  it('is kept for its first one, in its order; a later one gets what comes from then on', () => {
    const { answer, seen, hear, process } = scene()
    for (const m of [1, 2]) answer(m)
    expect(process.counters.kept).toBe(2)
    hear('first')
    expect([seen, process.counters.kept]).toEqual([['first 1', 'first 2'], 0])
    hear('second')
    answer(3)
    expect(seen.slice(2)).toEqual(['first 3', 'second 3'])
  })

  it('lasts where the module says so: later handlers get it, too, each in its order, with what it causes', () => {
    const host = hostStep()
    const lasting = { ...Step, lasting: { answer: 'forever' } } as typeof Step
    const causes: [string, number][] = []
    const observe = ({ event, attributes, cause }: Observation) => causes.push([`${event} ${attributes}`, cause])
    const process = new Process({ ...alone, observe })
    const port = process.run({ ...host.port, abstraction: lasting } as Port<Step>)
    const seen: unknown[] = []
    host.answer('kept')
    for (const name of ['first', 'second']) {
      process.upon(port.answer, (m: unknown) => void seen.push(`${name} ${m}`))
      host.answer(`after ${name}`)
    }
    process.upon(port.answer, (m) => port.ask(m))
    expect(seen).toEqual([
      'first kept',
      'first after first',
      'second kept',
      'second after first',
      'first after second',
      'second after second',
    ])
    expect(causes.slice(3)).toEqual([['ask kept', 1], ['ask after first', 2], ['ask after second', 3]]) // biome-ignore format: a list
  })

  it('is kept also when ⟨Init⟩ indicates it, or a link that finds messages waiting', () => {
    const Announcing = algorithm({ name: 'announcing', implements: { step: Step }, uses: {}, assumes }, ({ step }) =>
      step.answer('first' as never),
    )
    const { transport, receive } = handLinks()
    const process = new Process({ ...alone, processes: ['p', 'q'], supply: [transport], onUnclaimed: () => {} })
    const seen: unknown[] = []
    const step = process.run(Announcing.of<string>())
    process.upon(step.answer, (m) => seen.push(m))
    receive('q', 'pl', 'early')
    const pl = process.run(PerfectPointToPointLinks.of<string>())
    process.upon(pl.deliver, (from, m) => seen.push(`${from} ${m}`))
    expect(seen).toEqual(['first', 'q early'])
  })

  it('comes before what is triggered in the meantime, also if the handler is registered within another', () => {
    const { answer, process, port, hear, seen } = scene()
    const echo = process.run(Echo.of<string>(), 'echo')
    answer('old')
    process.upon(echo.answer, () => {
      answer('queued')
      hear('late')
      answer('newer')
      hear('second')
    })
    echo.ask('go')
    expect(seen).toEqual(['late old', 'late queued', 'late newer'])
    answer('last')
    expect(seen.slice(3)).toEqual(['late last', 'second last'])
    expect(port).toBeDefined()
  })

  it('is kept by kind: each message for the first handler of its kind, or of all', () => {
    const { transport, receive } = handLinks()
    const unknown: unknown[] = []
    const onUnknownKind = (_: string, m: unknown) => unknown.push(m)
    const process = new Process({ self: 'p', processes: ['p', 'q'], supply: [transport], onUnknownKind })
    const pl = process.run(PerfectPointToPointLinks.of<{ kind: 'A' | 'B' | 'C'; n: number }>())
    const seen: string[] = []
    const hear = (kind: 'A' | 'B') => process.upon(pl.deliver, kind, (_, { n }) => seen.push(`${kind}${n}`))
    const send = (kind: string, n: number) => receive('q', 'pl', { kind, n })
    for (const [kind, n] of [['A', 1], ['B', 2], ['A', 3], ['C', 4]] as const) send(kind, n) // biome-ignore format: a list
    hear('A')
    expect(seen.splice(0)).toEqual(['A1', 'A3'])
    send('B', 5)
    expect([unknown, process.counters.unknownKinds]).toEqual([[{ kind: 'B', n: 5 }], 1]) // reported, and kept all the same
    hear('B')
    expect(seen.splice(0)).toEqual(['B2', 'B5'])
    process.upon(pl.deliver, (_, { kind, n }) => seen.push(`any ${kind}${n}`))
    expect(seen.splice(0)).toEqual(['any C4'])
    send('A', 6)
    send('C', 7)
    expect(seen).toEqual(['A6', 'any A6', 'any C7'])
  })

  it('is kept up to a number for each event; the rest is reported and counted', () => {
    const reported: unknown[] = []
    const onOverflow = (...refusal: unknown[]) => reported.push(refusal)
    const { answer, seen, hear, process } = scene({ onOverflow })
    for (let m = 0; m < 10_002; m++) answer(m)
    expect(process.counters).toMatchObject({ kept: 10_000, unheard: 2 })
    expect(reported).toEqual([10_000, 10_001].map((m) => ['perEvent', 'step.answer', undefined, m]))
    hear('it')
    expect([seen.length, seen.at(-1)]).toEqual([10_000, 'it 9999'])
  })

  it('brings about what it causes as if it had been handled at once', () => {
    const observed: Observation[] = []
    const { answer, process, port } = scene({ observe: (o) => observed.push(o) })
    const echo = process.run(Echo.of<unknown>(), 'echo')
    answer(1)
    answer(2)
    process.upon(port.answer, (m: unknown) => echo.ask(m))
    expect(observed.map(({ index, cause, path, event }) => [index, cause, `${path}.${event}`])).toEqual([
      [1, 0, 'step.answer'],
      [2, 0, 'step.answer'],
      [3, 1, 'echo.ask'],
      [4, 2, 'echo.ask'],
      [5, 3, 'echo.answer'],
      [6, 4, 'echo.answer'],
    ])
  })

  it('crashes the process if its handler throws, with the event that it was', () => {
    const { answer, process, port, hear, seen } = scene({ onCrash: () => {} })
    const errors: unknown[] = []
    process.whenEnded((error) => errors.push(error?.message))
    answer(1)
    process.upon(port.answer, () => {
      throw new Error('no')
    })
    hear('another')
    expect([errors, seen]).toEqual([['p: the application threw upon step.answer: no'], []])
  })

  it('is let go of when the process ends, and nothing is handed over any more', () => {
    const { answer, seen, hear, process } = scene()
    answer(1)
    process.stop()
    hear('late')
    expect([seen, process.counters.kept]).toEqual([[], 0])
    const other = scene()
    for (const m of [1, 2]) other.answer(m)
    other.process.upon(other.port.answer, (m: unknown) => {
      other.seen.push(m)
      other.process.stop()
    })
    expect(other.seen).toEqual([1])
  })
})

describe('what the application asks', () => {
  const TooMuch = { isFull: true, isOverfull: true, whenRoom: () => {} }
  const check = (value: unknown) => {
    if (typeof value === 'function') throw new TypeError('a function cannot travel')
    if (value === 'long') throw new RangeError('too long')
  }
  const running = (extra: Partial<Transport<PerfectPointToPointLinks>>) => {
    const { transport, sent } = handLinks()
    const process = new Process({ self: 'p', processes: ['p', 'q'], supply: [{ ...transport, ...extra }] })
    return { process, sent, pl: process.run(PerfectPointToPointLinks.of<unknown>()) }
  }

  it('throws where it is asked, with a code, once the process has ended', () => {
    const { port, process } = scene()
    process.stop()
    expect(() => port.ask(1)).toThrow(ProcessEndedError)
    expect(() => port.ask(1)).toThrow(expect.objectContaining({ code: 'UPON_PROCESS_ENDED', how: 'stopped', process: 'p' }))
  })

  it('is refused where it is asked if it cannot travel, and the process lives', () => {
    const { pl, sent, process } = running({ check })
    expect(() => pl.send('q', () => {})).toThrow(expect.objectContaining({ name: 'TypeError', code: 'UPON_CANNOT_TRAVEL' }))
    expect(() => pl.send('q', 'long')).toThrow(expect.objectContaining({ name: 'RangeError', code: 'UPON_TOO_LARGE' }))
    expect(() => pl.send('q', 'long')).toThrow('pl.send: too long')
    pl.send('q', 'short')
    expect(sent).toEqual([{ to: 'q', path: 'pl', message: 'short' }])
    expect(process.counters.events).toBe(1)
  })

  it('is checked by the links that are below it, at any depth, and by no others', () => {
    const Deep = algorithm(
      { name: 'deep', implements: { step: Step }, uses: { below: shared(Relay), pl: PerfectPointToPointLinks }, assumes },
      () => {},
    )
    const Deeper = algorithm({ name: 'deeper', implements: { step: Step }, uses: { below: Deep }, assumes }, () => {})
    const { process } = running({ check })
    expect(() => process.run(Deeper.of<unknown>(), 'deep').ask(() => {})).toThrow('deep.ask: a function cannot travel')
    expect(() => process.run(Echo.of<unknown>(), 'local').ask(() => {})).not.toThrow()
  })

  it('is refused while the links are full beyond their hard mark', () => {
    const { pl, process } = running({ pressure: TooMuch })
    expect(() => pl.send('q', 1)).toThrow(OverloadedError)
    expect(() => pl.send('q', 1)).toThrow(expect.objectContaining({ code: 'UPON_OVERLOADED' }))
    expect(process.counters.events).toBe(0)
    running({ pressure: { ...TooMuch, isOverfull: false } }).pl.send('q', 1)
  })
})

describe('mistakes of plain JavaScript say what they are', () => {
  const process = new Process(alone)
  const port = process.run(Echo.of<number>()) as never as Record<string, never>
  const links = Promise.resolve(handLinks().transport)
  const sending = () => new Process({ ...alone, supply: [handLinks().transport] }).run(PerfectPointToPointLinks.of<string>())
  it.each([
    ['a forgotten await', () => new Process({ ...alone, supply: [links as never] }), 'supply[0]: expected a port or a transport, found a promise: is there an `await` missing?'],
    ['a supply that is no list', () => new Process({ ...alone, supply: links as never }), 'supply: expected a list of ports and transports, found a promise'],
    ['a network instead of its transport', () => new Process({ ...alone, supply: [{ transport: () => {} } as never] }), 'supply[0]: expected a port or a transport, found an object with transport'],
    ['no options', () => new Process(undefined as never), 'Process: expected { self, processes, supply, ... }, found undefined'],
    ['no processes', () => new Process({ self: 'p' } as never), 'processes: expected a list of names, found undefined'],
    ['a name for processes', () => new Process({ self: 'p', processes: 'p' as never }), "processes: expected a list of names, found the text 'p'"],
    ['two of one name', () => new Process({ self: 'p', processes: ['p', 'p'] }), 'process p is listed twice'],
    ['a process of another system', () => new Process({ self: 'z', processes: ['p'] }), 'process z is not among p'],
    ['ranks that are no function', () => new Process({ ...alone, rank: { p: 1 } as never }), 'rank: expected a function of a name, found an object with p'],
    ['a network', () => new Process({ ...alone, supply: [new (class Net { transport() {} })() as never] }), 'found an instance of Net: supply what its `transport(self)` gives'],
    ['a module supplied twice', () => new Process({ ...alone, supply: [handLinks().transport, handLinks().transport] }), 'supply: two of these give PerfectPointToPointLinks'],
    ['nothing supplied', () => new Process(alone).run(PerfectPointToPointLinks as never), 'pl: nothing gives PerfectPointToPointLinks'],
    ['a destination that is none', () => sending().send('z', 'm'), "pl.send: expected a process of this system, found the text 'z'"],
    ['attributes in another order', () => sending().send({ kind: 'A' } as never, 'p'), 'pl.send: expected a process of this system, found an object with kind'],
    ['no layer', () => process.run({} as never), 'run: expected an algorithm, a module, a port or a transport, found an empty object'],
    ['nothing', () => process.run(undefined as never), 'run: expected an algorithm, a module, a port or a transport, found undefined'],
    ['a shared layer', () => process.run(shared(Echo) as never), 'run: expected a layer, found shared(...)'],
    ['a misspelt event', () => process.upon(port.anwser as never, () => {}), "step: a Step has no 'anwser', but ask, answer"],
    ['a request', () => process.upon(port.ask as never, () => {}), 'upon: this event is for triggering'],
    ['no handler', () => process.upon(port.answer as never, undefined as never), 'upon(answer): the handler is a function, not undefined'],
    ['a kind without handler', () => process.upon(port.answer as never, 'A' as never, 1 as never), 'upon(answer): the handler is a function, not number'],
  ])('%s', (_, mistake, message) => {
    expect(mistake).toThrow(expect.objectContaining({ name: 'TypeError', code: 'UPON_MISUSE' }))
    expect(mistake).toThrow(message)
  }) // biome-ignore format: a table
})
