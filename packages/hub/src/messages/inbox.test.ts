import { expect, test } from 'vitest'
import { Inbox } from './inbox'

const from = (remotePort: number) => ({ remoteAddress: '127.0.0.1', remotePort })

test('a connection that floods waits, in order, and is read no further; another is served at once, and in its turn', async () => {
  const taken: [number, number][] = []
  const inbox = new Inbox((body, { remotePort }) => taken.push([remotePort, body[0]!]))
  const paused: Promise<void>[] = []
  for (let i = 0; i < 200; i += 1) {
    const wait = inbox.push(new Uint8Array([i]), from(1))
    if (wait) paused.push(wait)
  }
  const atOnce = taken.length
  expect(atOnce).toBeLessThan(50)
  expect(paused).toHaveLength(1)
  expect(inbox.bytes).toBe(200 - atOnce)
  expect(inbox.push(new Uint8Array([7]), from(2))).toBeUndefined()
  expect(taken.at(-1)).toEqual([2, 7])
  await paused[0]
  expect(inbox.bytes).toBe(0)
  expect(taken.filter(([port]) => port === 1).map(([, i]) => i)).toEqual(Array.from({ length: 200 }, (_, i) => i))
})

test('of several that wait, each has a frame taken in turn', async () => {
  const taken: number[] = []
  const inbox = new Inbox((_, { remotePort }) => taken.push(remotePort))
  const waits = [1, 2, 3].flatMap((port) => Array.from({ length: 60 }, () => inbox.push(new Uint8Array(1), from(port))))
  taken.length = 0
  await Promise.all(waits)
  expect(taken.slice(0, 9)).toEqual([1, 2, 3, 1, 2, 3, 1, 2, 3])
})

test('a long frame is taken at once, and then nothing of its connection for as many turns as it is long', async () => {
  const taken: number[] = []
  const inbox = new Inbox((body) => taken.push(body.length))
  let turns = 0
  let isWaiting = true
  const count = () => {
    turns += 1
    if (isWaiting) setImmediate(count)
  }
  setImmediate(count)
  const wait = inbox.push(new Uint8Array(10 * 16 * 1024), from(1))
  expect(taken).toHaveLength(1)
  expect(inbox.push(new Uint8Array(5 * 16 * 1024), from(1))).toBeUndefined()
  expect(inbox.push(new Uint8Array(7), from(2))).toBeUndefined()
  expect(taken).toEqual([10 * 16 * 1024, 7])
  await wait
  isWaiting = false
  expect(taken).toEqual([10 * 16 * 1024, 7, 5 * 16 * 1024])
  expect(turns).toBeGreaterThanOrEqual(14)
})

test('strangers on many connections have one share together, and do not use up the share of a known sender', async () => {
  const taken: number[] = []
  const inbox = new Inbox(
    (_, { remotePort }) => taken.push(remotePort),
    (body) => body[0] === 1,
  )
  const waits: (Promise<void> | undefined)[] = []
  for (let port = 1; port <= 200; port += 1) for (let i = 0; i < 5; i += 1) waits.push(inbox.push(new Uint8Array([0]), from(port)))
  expect(taken.length).toBeLessThan(50)
  expect(inbox.push(new Uint8Array([1]), from(1_000))).toBeUndefined()
  expect(taken.at(-1)).toBe(1_000)
  await Promise.all(waits)
  expect(taken).toHaveLength(1_001)
})
