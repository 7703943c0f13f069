import { type Message, Type, toValue } from '@upon/protocol'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { loneSystem } from '../test/lone-system'
import { NameBudget } from './limits'
import { Timestamps } from './timestamps'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const T = 'app.uc[t]'
const write = (v: number): Message => ({ type: Type.EP_INTERNAL_WRITE, epInternalWrite: { value: toValue(v) } })
const decidedMessage = (v: number): Message => ({ type: Type.EP_INTERNAL_DECIDED, epInternalDecided: { value: toValue(v) } })
const newEpoch = (timestamp: number): Message => ({ type: Type.EC_INTERNAL_NEW_EPOCH, ecInternalNewEpoch: { timestamp } })
const state = (valueTimestamp: number, v?: number): Message => ({
  type: Type.EP_INTERNAL_STATE,
  epInternalState: { valueTimestamp, value: toValue(v) },
})
const valuesOf = (messages: readonly { readonly inner: Message }[]) => messages.map(({ inner }) => inner.epInternalWrite?.value?.v)

describe('a faulty leader', () => {
  /** abc-1 has decided 9 in epoch 0, which abc-3 leads. */
  function decided() {
    const made = loneSystem()
    made.system.propose('t', 1)
    made.hear(made.third, `${T}.ep[0].beb.pl`, write(9))
    made.hear(made.third, `${T}.ep[0].beb.pl`, decidedMessage(9))
    expect(made.reported).toEqual([['decided', 't', 9]])
    made.sent.length = 0
    return made
  }

  it('gets no acceptance for another value than we have decided, neither in that epoch nor in a later one', () => {
    const { hear, third, take } = decided()
    expect(() => hear(third, `${T}.ep[0].beb.pl`, write(8))).toThrow('WRITE of 8, and 9 is decided')
    expect(() => hear(third, `${T}.ep[0].beb.pl`, decidedMessage(8))).toThrow('DECIDED of 8, and 9 is decided')
    hear(third, `${T}.ec.beb.pl`, newEpoch(6))
    expect(() => hear(third, `${T}.ep[6].beb.pl`, write(8))).toThrow('9 is decided')
    expect(take(third, Type.EP_INTERNAL_ACCEPT)).toEqual([])
    hear(third, `${T}.ep[6].beb.pl`, write(9))
    expect(take(third, Type.EP_INTERNAL_ACCEPT)).toHaveLength(1)
  })

  it('cannot have us write another value than we have decided, when we lead', () => {
    const { system, hear, second, third, take } = decided()
    system.peerRefused(third)
    system.peerRefused(second)
    vi.advanceTimersByTime(10) // decided topics hear of a new leader a little later
    const [announced] = take(second, Type.EC_INTERNAL_NEW_EPOCH)
    const epoch = announced?.inner.ecInternalNewEpoch?.timestamp as number
    hear(second, `${T}.ep[${epoch}].pl`, state(epoch, 8))
    expect(valuesOf(take(second, Type.EP_INTERNAL_WRITE))).toEqual([9])
  })
})

