import { BasicBroadcast, EagerReliableBroadcast } from '@upon/broadcast'
import { check } from '@upon/checker'
import { BestEffortBroadcast, PerfectPointToPointLinks, ReliableBroadcast } from '@upon/contract'
import { MonarchicalEventualLeaderDetection } from '@upon/fd'
import { ReadImposeWriteConsultMajority } from '@upon/register'
import type { AlgorithmEvent } from '@upon/trace'
import { describe, expect, it } from 'vitest'
import { type Command, CommandRefused, openSession, outsideModel, type Session, type Setup } from '../src'

const broadcasting: Setup<string> = (process) => {
  const beb = process.run(BasicBroadcast.of<string>())
  process.upon(beb.deliver, () => {})
  return (m, done) => {
    beb.broadcast(m)
    done()
  }
}

const eagerly: Setup<string> = (process) => {
  const rb = process.run(EagerReliableBroadcast.of<string>())
  process.upon(rb.deliver, () => {})
  return (m, done) => {
    rb.broadcast(m)
    done()
  }
}

const open = (setup = broadcasting) => openSession({ processes: 3, seed: 7, model: { model: 'fail-silent', resilience: 'f < N' }, setup })

/** `p2 m`: who delivered what, in order. */
const deliveries = ({ trace }: Session<string>, path = 'beb') =>
  trace.entries.flatMap((e) => (e.type === 'event' && e.path === path && e.event === 'deliver' ? [`${e.process} ${e.attributes[1]}`] : []))

const ids = ({ pending }: Session<string>) => pending.map(({ id }) => id)

function play<O>(session: Session<O>, ...commands: Command<O>[]): Session<O> {
  for (const command of commands) session.apply(command)
  return session
}

const broadcast = { do: 'request', process: 'p1', operation: 'm' } as const

