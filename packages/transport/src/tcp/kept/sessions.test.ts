import { describe, expect, test, vi } from 'vitest'
import { newCounters } from '../counters'
import type { Hello } from './preamble'
import { Reception } from './reception'
import { Sessions } from './sessions'

const owner = (incarnation: string) => ({ incarnation, peer: 'p:1' })
/** A session that has received a frame, and is away. */
function away(sessions: Sessions, id: string, whose: 'peers' | 'strangers') {
  sessions.resume(id, 0, owner('a')).taken = 1
  sessions.left(id, whose)
}

describe('sessions', () => {
  test('those that received nothing are not remembered: hellos push out nobody', () => {
    const sessions = new Sessions(1)
    away(sessions, 'with a frame', 'strangers')
    for (let i = 0; i < 100; i++) {
      sessions.resume(`hello ${i}`, 0)
      sessions.left(`hello ${i}`)
    }
    expect(sessions.get('with a frame')?.taken).toBe(1)
    expect(sessions.get('hello 99')).toBeUndefined()
  })

  test('strangers do not push out peers', () => {
    const sessions = new Sessions(1)
    away(sessions, 'peer', 'peers')
    for (let i = 0; i < 10; i++) away(sessions, `stranger ${i}`, 'strangers')
    expect(sessions.get('peer')?.taken).toBe(1)
  })

  test('one that has come back takes no place among those away', () => {
    const sessions = new Sessions(2)
    for (const id of ['first', 'back']) away(sessions, id, 'peers')
    sessions.resume('back', 0, owner('a'))
    away(sessions, 'third', 'peers')
    expect(['first', 'back', 'third'].map((id) => sessions.get(id)?.taken)).toEqual([1, 1, 1])
  })

  test('end, wherever they are, when another incarnation is at the address of their peer', () => {
    const sessions = new Sessions(10)
    away(sessions, 'old', 'peers')
    const close = vi.fn()
    sessions.resume('current', 0, owner('a')).disconnect = close
    sessions.resume('new', 0, owner('b'))
    sessions.replaced(owner('b'))
    expect([sessions.get('old'), sessions.get('current'), close.mock.calls.length]).toEqual([undefined, undefined, 1])
    expect(sessions.get('new')).toBeDefined()
  })
})

test('a connection with the number of one before it, or a lower one, is stale, and closes nothing', () => {
  const sessions = new Sessions(10)
  const reception = new Reception({
    introduction: { incarnation: 'us', payload: new Uint8Array() },
    incarnations: 'any',
    sessions,
    counters: newCounters(),
    say: () => {},
    judge: ({ address }) => ({ peer: address }),
    peerAt: () => undefined,
  })
  const address = { host: '127.0.0.1', port: 1 }
  const hello = (connection: number): Hello => ({
    ...{
      session: 's',
      incarnation: 'them',
      payload: new Uint8Array(),
      dropped: 0,
      connection,
      address,
      expected: undefined,
      doubtful: false,
    },
  })
  expect(reception.receive(hello(1), address)).toMatchObject({ peer: address })
  const close = vi.fn()
  const session = sessions.get('s')
  if (session !== undefined) session.disconnect = close
  for (const number of [1, 0]) expect(reception.receive(hello(number), address)).toBe('stale')
  expect(close).not.toHaveBeenCalled()
  expect(reception.receive(hello(2), address)).toMatchObject({ session })
  expect(close).toHaveBeenCalledTimes(1)
})
