import { Hub } from '@upon/hub'
import { createNode, type Node, type NodeOptions } from '../src/index'

/** Lets time pass where it is silence that is tested. Never to wait for an event. */
export const elapse = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** A hub with nodes of one owner, all in this program, over real sockets. */
export async function cluster(n: number, options: Partial<NodeOptions> = {}): Promise<{ hub: Hub; nodes: Node[]; stop(): Promise<void> }> {
  const hub = await Hub.listen({ host: '127.0.0.1', port: 0, settleMs: 0 })
  const nodes: Node[] = []
  for (let index = 1; index <= n; index++) {
    nodes.push(await createNode({ hub: hub.address, host: '127.0.0.1', port: 0, owner: 'abc', index, ...options }))
  }
  await hub.registered(n)
  const stop = async () => {
    await Promise.all(nodes.map((node) => node.stop()))
    await hub.close()
  }
  return { hub, nodes, stop }
}