describe('each command', () => {
  it('request: is performed at once, and what it sends is pending, with ids that say what it is', () => {
    const session = open()
    expect(session.pending).toEqual([])
    expect(session.isAtRest).toBe(true)
    const entries = session.apply(broadcast)
    expect(entries.map((e) => (e.type === 'event' ? e.event : e.type))).toEqual(['broadcast', 'send', 'send', 'send', 'deliver', 'deliver'])
    expect(session.pending).toEqual([
      {
        id: 'p1>p2 beb.pl 1',
        kind: 'message',
        from: 'p1',
        to: 'p2',
        path: 'beb.pl',
        message: 'm',
        sentEntry: 5,
        sentMs: 0.001,
        links: 'perfect',
        dueMs: 1.001,
      },
      {
        id: 'p1>p3 beb.pl 1',
        kind: 'message',
        from: 'p1',
        to: 'p3',
        path: 'beb.pl',
        message: 'm',
        sentEntry: 6,
        sentMs: 0.001,
        links: 'perfect',
        dueMs: 1.001,
      },
    ])
    expect(session.isAtRest).toBe(false)
  })

  it('next, until, rest: the soonest first; to a time; to the end', () => {
    expect(deliveries(play(open(), broadcast, { do: 'next' }))).toEqual(['p1 m', 'p2 m'])
    const early = play(open(), broadcast, { do: 'until', timeMs: 1 })
    expect([early.timeMs, deliveries(early)]).toEqual([1, ['p1 m']])
    const late = play(early, { do: 'until', timeMs: 1.001 })
    expect(deliveries(late)).toEqual(['p1 m', 'p2 m', 'p3 m'])
    const rested = play(open(), broadcast, { do: 'rest' })
    expect(deliveries(rested)).toEqual(['p1 m', 'p2 m', 'p3 m'])
    expect([rested.isAtRest, rested.trace.end]).toEqual([true, 'quiescent'])
    expect(() => rested.apply({ do: 'next' })).toThrow('nothing is under way')
  })

  it('deliver: now, before what is due sooner', () => {
    const session = play(open(), broadcast, { do: 'deliver', id: 'p1>p3 beb.pl 1' })
    expect(deliveries(session)).toEqual(['p1 m', 'p3 m'])
    expect(ids(session)).toEqual(['p1>p2 beb.pl 1'])
  })

  it('drop: never arrives, and the trace has which message it was', () => {
    const session = play(open(), broadcast, { do: 'drop', id: 'p1>p2 beb.pl 1' })
    expect(session.trace.entries.at(-1)).toMatchObject({ type: 'loss', process: 'p1', detail: 'p1>p2 beb.pl 1' })
    expect(deliveries(play(session, { do: 'rest' }))).toEqual(['p1 m', 'p3 m'])
  })

  it('duplicate: a copy arrives, too, and can be dropped by itself', () => {
    const session = play(open(), broadcast, { do: 'duplicate', id: 'p1>p2 beb.pl 1' })
    expect(ids(session)).toEqual(['p1>p2 beb.pl 1', 'p1>p3 beb.pl 1', 'p1>p2 beb.pl 1 again 2'])
    expect(deliveries(play(session.fork(), { do: 'rest' }))).toEqual(['p1 m', 'p2 m', 'p3 m', 'p2 m'])
    expect(deliveries(play(session, { do: 'drop', id: 'p1>p2 beb.pl 1 again 2' }, { do: 'rest' }))).toEqual(['p1 m', 'p2 m', 'p3 m'])
  })

  it('delay: arrives later than it would have', () => {
    const session = play(open(), broadcast, { do: 'delay', id: 'p1>p2 beb.pl 1', byMs: 5 })
    expect(session.pending.map(({ id, dueMs }) => [id, dueMs])).toEqual([
      ['p1>p3 beb.pl 1', 1.001],
      ['p1>p2 beb.pl 1', 6.001],
    ])
  })

  it('crash: now, and all, some or none of its messages are lost', () => {
    const crashed = (lost?: 'all' | string[]) =>
      deliveries(play(open(), broadcast, { do: 'crash', process: 'p1', ...(lost === undefined ? {} : { lost }) }, { do: 'rest' }))
    expect(crashed()).toEqual(['p1 m', 'p2 m', 'p3 m'])
    expect(crashed('all')).toEqual(['p1 m'])
    expect(crashed(['p1>p3 beb.pl 1'])).toEqual(['p1 m', 'p2 m'])
  })

  it('crash after its next message: in the middle of a broadcast', () => {
    const session = play(open(), { do: 'crash', process: 'p1', afterSends: 1 })
    expect(session.pending).toEqual([{ id: 'p1 crash 1', kind: 'crash', to: 'p1' }])
    play(session, broadcast)
    expect(ids(session)).toEqual(['p1>p2 beb.pl 1'])
    expect(session.trace.entries.at(-1)).toMatchObject({ type: 'crash', process: 'p1' })
  })

  it('pause, resume: what comes waits', () => {
    const session = play(open(), { do: 'pause', process: 'p2' }, broadcast, { do: 'rest' })
    expect(deliveries(session)).toEqual(['p1 m', 'p3 m'])
    expect(session.pending).toMatchObject([{ id: 'p1>p2 beb.pl 1', heldBy: 'pause' }])
    expect(() => session.apply({ do: 'deliver', id: 'p1>p2 beb.pl 1' })).toThrow('p2 is paused: resume it first')
    const dropped = play(session.fork(), { do: 'drop', id: 'p1>p2 beb.pl 1' })
    expect(dropped.pending).toEqual([])
    expect(deliveries(play(dropped, { do: 'resume', process: 'p2' }, { do: 'rest' }))).toEqual(['p1 m', 'p3 m'])
    expect(deliveries(play(session, { do: 'resume', process: 'p2' }, { do: 'rest' }))).toEqual(['p1 m', 'p3 m', 'p2 m'])
  })

  it('cut, heal: what comes waits at a cut, in one direction or both', () => {
    const session = play(open(), { do: 'cut', groups: [['p1'], ['p2', 'p3']] }, broadcast, { do: 'rest' })
    expect(deliveries(session)).toEqual(['p1 m'])
    expect(session.pending).toMatchObject([{ heldBy: 'cut' }, { heldBy: 'cut' }])
    expect([session.isAtRest, session.trace.end]).toEqual([false, 'cut'])
    expect(() => session.apply({ do: 'deliver', id: 'p1>p2 beb.pl 1' })).toThrow('heal that first')
    expect(deliveries(play(session, { do: 'heal' }, { do: 'rest' })).toSorted()).toEqual(['p1 m', 'p2 m', 'p3 m'])
    const oneWay = play(open(), { do: 'cut', from: ['p1'], to: ['p2'] }, broadcast, { do: 'rest' })
    expect(deliveries(oneWay)).toEqual(['p1 m', 'p3 m'])
  })

  it('stabilise: ends cuts and pauses; from then on lateness is beyond the model', () => {
    const session = openSession({ processes: 3, model: { model: 'fail-noisy' }, setup: broadcasting })
    play(session, { do: 'cut', groups: [['p1'], ['p2']] }, { do: 'pause', process: 'p3' }, broadcast, { do: 'rest' })
    expect(session.allowed({ do: 'pause', process: 'p1' })).toBeUndefined()
    play(session, { do: 'stabilise' }, { do: 'rest' })
    expect(deliveries(session).toSorted()).toEqual(['p1 m', 'p2 m', 'p3 m'])
    expect(session.allowed({ do: 'pause', process: 'p1' })).toBe('p1 pauses; delays are bounded by now')
  })

  it('timeout: a timer times out before its time; detectors go on after rest', () => {
    const session = openSession({ processes: 2, setup: (process) => void process.run(MonarchicalEventualLeaderDetection) })
    const timers = () => session.pending.filter(({ kind }) => kind === 'timeout')
    const [timer] = timers()
    expect(timer).toMatchObject({ id: expect.stringMatching(/^p\d \S+\.timer 1$/), kind: 'timeout' })
    play(session, { do: 'timeout', id: timer!.id })
    expect(session.timeMs).toBe(0.001)
    play(session, { do: 'rest' })
    const { timeMs } = session
    play(session, { do: 'next' })
    expect(session.timeMs).toBeGreaterThanOrEqual(timeMs)
  })

  it('request: a client does one thing after the other', () => {
    const session = openSession<'read' | number>({
      processes: 3,
      setup: (process) => {
        const reg = process.run(ReadImposeWriteConsultMajority.of<number>())
        let done = () => {}
        process.upon(reg.writeReturn, () => done())
        process.upon(reg.readReturn, () => done())
        return (operation, whenDone) => {
          done = whenDone
          if (operation === 'read') reg.read()
          else reg.write(operation)
        }
      },
    })
    play(session, { do: 'request', process: 'p1', operation: 1 }, { do: 'request', process: 'p1', operation: 'read' })
    expect(session.pending.at(-1)).toEqual({ id: 'p1 waiting 1', kind: 'request', to: 'p1', message: 'read', heldBy: 'client' })
    play(session, { do: 'rest' })
    const application = session.trace.entries.filter(
      (e): e is AlgorithmEvent => e.type === 'event' && e.direction !== 'rule' && !e.path.includes('.'),
    )
    expect(application.map(({ event }) => event)).toEqual(['write', 'writeReturn', 'read', 'readReturn'])
    expect(application.at(-1)?.attributes).toEqual([1])
  })

  it('recover: a process restarts, over fair-loss links', () => {
    const heard: string[] = []
    const session = openSession<string>({
      processes: 2,
      model: { model: 'fail-recovery' },
      setup: (process) => {
        heard.push(process.self)
        return undefined
      },
    })
    play(session, { do: 'crash', process: 'p2' }, { do: 'recover', process: 'p2' })
    expect(heard).toEqual(['p1', 'p2', 'p2'])
    expect(() => session.apply({ do: 'recover', process: 'p2' })).toThrow('p2 is not down')
    expect(() => session.apply({ do: 'request', process: 'p2', operation: 'm' })).toThrow('nothing can be requested here')
  })
})

