import { expect, it, vi } from 'vitest'
import { cluster } from './cluster'

it('our own processes find each other: who only ever sends keeps a connection too', async () => {
  const { hub, nodes, stop } = await cluster(3)
  await hub.system(['abc'])
  await hub.broadcast('abc-2', 1) // the others have nothing to say to abc-2
  await vi.waitFor(() => expect(nodes.map(({ traffic }) => traffic.connections.open)).toEqual([2, 3, 2])) // one to the hub, the others among them
  await stop()
})

it('the next system goes on over the connections of the last one; those that no system uses are closed', async () => {
  const { hub, nodes, stop } = await cluster(3)
  await hub.system(['abc'])
  for (const sender of ['abc-1', 'abc-2', 'abc-3']) await hub.broadcast(sender, 1)
  await vi.waitFor(() => expect(nodes.map(({ traffic }) => traffic.connections.open)).toEqual([3, 3, 3]))
  const opened = () => nodes.map(({ traffic }) => traffic.connections.opened)
  const before = opened()
  await hub.system(['abc'])
  for (const sender of ['abc-1', 'abc-2', 'abc-3']) expect(await hub.broadcast(sender, 2)).toMatchObject({ ok: true })
  expect(opened()).toEqual(before)
  await hub.close()
  await vi.waitFor(() => expect(nodes.map(({ traffic }) => traffic.connections.open)).toEqual([0, 0, 0]), { timeout: 5_000 })
  await stop()
})
