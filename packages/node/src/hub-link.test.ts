import { decode, type Message, Type, type Unwrapped, unwrap } from '@upon/protocol'
import type { TcpEndpoint } from '@upon/transport/tcp'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { HubLink } from './hub-link'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

/** The link of a process to a hub that takes everything, after `queued` frames for it are taken. */
function linked({ queued = 0 } = {}) {
  const sent: Unwrapped[] = []
  const address = { host: '127.0.0.1', port: 5_000 }
  const endpoint = {
    address,
    send: (_: unknown, body: Uint8Array) => void sent.push(unwrap(decode(body))),
    upgrade: () => {},
    counters: { queues: { frames: queued } },
  } as unknown as TcpEndpoint
  const link = new HubLink(address, endpoint, { owner: 'abc', index: 1, address: { host: '127.0.0.1', port: 5_001 } }, 'kept')
  let doubts = 0
  link.start(() => doubts++)
  const says = (incarnation?: string) => {
    const inner: Message = { type: Type.PROC_REGISTRATION, procRegistration: { owner: 'abc', index: 1 }, incarnation }
    return link.heard({ systemId: '', to: 'app.pl', senderHost: '127.0.0.1', senderListeningPort: 5_000, inner, upon: incarnation ? 1 : 0 })
  }
  return { link, says, registrations: () => sent.length, doubts: () => doubts }
}

/** The process is frozen for so long. */
function freeze(ms: number) {
  vi.spyOn(performance, 'now').mockReturnValueOnce(performance.now() + 1_000 + ms)
  vi.advanceTimersByTime(1_000)
}

describe('a hub that may have been replaced', () => {
  it('one of ours is registered with every three seconds: so whichever is there has us', () => {
    const { says, registrations } = linked()
    says('a')
    vi.advanceTimersByTime(60_000)
    expect(registrations()).toBe(1 + 20)
  })

  it('a foreign one once', () => {
    const { says, registrations, doubts } = linked()
    says()
    vi.advanceTimersByTime(3_600_000)
    expect([registrations(), doubts()]).toEqual([1, 0])
  })

  it.each(['a', undefined])('when we were frozen, it is doubted (incarnation %s)', (incarnation) => {
    const { says, doubts } = linked()
    says(incarnation)
    freeze(900)
    expect(doubts()).toBe(0)
    freeze(5_000)
    expect(doubts()).toBe(1)
    vi.advanceTimersByTime(10_000)
    expect(doubts()).toBe(1)
  })

  it('a registration that is still on its way is not repeated', () => {
    const { says, link, doubts } = linked({ queued: 1 })
    expect(link.hasRegistration).toBe(false)
    freeze(5_000)
    expect(doubts()).toBe(0)
    says()
    expect(link.hasRegistration).toBe(true)
  })

  it('once stopped, costs nothing', () => {
    const { link } = linked()
    link.stop()
    expect(vi.getTimerCount()).toBe(0)
  })
})
