import { expect } from 'vitest'
import { cluster } from './cluster'
import { until } from './puppet'

/** How many there are of each kind of thing that the event loop waits for. */
function resources(): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const kind of process.getActiveResourcesInfo()) counts[kind] = (counts[kind] ?? 0) + 1
  return counts
}

/** So many operations and topics leave nothing behind when their system is destroyed. */
export async function leavesNothingBehind(operations: number, topicCount: number): Promise<void> {
  const { hub, nodes, stop } = await cluster(3)
  const fresh = async () => {
    const { id } = await hub.system(['abc'])
    for (const sender of ['abc-1', 'abc-2', 'abc-3']) expect(await hub.broadcast(sender, 1)).toMatchObject({ ok: true })
    await until(`${id} is the only one`, () => nodes.every(({ systems }) => [...systems.keys()].join() === id))
    return { resources: resources(), counters: nodes.map(({ systems }) => ({ ...systems.get(id)?.counters, events: 0 })) }
  }
  const open = () => nodes.map(({ traffic }) => traffic.connections.open)
  const before = await fresh()
  await until('connections stand', () => open().join() === '3,3,3')

  const storm = await hub.storm('y', { operations })
  expect(storm).toMatchObject({ ok: true, missing: [] })
  const topics = await Promise.all(Array.from({ length: topicCount }, (_, i) => hub.consensus(`t${i}`)))
  expect(topics.every(({ ok, answers }) => ok && answers.length === 3)).toBe(true)
  expect(nodes.map(({ systems }) => systems.get('sys-1')?.counters)).toMatchObject(
    nodes.map(() => ({ held: 0, undecided: 0, operations: 0, overflowed: 0, unknownKinds: 0 })),
  )

  const after = await fresh()
  expect(after.counters).toEqual(before.counters)
  await until('queues are empty', () => nodes.every(({ traffic }) => traffic.queues.frames === 0))
  await until(`sockets and timers are as before: ${JSON.stringify(before.resources)}`, () => {
    const now = resources()
    return Object.keys(now).every((kind) => now[kind]! <= (before.resources[kind] ?? 0))
  })
  expect(open()).toEqual([3, 3, 3])
  const { unknownSystem: _, ...none } = {
    ...nodes[0]!.refusals,
    malformed: 0,
    meaningless: 0,
    unauthorised: 0,
    badMembership: 0,
    overLimit: 0,
    crashes: 0,
  }
  for (const { refusals } of nodes) expect(refusals).toMatchObject(none) // some last messages of the destroyed system may come late
  await stop()
}