describe('a state that a faulty process files under the epoch it is asked in, or a later one', () => {
  /** abc-1, of rank 1, leads an epoch after what abc-3 has done in epoch 0, and abc-2 in epoch 2 if it has. */
  function leadingAfter(...before: readonly [from: 'second' | 'third', link: string, message: Message][]) {
    const refused: string[] = []
    const made = loneSystem({ refuse: (message) => void refused.push(message) })
    made.system.propose('t', 1)
    for (const [from, link, message] of before) made.hear(made[from], link, message)
    made.system.peerRefused(made.third)
    made.system.peerRefused(made.second)
    const announced = made.take(made.second, Type.EC_INTERNAL_NEW_EPOCH).at(-1)
    const epoch = announced?.inner.ecInternalNewEpoch?.timestamp as number
    return { ...made, epoch, refused, answer: (message: Message) => made.hear(made.second, `${T}.ep[${epoch}].pl`, message) }
  }
  const inEpoch0 = (v: number) => ['third', `${T}.ep[0].beb.pl`, write(v)] as const

  it.each([0, 1, 1_000])('does not win over a value that was written, %i above it', (above) => {
    const { answer, epoch, take, second, refused } = leadingAfter([...inEpoch0(9)])
    answer(state(epoch + above, 8))
    expect(valuesOf(take(second, Type.EP_INTERNAL_WRITE))).toEqual([9])
    expect(refused).toEqual([`a state of epoch ${epoch + above} in epoch ${epoch}, where no process has that: it is taken for none`])
  })

  it('is taken for one of the latest epoch where its value can have been written, so it may still be the value that counts', () => {
    const { answer, epoch, take, second, refused } = leadingAfter(
      [...inEpoch0(9)],
      ['second', `${T}.ec.beb.pl`, newEpoch(2)], // what it writes there, does not reach us
    )
    answer(state(epoch, 8))
    expect(valuesOf(take(second, Type.EP_INTERNAL_WRITE))).toEqual([8])
    expect(refused).toEqual([expect.stringContaining('it is taken for one of epoch 2')])
  })

  it('counts if nothing else was written', () => {
    const { answer, epoch, take, second } = leadingAfter()
    answer(state(epoch, 8))
    expect(valuesOf(take(second, Type.EP_INTERNAL_WRITE))).toEqual([8])
  })

  it('nor does one of an earlier epoch win in which its leader has written another value', () => {
    const { answer, take, second, refused } = leadingAfter([...inEpoch0(9)], ['second', `${T}.ec.beb.pl`, newEpoch(2)])
    answer(state(0, 8))
    expect(valuesOf(take(second, Type.EP_INTERNAL_WRITE))).toEqual([9])
    expect(refused).toHaveLength(1)
  })

  it('is nothing strange of a correct process: before our value, under the epoch that it is of; after it, under ours', () => {
    const { answer, epoch, take, hear, second, third, refused } = leadingAfter([...inEpoch0(9)], ['second', `${T}.ec.beb.pl`, newEpoch(2)])
    answer(state(2, 7))
    expect(valuesOf(take(second, Type.EP_INTERNAL_WRITE))).toEqual([7])
    hear(third, `${T}.ep[${epoch}].pl`, state(epoch, 7)) // it was asked late
    expect(refused).toEqual([])
  })

  it('an epoch that two have announced shows nothing', () => {
    const { answer, take, second, refused } = leadingAfter(
      ['third', `${T}.ec.beb.pl`, newEpoch(3)],
      ['third', `${T}.ep[3].beb.pl`, write(9)],
      ['second', `${T}.ec.beb.pl`, newEpoch(3)],
    )
    answer(state(3, 8))
    expect(valuesOf(take(second, Type.EP_INTERNAL_WRITE))).toHaveLength(1)
    expect(refused).toEqual([])
  })
})

it('a leader that writes or decides a second value in one epoch is refused', () => {
  const { hear, third, take, system } = loneSystem()
  system.propose('t', 1)
  hear(third, `${T}.ep[0].beb.pl`, write(9))
  expect(() => hear(third, `${T}.ep[0].beb.pl`, write(8))).toThrow('WRITE of 8, and its leader has written 9 in epoch 0')
  expect(() => hear(third, `${T}.ep[0].beb.pl`, decidedMessage(8))).toThrow('DECIDED of 8')
  hear(third, `${T}.ep[0].beb.pl`, write(9))
  expect(take(third, Type.EP_INTERNAL_ACCEPT)).toHaveLength(2)
})

it('of the epochs of a topic, the latest are remembered, in order', () => {
  const refused: string[] = []
  const { system, hear, second, third, take } = loneSystem({ refuse: (message) => void refused.push(message) })
  system.propose('t', 1)
  for (let i = 40; i > 0; i--) hear(second, `${T}.ec.beb.pl`, newEpoch(3 * i + 2))
  system.peerRefused(third)
  system.peerRefused(second)
  const epoch = take(second, Type.EC_INTERNAL_NEW_EPOCH).at(-1)?.inner.ecInternalNewEpoch?.timestamp as number
  hear(second, `${T}.ep[${epoch}].pl`, state(epoch, 8))
  expect(refused).toEqual([expect.stringContaining('one of epoch 122')])
})

describe('a leader that freezes long after this process has decided', () => {
  const request: Message = { type: Type.EPFD_INTERNAL_HEARTBEAT_REQUEST }
  const reply: Message = { type: Type.EPFD_INTERNAL_HEARTBEAT_REPLY }

  /** It is next to lead after abc-3, which answers heartbeats for 40 periods. How many epochs it has announced 40 periods later. */
  function epochsAnnounced(another: 'waits' | 'rests'): number {
    const { system, hear, second, third, take } = loneSystem({}, [2, 1, 3])
    system.propose('t', 1)
    hear(third, `${T}.ep[0].beb.pl`, decidedMessage(9))
    for (let period = 0; period < 80; period++) {
      if (another === 'waits') hear(second, 'eld.epfd.wake.pl', request)
      hear(second, 'eld.epfd.pl', reply)
      if (period < 40) hear(third, 'eld.epfd.pl', reply)
      vi.advanceTimersByTime(100)
      if (period === 40) expect(take(second, Type.EC_INTERNAL_NEW_EPOCH)).toEqual([])
    }
    return take(second, Type.EC_INTERNAL_NEW_EPOCH).length
  }

  it('is replaced by it while another waits: so it is kept awake', () => {
    expect(epochsAnnounced('waits')).toBeGreaterThan(0)
  })

  it('is not missed while all are at rest', () => {
    expect(epochsAnnounced('rests')).toBe(0)
  })
})

