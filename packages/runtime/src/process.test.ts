import { algorithm, many, PerfectPointToPointLinks, shared } from '@upon/contract'
import { describe, expect, it } from 'vitest'
import { assumes, Echo, handLinks, hostStep, Relay, Step } from '../test/modules'
import { Process, ProcessEndedError } from './index'

const alone = { self: 'p', processes: ['p'] }

describe('names', () => {
  it('an instance has the book’s name by default, whatever gives it', () => {
    const process = new Process({ ...alone, supply: [handLinks().transport] })
    process.run(Echo)
    process.run(PerfectPointToPointLinks)
    process.run(handLinks().transport, 'other')
    process.run(hostStep().port, 'port')
    expect(Object.keys(process.snapshot())).toEqual(['step', 'pl', 'other', 'port'])
    const bare = new Process(alone)
    bare.run(hostStep().port)
    bare.run(handLinks().transport)
    expect(Object.keys(bare.snapshot())).toEqual(['step', 'pl'])
  })
})

describe('two versions of the contract in one project', () => {
  const copy = { ...PerfectPointToPointLinks }
  const supplying = (guarantees: typeof copy) => new Process({ ...alone, supply: [{ ...handLinks().transport, guarantees }] })

  it('a module of the same name and events is the same module', () => {
    expect(() => supplying(copy).run(PerfectPointToPointLinks)).not.toThrow()
  })

  it('one of other events is refused when it is wired', () => {
    const changed = { ...copy, indications: { deliver: ['m', 'p'] as const } }
    const expected = 'pl: the PerfectPointToPointLinks supplied has other events: there are two versions of @upon/contract here'
    expect(() => supplying(changed as unknown as typeof copy).run(PerfectPointToPointLinks)).toThrow(expected)
  })
})

describe('order', () => {
  it('events of all instances of a process are handled in the order in which they were triggered', () => {
    const process = new Process(alone)
    const seen: string[] = []
    const left = process.run(Relay.of<number>(), 'left')
    const right = process.run(Echo.of<number>(), 'right')
    process.upon(left.answer, (m) => seen.push(`left ${m}`))
    process.upon(right.answer, (m) => {
      seen.push(`right ${m}`)
      if (m !== 1) return
      left.ask(2) // two hops further down than `right`, so it answers later
      right.ask(3)
      left.ask(4)
      right.ask(5)
    })
    right.ask(1)
    expect(seen).toEqual(['right 1', 'right 3', 'right 5', 'left 2', 'left 4'])
  })

  it('a handler never runs inside another, neither of an algorithm nor of the application', () => {
    let depth = 0
    const depths: number[] = []
    const within = (step: () => void) => {
      depths.push(++depth)
      step()
      depth--
    }
    const Nested = algorithm({ name: 'nested', implements: { step: Step }, uses: { below: Relay.of<number>() }, assumes }, (context) => {
      const { step, below, upon } = context
      upon(step.ask, (m) => within(() => below.ask(m as unknown as number)))
      upon(below.answer, (n) => within(() => step.answer(n as never)))
    })
    const process = new Process(alone)
    const nested = process.run(Nested.of<number>())
    process.upon(nested.answer, (n) =>
      within(() => {
        if (n > 0) nested.ask(n - 1)
      }),
    )
    nested.ask(5)
    expect(depths).toEqual(Array.from({ length: 18 }, () => 1))
  })

  it('all that a call from outside brings about is done when it returns', () => {
    const process = new Process(alone)
    const step = process.run(Relay.of<number>())
    let answered = 0
    process.upon(step.answer, (n) => {
      answered = n
      if (n < 1000) step.ask(n + 1)
    })
    step.ask(1)
    expect(answered).toBe(1000)
    expect(process.counters.events).toBe(4000)
  })

  it('what ⟨Init⟩ triggers is handled once all below and above is in place', () => {
    const Eager = algorithm({ name: 'eager', implements: { step: Step }, uses: { below: Echo.of<string>() }, assumes }, (context) => {
      context.below.ask('before any handler')
      context.upon(context.below.answer, (m) => context.step.answer(m as never))
    })
    const seen: string[] = []
    const process = new Process(alone)
    const Above = algorithm(
      { name: 'above', implements: { step: Step }, uses: { eager: Eager.of<string>() }, assumes },
      ({ eager, upon }) => {
        upon(eager.answer, (m) => void seen.push(m))
      },
    )
    process.run(Above)
    expect(seen).toEqual(['before any handler'])
  })

  it('what a step triggers is handled when the outermost one is done, also if it throws', () => {
    const process = new Process(alone)
    const echo = process.run(Echo.of<number>())
    const seen: number[] = []
    process.upon(echo.answer, (m) => seen.push(m))
    const steps = () =>
      process.step(() => {
        echo.ask(1)
        process.step(() => echo.ask(2))
        expect(seen).toEqual([])
        throw new Error('no')
      })
    expect(steps).toThrow('no')
    expect(seen).toEqual([1, 2])
    process.stop()
    expect(steps).toThrow('process p has stopped')
  })

  it('a layer that nobody reacts upon runs all the same', () => {
    const process = new Process(alone)
    process.run(Relay.of<number>()).ask(1)
    const overflowedBy = { perInstance: 0, perSender: 0, perProcess: 0 }
    const nothing = { held: 0, overflowed: 0, overflowedBy, late: 0, malformed: 0, unknownKinds: 0, unheard: 0 }
    expect(process.counters).toEqual({ events: 4, ...nothing, kept: 1 })
  })
})

