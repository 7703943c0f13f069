import { expect, test } from 'vitest'
import { freeAddress, listen, send, texts, until } from './support'

const LIVING = 45
const DEAD = 5
const FRAMES = 20

/** Attempts with a dead peer until they are 2 s apart: at once, then after 1, 2, 4, ... 1,024 ms. */
const EARLY_ATTEMPTS = 13
const RARE_EVERY_MS = 2_000

test('50 processes, 5 of them dead: one connection for each direction, no way back to one a frame, and the dead are tried rarely', async () => {
  const startedAt = performance.now()
  const dead = await Promise.all(Array.from({ length: DEAD }, freeAddress))
  const living = await Promise.all(Array.from({ length: LIVING }, () => listen()))
  const addresses = [...living.map(({ address }) => address), ...dead]
  const sent = texts(FRAMES)
  for (const from of living) {
    for (const to of addresses) {
      if (to === from.address) continue
      from.endpoint.upgrade(to)
      send(from, to, ...sent)
    }
  }
  for (const each of living) await each.untilReceived((LIVING - 1) * FRAMES)
  for (const { received } of living) {
    const byPeer = new Map<number | undefined, string[]>()
    for (const { text, from } of received) byPeer.set(from.peer?.port, [...(byPeer.get(from.peer?.port) ?? []), text])
    expect([...byPeer.values()]).toEqual(Array.from({ length: LIVING - 1 }, () => sent))
  }
  const refused = () => living.map(({ endpoint }) => endpoint.counters.connections.refused)
  await until('the dead have been tried for long', () => refused().every((count) => count >= DEAD * (EARLY_ATTEMPTS + 1)), 120_000)
  const most = DEAD * (EARLY_ATTEMPTS + (performance.now() - startedAt) / RARE_EVERY_MS)
  for (const count of refused()) expect(count).toBeLessThanOrEqual(most)
  for (const { endpoint, down } of living) {
    const { opened, fallbacks } = endpoint.counters.connections
    expect(fallbacks).toBe(0)
    expect(opened).toBeLessThan(2 * LIVING) // one whose answer was slow may be opened again
    expect(down).toHaveLength(DEAD)
    expect(endpoint.counters.frames.out).toBe((LIVING - 1) * FRAMES)
  }
}, 180_000)
