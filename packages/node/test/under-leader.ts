import { type Message, Type, toValue } from '@upon/protocol'
import { expect, onTestFinished } from 'vitest'
import { createNode, type Node } from '../src/index'
import { Puppet } from './puppet'

/** Long enough for a leader not to be suspected while it is at work. */
const DELAY_MS = 120
const T = 'app.uc[t]'
const propose = (v: number): Message => ({ type: Type.APP_PROPOSE, appPropose: { topic: 't', value: toValue(v) } })

/** Two nodes of ours, of ranks 1 and 2, who have proposed 1 and 2 for topic t; and the leader, of rank 3, who does as the test says. */
export async function underLeader(connections: 'kept' | 'classic') {
  const hub = await Puppet.listen('classic')
  const leader = await Puppet.listen(connections)
  const nodes = await Promise.all(
    [1, 2].map((index) =>
      createNode({ hub: hub.address, host: '127.0.0.1', port: 0, owner: 'abc', index, connections, delayMs: DELAY_MS }),
    ),
  )
  onTestFinished(() => void Promise.all(nodes.map((node) => node.stop())))
  const [one, two] = nodes as [Node, Node]
  const processes = [one, two, leader].map(({ address }, i) => ({ ...address, owner: i < 2 ? 'abc' : 'xyz', index: i + 1, rank: i + 1 }))
  const tell = (node: Node, message: Message) => hub.send(node.address, { message: { ...message, FromAbstractionId: 'hub' } })
  for (const node of nodes) tell(node, { type: Type.PROC_INITIALIZE_SYSTEM, procInitializeSystem: { processes } })
  awake(leader)
  tell(one, propose(1))
  tell(two, propose(2))
  const lead = (to: readonly Node[], message: Message) => {
    for (const node of to) leader.send(node.address, { to: `${T}.ep[0].beb.pl`, message })
  }
  /** What that node has decided, once it has. */
  const decided = async (node: Node) => {
    const its = () => hub.of(Type.APP_DECIDE).filter(({ senderListeningPort }) => senderListeningPort === node.address.port)
    await hub.until(`${node.address.port} decides`, () => its().length > 0)
    return its().map(({ inner }) => inner.appDecide?.value?.v)
  }
  lead(nodes, { type: Type.EP_INTERNAL_READ })
  await leader.collect(Type.EP_INTERNAL_STATE, 2)
  return { hub, leader, one, two, nodes, lead, decided }
}

/** The puppet answers heartbeats. */
export function awake(puppet: Puppet): void {
  puppet.react = ({ inner, to, senderHost: host, senderListeningPort: port }) => {
    if (inner.type !== Type.EPFD_INTERNAL_HEARTBEAT_REQUEST) return
    const link = to.startsWith('eld.') ? 'eld.epfd.pl' : to
    puppet.send({ host, port }, { to: link, message: { type: Type.EPFD_INTERNAL_HEARTBEAT_REPLY } })
  }
}

export function freeze(puppet: Puppet): void {
  puppet.react = () => {}
}

export const requestsOf = (puppet: Puppet, { address }: Node) =>
  puppet.of(Type.EPFD_INTERNAL_HEARTBEAT_REQUEST).filter(({ senderListeningPort }) => senderListeningPort === address.port).length

/** The leader has got its value through, to a majority or all, and tells node two only. */
export async function decideAtTwo({ lead, leader, nodes, two, decided }: Awaited<ReturnType<typeof underLeader>>): Promise<void> {
  lead(nodes, { type: Type.EP_INTERNAL_WRITE, epInternalWrite: { value: toValue(9) } })
  await leader.collect(Type.EP_INTERNAL_ACCEPT, 2)
  lead([two], { type: Type.EP_INTERNAL_DECIDED, epInternalDecided: { value: toValue(9) } })
  expect(await decided(two)).toEqual([9])
}