describe('commands from outside', () => {
  const session = play(open(), broadcast)
  it.each([
    [null, 'expected an object'],
    [[], 'expected an object'],
    [{ do: '__proto__' }, 'do: expected one of next, until'],
    [{ do: 'next', id: 1 }, 'id: next has no such field'],
    [{ do: 'until', timeMs: Number.NaN }, 'timeMs: expected a time'],
    [{ do: 'until', timeMs: 1e12 }, 'timeMs: expected a time'],
    [{ do: 'until', timeMs: 0 }, 'it is 0.001 ms already'],
    [{ do: 'deliver', id: 'p1>p2 beb.pl 9' }, 'nothing of this name is pending'],
    [{ do: 'deliver', id: 7 }, 'id: expected the id'],
    [{ do: 'timeout', id: 'p1>p2 beb.pl 1' }, 'cannot be done to a message'],
    [{ do: 'delay', id: 'p1>p2 beb.pl 1', byMs: -1 }, 'byMs: expected a time'],
    [{ do: 'request', process: 'p9', operation: 'm' }, 'process: expected p1, p2, p3'],
    [{ do: 'request', process: 'p1' }, 'operation: expected'],
    [{ do: 'crash', process: 'p1', afterSends: 0 }, 'afterSends: expected a whole number'],
    [{ do: 'crash', process: 'p1', afterSends: 1, lost: ['x'] }, 'lost: expected "all" or nothing'],
    [{ do: 'crash', process: 'p2', lost: ['p1>p2 beb.pl 1'] }, 'is not from p2'],
    [{ do: 'resume', process: 'p1' }, 'p1 is not paused'],
    [{ do: 'cut', groups: [['p1'], ['p1']] }, 'a process stands on both sides'],
    [{ do: 'cut' }, 'expected either groups, or from and to'],
    [{ do: 'heal' }, 'there is no cut'],
  ])('%j is refused, and changes nothing', (command, why) => {
    const before = JSON.stringify([session.trace, session.pending, session.timeMs, session.log])
    expect(() => session.apply(command as never)).toThrow(CommandRefused)
    expect(() => session.apply(command as never)).toThrow(why)
    expect(JSON.stringify([session.trace, session.pending, session.timeMs, session.log])).toBe(before)
  })

  it('a request that the application cannot make is refused, and changes nothing', () => {
    const throwing = openSession<string>({
      processes: 2,
      setup: (process) => {
        const pl = process.run(PerfectPointToPointLinks.of<string>())
        return (m, done) => {
          pl.send('p2', m)
          if (m === 'bad') throw new TypeError('no such thing')
          done()
        }
      },
    })
    play(throwing, { do: 'request', process: 'p1', operation: 'good' })
    const before = JSON.stringify([throwing.trace, throwing.pending, throwing.log])
    expect(() => throwing.apply({ do: 'request', process: 'p1', operation: 'bad' })).toThrow('it failed: no such thing')
    expect(JSON.stringify([throwing.trace, throwing.pending, throwing.log])).toBe(before)
  })
})

