import { type Message, Type, toValue } from '@upon/protocol'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { loneSystem } from '../test/lone-system'

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

describe('a decided topic that nobody talks to', () => {
  const REST_MS = 5_000
  const read: Message = { type: Type.EP_INTERNAL_READ }

  /** abc-1 has decided 9 in epoch 6, which abc-3 leads; and has come to rest since. */
  function resting(ranks = [1, 2, 3]) {
    const made = loneSystem({}, ranks)
    const { system, hear, third } = made
    const { instances } = system.counters
    system.propose('t', 1)
    hear(third, `${T}.ec.beb.pl`, newEpoch(6))
    hear(third, `${T}.ep[6].beb.pl`, write(9))
    hear(third, `${T}.ep[6].beb.pl`, decidedMessage(9))
    for (let period = 0; period < REST_MS / 100; period++) {
      for (const peer of [made.second, third]) hear(peer, 'eld.epfd.pl', { type: Type.EPFD_INTERNAL_HEARTBEAT_REPLY })
      vi.advanceTimersByTime(100)
    }
    expect(system.counters).toMatchObject({ instances, resting: 1, topics: 1, undecided: 0 })
    made.sent.length = 0
    return made
  }

  it('does not rest while somebody talks to it', () => {
    const { system, hear, third } = loneSystem()
    system.propose('t', 1)
    hear(third, `${T}.ec.beb.pl`, newEpoch(6))
    hear(third, `${T}.ep[6].beb.pl`, decidedMessage(9))
    for (let period = 0; period < REST_MS / 100; period++) {
      hear(third, `${T}.ep[6].beb.pl`, read)
      vi.advanceTimersByTime(100)
      expect(system.counters.resting).toBe(0)
    }
    vi.advanceTimersByTime(REST_MS)
    expect(system.counters.resting).toBe(1)
  })

  it('has no instances; to those who are behind it answers as before, and comes to rest again', () => {
    const { system, hear, third, take, reported } = resting()
    const { instances } = system.counters
    for (const epoch of [9, 12]) {
      hear(third, `${T}.ep[${epoch}].beb.pl`, read) // overtakes the announcement
      hear(third, `${T}.ec.beb.pl`, newEpoch(epoch))
      const [answer] = take(third, Type.EP_INTERNAL_STATE)
      expect(answer?.inner.epInternalState).toMatchObject({ valueTimestamp: epoch === 9 ? 6 : 9, value: toValue(9) })
      hear(third, `${T}.ep[${epoch}].beb.pl`, write(9))
      expect(take(third, Type.EP_INTERNAL_ACCEPT)).toHaveLength(1)
      hear(third, `${T}.ep[${epoch}].beb.pl`, decidedMessage(9))
      vi.advanceTimersByTime(REST_MS)
      expect(system.counters).toMatchObject({ instances, resting: 1, held: 0 })
    }
    expect(reported).toEqual([['decided', 't', 9]])
  })

  it('keeps what it promised: nothing for epochs before its own, and no acceptance of another value', () => {
    const { hear, third, sent } = resting()
    hear(third, `${T}.ec.beb.pl`, newEpoch(3))
    hear(third, `${T}.ep[0].beb.pl`, read)
    hear(third, `${T}.ep[0].beb.pl`, write(9))
    const isHeartbeat = ({ type }: Message) => type === Type.EPFD_INTERNAL_HEARTBEAT_REQUEST
    expect(sent.filter(({ inner }) => !isHeartbeat(inner))).toEqual([])
    expect(() => hear(third, `${T}.ep[6].beb.pl`, write(8))).toThrow('9 is decided')
  })

  it('is led on by this process when it comes to lead: above all epochs before, to the value decided', () => {
    const { system, hear, second, third, take } = resting([2, 1, 3])
    system.peerRefused(third)
    vi.advanceTimersByTime(10)
    const [announced] = take(second, Type.EC_INTERNAL_NEW_EPOCH)
    const epoch = announced?.inner.ecInternalNewEpoch?.timestamp as number
    expect(epoch).toBeGreaterThan(6)
    hear(second, `${T}.ep[${epoch}].pl`, state(0))
    expect(valuesOf(take(second, Type.EP_INTERNAL_WRITE))).toEqual([9])
  })

  it('takes a proposal as one that comes too late, as before', () => {
    const late = vi.fn()
    const { system, hear, third, reported } = loneSystem({ refuse: late })
    hear(third, `${T}.ep[0].beb.pl`, decidedMessage(9))
    vi.advanceTimersByTime(REST_MS)
    system.propose('t', 1)
    system.propose('t', 1)
    expect(late).toHaveBeenCalledTimes(1)
    expect([reported, system.counters.undecided]).toEqual([[['decided', 't', 9]], 0])
  })

  it('does not rest while messages come, and leaves no timer behind when the system ends', () => {
    const { system, hear, third } = loneSystem()
    hear(third, `${T}.ep[0].beb.pl`, decidedMessage(9))
    for (let i = 0; i < 20; i++) {
      hear(third, `${T}.ep[0].beb.pl`, decidedMessage(9))
      vi.advanceTimersByTime(1_000)
    }
    expect(system.counters.resting).toBe(0)
    vi.advanceTimersByTime(REST_MS)
    expect(system.counters.resting).toBe(1)
    system.propose('u', 1)
    hear(third, 'app.uc[u].ep[0].beb.pl', decidedMessage(9))
    system.stop()
    expect(vi.getTimerCount()).toBe(0)
  })
})
