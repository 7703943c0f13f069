import { expect, it, vi } from 'vitest'
import { cluster } from './cluster'

it('our own processes find each other: who only ever sends keeps a connection too', async () => {
  const { hub, nodes, stop } = await cluster(3)
  await hub.system(['abc'])
  await hub.broadcast('abc-2', 1) // the others have nothing to say to abc-2
  await vi.waitFor(() => expect(nodes.map(({ traffic }) => traffic.connections.open)).toEqual([2, 3, 2])) // the hub's, and those among them
  await stop()
})