/** abc-1 leads epoch 0 of topic t, and has proposed 5. */
function leading() {
  const made = loneSystem({}, [3, 2, 1])
  made.system.propose('t', 5)
  expect(made.take(made.second, Type.EP_INTERNAL_READ)).toHaveLength(1)
  return made
}

describe('what foreign processes do', () => {
  it.each([
    ['comes first', [state(4), state(0, 8)]],
    ['comes last', [state(0, 8), state(4)]],
  ])('a state of a high timestamp without a value does not win over a value when it %s', (_, [one, two]) => {
    const made = loneSystem({}, [4, 3, 2, 1, 5])
    made.system.propose('t', 5)
    made.system.peerRefused(made.system.members.first)
    const epoch = made.take(made.second, Type.EC_INTERNAL_NEW_EPOCH)[0]?.inner.ecInternalNewEpoch?.timestamp as number
    made.hear(made.second, `${T}.ep[${epoch}].pl`, one as Message)
    made.hear(made.third, `${T}.ep[${epoch}].pl`, two as Message)
    expect(valuesOf(made.take(made.second, Type.EP_INTERNAL_WRITE))).toEqual([8])
  })

  it('a link whose path ends twice is understood', () => {
    const { hear, third, take, system } = loneSystem()
    system.propose('t', 1)
    hear(third, `${T}.ec.beb.pl.pl`, newEpoch(6))
    hear(third, `${T}.ep[6].beb.pl.pl`, { type: Type.EP_INTERNAL_READ })
    expect(take(third, Type.EP_INTERNAL_STATE).map(({ to }) => to)).toEqual([`${T}.ep[6].pl`])
  })
})

describe('one process that lies about timestamps, whatever it says and however often', () => {
  const stamped = (timestamp: number) => ({ readId: 1, timestamp, writerRank: 1, value: toValue(7) })
  const written = (timestamp: number): Message => ({ type: Type.NNAR_INTERNAL_WRITE, nnarInternalWrite: stamped(timestamp) })
  /** The highest that is taken now, below it, and everything that is refused. */
  const lies = (hear: (timestamp: number) => void, highest: () => number) => {
    for (let i = 0; i < 200; i++) {
      for (const timestamp of [2 ** 31 - 1, 2 ** 30, highest() + 2 ** 26, highest() + 1_000, highest(), highest() - i]) {
        try {
          hear(timestamp)
        } catch (error) {
          expect(['MeaningError', 'LimitError']).toContain((error as Error).name)
        }
      }
      vi.advanceTimersByTime(100)
    }
  }

  it('does not end a register: we go on, and a process that has not heard any of it takes all that we send', () => {
    const { hear, second, third, system, sent, reported } = loneSystem()
    const ofThird = new Timestamps(3) // began no earlier
    lies(
      (timestamp) => hear(second, 'app.nnar[x].beb.pl', written(timestamp)),
      () => ofThird.highest({ kind: 'nnar' }),
    )
    for (let i = 1; i <= 3; i++) {
      system.write('x', i)
      hear(third, 'app.nnar[x].pl', { type: Type.NNAR_INTERNAL_VALUE, nnarInternalValue: { ...stamped(0), readId: i } })
      hear(third, 'app.nnar[x].pl', { type: Type.NNAR_INTERNAL_ACK, nnarInternalAck: { readId: i } })
      expect(reported.pop()).toEqual(['written', 'x'])
    }
    const writes = sent.filter(({ receiver }) => receiver === third.id).flatMap(({ inner }) => inner.nnarInternalWrite?.timestamp ?? [])
    expect(writes).toHaveLength(3)
    const retry = vi.fn()
    const atOnce = writes.filter((timestamp) => ofThird.admit({ kind: 'nnar' }, 'abc-1', timestamp, retry)).length
    vi.advanceTimersByTime(10)
    expect(atOnce + retry.mock.calls.length).toBe(3)
  })

  it('does not end a topic', () => {
    const { hear, second, third, system, take } = loneSystem()
    const ofThird = new Timestamps(3)
    system.propose('t', 1)
    lies(
      (timestamp) => hear(second, `${T}.ec.beb.pl`, newEpoch(timestamp)),
      () => ofThird.highest({ kind: 'uc' }),
    )
    take(third, Type.EC_INTERNAL_NEW_EPOCH)
    system.peerRefused(third)
    system.peerRefused(second)
    const [announced] = take(third, Type.EC_INTERNAL_NEW_EPOCH)
    const timestamp = announced?.inner.ecInternalNewEpoch?.timestamp ?? 0
    expect(timestamp).toBeGreaterThan(0)
    expect(timestamp).toBeLessThanOrEqual(ofThird.highest({ kind: 'uc' }) + 8)
  })

  it('a message that is early is answered when it is due', () => {
    const { hear, second, sent } = loneSystem()
    hear(second, 'app.nnar[x].beb.pl', written(new Timestamps(3).highest({ kind: 'nnar' }) + 2 ** 13))
    vi.advanceTimersByTime(990)
    expect(sent).toEqual([])
    vi.advanceTimersByTime(20)
    expect(sent.map(({ inner }) => inner.type)).toEqual([Type.NNAR_INTERNAL_ACK])
  })
})