describe('allowed', () => {
  const inModel = (model: 'fail-stop' | 'fail-noisy' | 'fail-silent') =>
    play(openSession({ processes: 3, model: { model, resilience: 'f < N/2' }, setup: broadcasting }), broadcast)
  const message = 'p1>p2 beb.pl 1'

  it.each([
    ['fail-silent', { do: 'drop', id: message }, 'perfect links lose nothing'],
    ['fail-silent', { do: 'duplicate', id: message }, 'no message more than once'],
    ['fail-silent', { do: 'recover', process: 'p1' }, 'a crash is for good'],
    ['fail-stop', { do: 'delay', id: message, byMs: 20 }, 'takes longer than the bound, 10 ms'],
    ['fail-stop', { do: 'pause', process: 'p1' }, 'the model is synchronous'],
    ['fail-stop', { do: 'cut', groups: [['p1'], ['p2']] }, 'the model is synchronous'],
  ] as const)('in %s, %j breaks an assumption, which is named; and the plan is beyond the model, too', (model, command, why) => {
    const session = inModel(model)
    if (command.do === 'recover') play(session, { do: 'crash', process: 'p1' })
    expect(session.allowed(command as Command<string>)).toContain(why)
    expect(session.broken).toEqual([])
    play(session, command as Command<string>)
    expect(session.broken).toEqual([expect.stringContaining(why)])
    expect(outsideModel(session.toPlan(), { model, resilience: 'f < N/2' })).toBeDefined()
  })

  it.each([
    ['fail-silent', { do: 'delay', id: message, byMs: 100_000 }],
    ['fail-silent', { do: 'cut', groups: [['p1'], ['p2']] }],
    ['fail-noisy', { do: 'pause', process: 'p1' }],
    ['fail-stop', { do: 'delay', id: message, byMs: 5 }],
    ['fail-stop', { do: 'crash', process: 'p1', lost: 'all' }],
    ['fail-stop', { do: 'deliver', id: message }],
  ] as const)('in %s, %j breaks none', (model, command) => {
    expect(inModel(model).allowed(command as Command<string>)).toBeUndefined()
  })

  it('a timer that times out too early, where clocks can be relied upon', () => {
    const setup: Setup<string> = (process) => void process.run(MonarchicalEventualLeaderDetection)
    const early = (model: 'fail-stop' | 'fail-noisy' | 'fail-silent') => {
      const session = openSession({ processes: 2, model: { model }, setup })
      const command = { do: 'timeout', id: session.pending.find(({ kind }) => kind === 'timeout')?.id ?? '' } as const
      const broken = session.allowed(command)
      play(session, command)
      return [broken !== undefined, outsideModel(session.toPlan(), { model, resilience: 'f < N' }) !== undefined]
    }
    expect(early('fail-stop')).toEqual([true, true])
    expect(early('fail-noisy')).toEqual([false, false])
    expect(early('fail-silent')).toEqual([false, false])
  })

  it('counts crashes against the resilience, those that are to come as well', () => {
    const session = play(inModel('fail-noisy'), { do: 'crash', process: 'p1', afterSends: 1 })
    expect(session.allowed({ do: 'crash', process: 'p2' })).toBe('p1, p2 crash, 2 of 3; the model has f < N/2')
  })

  it('a message of a process that has crashed may be lost', () => {
    const session = play(inModel('fail-silent'), { do: 'crash', process: 'p1' })
    expect(session.allowed({ do: 'drop', id: message })).toBeUndefined()
  })
})