describe('composition', () => {
  it('an algorithm brings its default layers; the host supplies the modules that have none', () => {
    const { port, opened, requests } = hostStep()
    const Needy = algorithm({ name: 'needy', implements: { step: Step }, uses: { relay: Relay, host: Step }, assumes }, (context) => {
      context.upon(context.step.ask, (m) => context.host.ask(m as never))
    })
    const process = new Process({ ...alone, supply: [port] })
    process.run(Needy.of<number>(), 'app').ask(7)
    expect(requests).toEqual([7])
    expect(opened).toEqual(['app.host'])
    expect(Object.keys(process.snapshot())).toEqual(['app', 'app.relay', 'app.relay.below', 'app.host'])
  })

  it('any layer is replaced with over(), at any depth, and a family or shared instance stays one', () => {
    const Doubled = algorithm({ name: 'doubled', implements: { step: Step }, uses: {}, assumes }, ({ step, upon }) => {
      upon(step.ask, (m) => {
        step.answer(m)
        step.answer(m)
      })
    })
    const seen: number[] = []
    const process = new Process(alone)
    const step = process.run(Relay.over({ below: Relay.over({ below: Doubled }) }).of<number>())
    process.upon(step.answer, (m) => seen.push(m))
    step.ask(1)
    expect(seen).toEqual([1, 1])

    const Users = algorithm(
      { name: 'users', implements: { step: Step }, uses: { one: shared(Echo), each: many(Echo) }, assumes },
      (context) => {
        context.each.create('a')
        context.upon(context.step.ask, (m) => {
          context.one.ask(m as never)
          context.each.ask('a', m as never)
        })
        context.upon(context.one.answer, (m) => context.step.answer(m as never))
        context.upon(context.each.answer, (_, m) => context.step.answer(m as never))
      },
    )
    const users = process.run(Users.over({ one: Doubled, each: Doubled }).of<number>(), 'users')
    process.upon(users.answer, (m) => seen.push(m))
    users.ask(2)
    expect(seen).toEqual([1, 1, 2, 2, 2, 2])
    expect(Object.keys(process.snapshot()).sort()).toEqual(['one', 'step', 'step.below', 'step.below.below', 'users', 'users.each[a]'])
  })

  it('settings have defaults; with() changes some and leaves the others, and the algorithm as it was', () => {
    const Adjustable = algorithm(
      { name: 'set', implements: { step: Step }, uses: {}, assumes, options: { delayMs: 100, limit: 3 } },
      ({ step, options, upon }) => upon(step.ask, () => step.answer(options as never)),
    )
    const settingsOf = (layer: typeof Adjustable) => {
      const process = new Process(alone)
      const step = process.run(layer.of<unknown>())
      let seen: unknown
      process.upon(step.answer, (m) => {
        seen = m
      })
      step.ask(0)
      return seen
    }
    expect(settingsOf(Adjustable.with({ limit: 5 }))).toEqual({ delayMs: 100, limit: 5 })
    expect(settingsOf(Adjustable)).toEqual({ delayMs: 100, limit: 3 })
  })

  it('a path is made of the instance names, and is what messages travel under', () => {
    const { transport, sent, receive } = handLinks()
    const seen: unknown[] = []
    const process = new Process({ self: 'p', processes: ['p', 'q'], supply: [transport] })
    const Over = algorithm(
      { name: 'over', implements: { step: Step }, uses: { pl: PerfectPointToPointLinks.of<string>(), quiet: many(Echo) }, assumes },
      ({ step, pl, quiet, upon }) => {
        quiet.create('x.y[z]')
        upon(step.ask, () => pl.send('q', 'hello'))
        upon(pl.deliver, (p, m) => void seen.push([p, m]))
      },
    )
    process.run(Over, 'app').ask(1)
    expect(sent).toEqual([{ to: 'q', path: 'app.pl', message: 'hello' }])
    receive('q', 'app.pl', 'hi')
    expect(seen).toEqual([['q', 'hi']])
    expect(Object.keys(process.snapshot())).toContain('app.quiet[x.y[z]]')
  })

  it('a message to oneself does not leave the process', () => {
    const { transport, sent } = handLinks()
    const process = new Process({ self: 'p', processes: ['p', 'q'], supply: [transport] })
    const pl = process.run(PerfectPointToPointLinks.of<string>())
    const seen: string[] = []
    process.upon(pl.deliver, (p, m) => seen.push(`${p}: ${m}`))
    pl.send('p', 'me')
    expect([seen, sent]).toEqual([['p: me'], []])
  })
})