it('a leader of its own accord writes what it proposed', () => {
  const { hear, second, take } = leading()
  hear(second, `${T}.ep[0].pl`, state(0))
  expect(valuesOf(take(second, Type.EP_INTERNAL_WRITE))).toEqual([5])
})

it('names beyond what a process has room for are refused, from a peer and from the hub; those known are served on', () => {
  const budgets = { registers: new NameBudget('register', 100), topics: new NameBudget('topic', 100) }
  const { hear, second, system, sent } = loneSystem({ budgets })
  const ask = (i: number) => hear(second, `app.nnar[r${i}].beb.pl`, { type: Type.NNAR_INTERNAL_READ, nnarInternalRead: { readId: 1 } })
  for (let i = 0; i < 100; i++) ask(i)
  expect(() => ask(100)).toThrow('a process has at most 100 registers')
  expect(() => system.read('of the hub')).toThrow('at most 100 registers')
  expect(system.counters).toMatchObject({ registers: 100, operations: 0, held: 0 })
  sent.length = 0
  ask(7)
  expect(sent.map(({ inner }) => inner.type)).toEqual([Type.NNAR_INTERNAL_VALUE])
  system.stop()
  expect(budgets.registers.names).toBe(0)
})

describe('what a system keeps', () => {
  it('does not grow with the operations on a register', () => {
    const { system, hear, third, reported } = loneSystem()
    const operate = (readId: number) => {
      system.write('x', readId)
      const stamp = { readId, timestamp: 0, writerRank: 0, value: toValue(undefined) }
      hear(third, 'app.nnar[x].pl', { type: Type.NNAR_INTERNAL_VALUE, nnarInternalValue: stamp })
      hear(third, 'app.nnar[x].pl', { type: Type.NNAR_INTERNAL_ACK, nnarInternalAck: { readId } })
      expect(reported.pop()).toEqual(['written', 'x'])
      return { ...system.counters, events: 0 }
    }
    const first = operate(1)
    for (let i = 2; i < 500; i++) operate(i)
    expect(operate(500)).toEqual(first)
    expect(elements(system.snapshot())).toBeLessThan(100)
  })

  it('does not grow with the epochs of a topic, and decided topics keep nothing but their instances until they rest', () => {
    const { system, hear, third } = loneSystem()
    const run = (topic: string, epochs: number) => {
      const before = { instances: system.counters.instances, elements: elements(system.snapshot()) }
      system.propose(topic, 1)
      for (let i = 1; i <= epochs; i++) hear(third, `app.uc[${topic}].ec.beb.pl`, newEpoch(6 * i))
      hear(third, `app.uc[${topic}].ep[${6 * epochs}].beb.pl`, decidedMessage(9))
      const { instances, held, undecided } = system.counters
      expect([held, undecided]).toEqual([0, 0])
      return [instances - before.instances, elements(system.snapshot()) - before.elements]
    }
    run('first', 1)
    const few = run('few', 1)
    expect(run('many', 200)).toEqual(few)
  })
})

/** How many elements all the collections in a system's state have. */
function elements(state: unknown): number {
  if (typeof state !== 'object' || state === null) return 0
  const parts =
    state instanceof Map ? [...state.entries()].flat() : state instanceof Set || Array.isArray(state) ? [...state] : Object.values(state)
  const own = state instanceof Map || state instanceof Set || Array.isArray(state) ? parts.length : 0
  return parts.reduce<number>((sum, part) => sum + elements(part), own)
}