describe('going back and branching', () => {
  const commands: Command<string>[] = [broadcast, { do: 'next' }, { do: 'crash', process: 'p1', lost: 'all' }, { do: 'rest' }]

  it('the log gives the same session again, byte for byte; a fork at any command, the one at that moment', () => {
    const session = open(eagerly)
    const texts = [JSON.stringify([session.trace, session.pending])]
    for (const command of commands) texts.push(JSON.stringify([play(session, command).trace, session.pending]))
    for (const [at, text] of texts.entries()) {
      const fork = session.fork(at)
      expect(JSON.stringify([fork.trace, fork.pending])).toBe(text)
    }
    const again = play(open(eagerly), ...(JSON.parse(JSON.stringify(session.log)) as Command<string>[]))
    expect(JSON.stringify(again.trace)).toBe(JSON.stringify(session.trace))
    expect(() => session.fork(99)).toThrow('from 0 to 4')
  })

  it('what a fork does is nothing to the session', () => {
    const session = play(open(), broadcast)
    play(session.fork(), { do: 'rest' })
    expect(deliveries(session)).toEqual(['p1 m'])
  })

  it('states: now, and just before the handler of any entry ran', () => {
    const session = play(open(eagerly), broadcast, { do: 'rest' })
    const delivery = session.trace.entries.find(
      (e) => e.type === 'event' && e.process === 'p2' && e.path === 'rb.beb' && e.event === 'deliver',
    )
    const delivered = (states: ReturnType<typeof session.states>) => (states.p2!.rb as { delivered: Set<unknown> }).delivered.size
    expect(delivered(session.states(delivery!.index))).toBe(0)
    expect(delivered(session.states())).toBe(1)
    expect(() => session.states(1e6)).toThrow('expected the index of an event')
    play(session, { do: 'crash', process: 'p2' })
    expect(session.states().p2).toBeUndefined()
  })
})

describe('a best-effort broadcast whose sender crashes half way', () => {
  const story: Command<string>[] = [{ do: 'crash', process: 'p1', afterSends: 1 }, broadcast, { do: 'rest' }]

  it('reaches some and not others; best-effort broadcast promises no more', () => {
    const session = play(open(), ...story)
    expect(deliveries(session)).toEqual(['p2 m'])
    expect(session.broken).toEqual([])
    expect(check(session.trace, BestEffortBroadcast, { path: 'beb' }).map(({ property, holds }) => [property, holds])).toEqual([
      ['BEB1', true],
      ['BEB2', true],
      ['BEB3', true],
    ])
  })

  it('with reliable broadcast, the one that has it relays it', () => {
    const session = play(open(eagerly), ...story)
    expect(deliveries(session, 'rb')).toEqual(['p2 m', 'p3 m'])
    const verdicts = check(session.trace, ReliableBroadcast, { path: 'rb' })
    expect(verdicts.filter(({ holds }) => holds !== true)).toEqual([])
  })
})