describe('what is wrong is said', () => {
  it('a name that is taken', () => {
    const process = new Process({ ...alone, supply: [handLinks().transport] })
    process.run(PerfectPointToPointLinks, 'pl')
    expect(() => process.run(Echo, 'pl')).toThrow('there is already an instance pl')
  })

  it.each([
    ['', 'is empty'],
    ['a.b', "must not contain '.'"],
    ['nnar[x]', "must not contain '.'"],
    ['a]', "found 'a]'"],
    [7, 'is a string, not number'],
  ])('a name that paths cannot be made of: %j', (name, message) => {
    expect(() => new Process(alone).run(Echo, name as string)).toThrow(expect.objectContaining({ name: 'TypeError', code: 'UPON_MISUSE' }))
    expect(() => new Process(alone).run(Echo, name as string)).toThrow(message)
  })

  it('a module that nothing gives, with the path of who needs it; and nothing of the half-made instance remains', () => {
    const { port, closed } = hostStep()
    const Needy = algorithm(
      { name: 'needy', implements: { step: Step }, uses: { below: Relay.over({ below: port }), pl: PerfectPointToPointLinks }, assumes },
      ({ below }) => below.ask({} as never),
    )
    const process = new Process(alone)
    expect(() => process.run(Needy as never)).toThrow('step.pl: nothing gives PerfectPointToPointLinks')
    expect(closed).toEqual(['step.below.below'])
    expect(process.snapshot()).toEqual({})
    process.run(Echo).ask(1 as never) // the name is free again, and the process runs
    expect(process.counters.events).toBe(2)
  })

  it('an ⟨Init⟩ that throws throws out of run, and leaves nothing', () => {
    const { transport } = handLinks()
    const Bad = algorithm(
      { name: 'bad', implements: { step: Step }, uses: { pl: PerfectPointToPointLinks.of<string>() }, assumes },
      ({ pl }) => {
        pl.send('p', 'to nobody')
        throw new Error('no')
      },
    )
    const process = new Process({ ...alone, supply: [transport] })
    expect(() => process.run(Bad)).toThrow('no')
    expect(process.snapshot()).toEqual({})
    process.run(PerfectPointToPointLinks, 'step')
  })

  it('two handlers of an algorithm for one event', () => {
    const process = new Process({ ...alone, supply: [handLinks().transport] })
    const twice = (second: 'A' | undefined) =>
      algorithm(
        {
          name: 'twice',
          implements: { step: Step },
          uses: { pl: PerfectPointToPointLinks.of<{ kind: 'A' } | { kind: 'B' }>() },
          assumes,
        },
        ({ pl, upon }) => {
          upon(pl.deliver, 'A', () => {})
          upon(pl.deliver, 'B', () => {})
          if (second === undefined) upon(pl.deliver, () => {})
          else upon(pl.deliver, second, () => {})
        },
      )
    expect(() => process.run(twice('A'))).toThrow("upon(deliver, 'A'): there is a handler for it already")
    expect(() => process.run(twice(undefined))).toThrow('upon(deliver): there is a handler for it already')
  })
})

