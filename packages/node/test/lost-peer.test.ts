import { connect, createServer, type Socket } from 'node:net'
import { type Message, Type, toValue } from '@upon/protocol'
import { describe, expect, it, onTestFinished } from 'vitest'
import { Puppet, until } from './puppet'
import { type Scene, scene } from './scene'

const broadcast: Message = { type: Type.APP_BROADCAST, appBroadcast: { value: toValue(1) } }
const proposal: Message = { type: Type.APP_PROPOSE, appPropose: { topic: 't', value: toValue(1) } }
const ofPeer: Message = { type: Type.APP_VALUE, appValue: { value: toValue(2) } }

/** Its detector suspects nobody by itself; and of three it is the one to lead after the first peer. */
const nextToLead = (limits = {}) => scene(['kept', 'kept'], { delayMs: 600_000, ranks: [3, 1, 2], limits })

/** Has the node broadcast so often, one after the other. */
async function broadcasts(s: Scene, count: number, systemId = 'sys-1'): Promise<void> {
  for (let i = s.hub.of(Type.APP_VALUE).length + 1, last = i + count; i < last; i++) {
    s.command(broadcast, systemId)
    await s.hub.collect(Type.APP_VALUE, i)
  }
}

/** An address that leads to one puppet, and then to another: nobody is ever refused there. */
async function door(to: Puppet): Promise<{ readonly port: number; lead(to: Puppet): void }> {
  let behind = to
  const open = new Set<Socket>()
  const server = createServer((socket) => {
    const onwards = connect(behind.address)
    for (const each of [socket, onwards]) open.add(each.on('error', () => {}))
    socket.pipe(onwards).pipe(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const cut = () => {
    for (const socket of open) socket.destroy()
    open.clear()
  }
  onTestFinished(() => {
    cut()
    server.close()
  })
  const lead = (next: Puppet) => {
    behind = next
    cut()
  }
  return { port: (server.address() as { port: number }).port, lead }
}

describe('a process that does not take what we send, until its queue is full', () => {
  it('has crashed to us: another takes the lead at once, and the system goes on', async () => {
    const s = await nextToLead({ queueFrames: 30 })
    const [leader, other] = s.peers as [Puppet, Puppet]
    leader.send(s.node.address, { to: 'app.beb.pl', message: ofPeer }) // it is ours
    other.send(s.node.address, { to: 'app.beb.pl', message: ofPeer })
    await s.hub.collect(Type.APP_VALUE, 2)
    s.command(proposal)
    await broadcasts(s, 1)
    expect(other.of(Type.EC_INTERNAL_NEW_EPOCH)).toEqual([])
    let relieve = () => {}
    leader.jam = new Promise((resolve) => {
      relieve = resolve
    })
    onTestFinished(() => relieve())
    await broadcasts(s, 40)
    await other.collect(Type.EC_INTERNAL_NEW_EPOCH, 1)
    expect(s.lines.filter(({ level, msg }) => level === 'warn' && msg === 'peer is given up')).toHaveLength(1)
    expect(s.node.traffic.givenUp.byUs).toBe(1)
    await other.collect(Type.APP_VALUE, 41)
    expect(s.node.systems.size).toBe(1)
  })

  it('is a process like others again in the next system, when it takes what it gets', async () => {
    const s = await nextToLead({ queueFrames: 30 })
    const [leader] = s.peers as [Puppet]
    leader.send(s.node.address, { to: 'app.beb.pl', message: ofPeer })
    await s.hub.collect(Type.APP_VALUE, 1)
    let relieve = () => {}
    leader.jam = new Promise((resolve) => {
      relieve = resolve
    })
    await broadcasts(s, 40)
    await until('it is given up', () => s.node.traffic.givenUp.byUs === 1)
    leader.jam = undefined
    relieve()
    await s.destroy()
    await s.initialize('sys-2')
    await broadcasts(s, 1, 'sys-2')
    await leader.until('it gets the next', () => leader.of(Type.APP_VALUE).some(({ systemId }) => systemId === 'sys-2'))
  })

  it('if that is the hub: it is registered with again, and what it asks from then on is answered', async () => {
    const s = await scene(['kept', 'kept'], { limits: { queueFrames: 30 } })
    s.node.peerGivenUp(s.hub.address)
    await s.hub.collect(Type.PROC_REGISTRATION, 2)
    await s.serves()
  })
})

it('another start of a process is there: the one in our systems has crashed, and another takes the lead at once', async () => {
  const s = await nextToLead()
  const [old, other] = s.peers as [Puppet, Puppet]
  const way = await door(old)
  const processes = s.processes.map((each) => (each.port === old.address.port ? { ...each, port: way.port } : each))
  await s.initialize('sys-2', processes)
  old.send(s.node.address, { systemId: 'sys-2', port: way.port, to: 'app.beb.pl', message: ofPeer })
  await s.hub.collect(Type.APP_VALUE, 1)
  s.command(proposal, 'sys-2')
  await broadcasts(s, 1, 'sys-2')
  await old.collect(Type.APP_VALUE, 1)
  expect(other.of(Type.EC_INTERNAL_NEW_EPOCH)).toEqual([])
  way.lead(await Puppet.listen('kept'))
  await broadcasts(s, 1, 'sys-2')
  await other.collect(Type.EC_INTERNAL_NEW_EPOCH, 1)
})

it('a process has given us up: our part in the systems that we share with it is over, told and counted; others go on', async () => {
  const s = await scene(['kept', 'kept'])
  const hasty = await Puppet.listen('kept', { limits: { queueFrames: 5 } })
  await s.initialize('sys-2', [...s.processes, { ...hasty.address, owner: 'xyz', index: 9, rank: 9 }])
  hasty.send(s.node.address, { systemId: 'sys-2', to: 'app.beb.pl', message: ofPeer })
  await s.hub.collect(Type.APP_VALUE, 1)
  for (let i = 0; i < 10; i++) hasty.send(s.node.address, { systemId: 'sys-2', to: 'app.beb.pl', message: ofPeer })
  await until('the system has ended', () => !s.node.systems.has('sys-2'))
  expect([...s.node.systems.keys()]).toEqual(['sys-1'])
  expect(s.node.refusals.crashes).toBe(1)
  expect(s.lines.filter(({ level }) => level === 'error').map(({ systemId, msg }) => [systemId, msg])).toEqual([
    ['sys-2', 'a process has given us up: we missed messages, and our part in the system is over'],
  ])
  await s.serves()
})
