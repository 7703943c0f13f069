import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { PacedReader } from './paced-reader'

/** A socket as far as a reader knows it, what was taken of it, and what is done at each piece. */
function reading(atPiece: (reader: PacedReader, text: string) => void) {
  const socket = new PassThrough()
  const taken: string[] = []
  const reader: PacedReader = new PacedReader(
    socket as never,
    (piece) => {
      const text = Buffer.from(piece).toString()
      taken.push(text)
      atPiece(reader, text)
    },
    () => taken.push('end'),
  )
  return { socket, taken, reader, text: () => taken.join('') }
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

const busyFor = (ms: number) => {
  const until = performance.now() + ms
  while (performance.now() < until);
}

const SENT = Array.from({ length: 20 }, (_, i) => String.fromCharCode(97 + i).repeat(1_024))

test('what comes later never overtakes what waits, though promises settle while it waits', async () => {
  const { socket, text } = reading((reader) => {
    busyFor(3)
    reader.hold(Promise.resolve())
  })
  socket.write(SENT.slice(0, 5).join(''))
  for (const each of SENT.slice(5)) {
    await turn()
    socket.write(each)
  }
  socket.end()
  while (!text().endsWith('end')) await turn()
  expect(text()).toBe(`${SENT.join('')}end`)
})

test('while it is held nothing is taken but the rest of the piece, however often others let go', async () => {
  let release = () => {}
  const { socket, taken, reader, text } = reading((reader) => {
    if (taken.length > 1) return
    reader.hold(Promise.resolve())
    reader.hold(
      new Promise<void>((resolve) => {
        release = resolve
      }),
    )
  })
  socket.write(SENT.join(''))
  socket.end()
  for (let turns = 0; turns < 20; turns++) await turn()
  expect([taken, reader.isHeld]).toEqual([[SENT[0]], true])
  release()
  while (!text().endsWith('end')) await turn()
  expect(text()).toBe(`${SENT.join('')}end`)
})

test('after it was stopped nothing is taken; what waited is handed back', async () => {
  const { socket, taken, reader } = reading(() => busyFor(6))
  socket.write(SENT.join(''))
  await turn()
  const waiting = reader.stop()
  const before = taken.join('')
  for (let turns = 0; turns < 5; turns++) await turn()
  expect(before + Buffer.from(waiting ?? []).toString()).toBe(SENT.join(''))
  expect(taken.join('')).toBe(before)
})

test('after a full read it waits for the next turn, however quick it was', async () => {
  const { socket, taken, text } = reading(() => {})
  const full = 'x'.repeat(64 * 1_024)
  socket.emit('data', Buffer.from(full))
  expect([text() === full, socket.isPaused()]).toEqual([true, true])
  await turn()
  expect(socket.isPaused()).toBe(false)
  socket.emit('data', Buffer.from('short'))
  expect([taken.at(-1), socket.isPaused()]).toEqual(['short', false])
})