it('messages of an unknown kind, and what is no message at all, are reported and counted, and harm nothing', () => {
  const { transport, receive } = handLinks()
  const unknown: unknown[] = []
  const seen: number[] = []
  const onUnknownKind = (path: string, message: unknown) => unknown.push([path, message])
  const process = new Process({ self: 'p', processes: ['p', 'q'], supply: [transport], onUnknownKind })
  const pl = process.run(PerfectPointToPointLinks.of<{ kind: 'A'; a: number }>())
  process.upon(pl.deliver, 'A', (_, { a }) => seen.push(a))
  const bad = [{ kind: 'B' }, {}, undefined, null, 5, 'A', { kind: ['A'] }, { kind: '__proto__' }, { kind: 'constructor' }]
  for (const message of bad) receive('q', 'pl', message)
  receive('q', 'pl', { kind: 'A', a: 1 })
  expect(seen).toEqual([1])
  expect(unknown).toEqual(bad.map((message) => ['pl', message]))
  expect(process.counters.unknownKinds).toBe(bad.length)
})

describe('stop', () => {
  it('ends all instances, frees what the host holds for them, and lets nothing happen any more; twice is once', () => {
    const { port, closed, answer } = hostStep()
    const { transport, receive } = handLinks()
    const seen: unknown[] = []
    const process = new Process({ self: 'p', processes: ['p', 'q'], supply: [port, transport] })
    const step = process.run(Relay.over({ below: port }).of<number>())
    const pl = process.run(PerfectPointToPointLinks.of<string>())
    process.upon(step.answer, (m) => seen.push(m))
    process.upon(pl.deliver, (_, m) => seen.push(m))
    process.stop()
    process.stop()
    expect(closed).toEqual(['step.below'])
    answer(2)
    expect(() => step.ask(1)).toThrow('step.ask: process p has stopped')
    expect(() => pl.send('p', 'me')).toThrow(ProcessEndedError)
    receive('q', 'pl', 'late')
    receive('q', 'nobody.pl', 'late')
    expect([seen, process.snapshot(), process.counters.events, process.counters.held]).toEqual([[], {}, 0, 0])
    expect(() => process.run(Echo)).toThrow('process p has stopped')
  })

  it('from within a handler, lets that handler end and no other begin', () => {
    const seen: string[] = []
    const process = new Process(alone)
    const step = process.run(Relay.of<number>())
    process.upon(step.answer, (m) => {
      seen.push(`begin ${m}`)
      step.ask(m + 1)
      process.stop()
      step.ask(m + 2)
      seen.push(`end ${m}`)
    })
    step.ask(1)
    expect(seen).toEqual(['begin 1', 'end 1'])
    expect(process.counters.events).toBe(4)
    process.stop()
  })
})

it('a snapshot shows the state of every instance by its path', () => {
  const Counting = algorithm(
    { name: 'counting', implements: { step: Step }, uses: { below: Echo }, assumes, state: () => ({ requests: 0 }) },
    ({ step, state, upon }) =>
      upon(step.ask, () => {
        state.requests++
      }),
  )
  const process = new Process(alone)
  const step = process.run(Counting.of<number>(), 'c')
  step.ask(1)
  step.ask(1)
  expect(process.snapshot()).toEqual({ c: { requests: 2 }, 'c.below': {} })
})
