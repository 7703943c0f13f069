import { encode, type Message, Type, toValue, UPON_VERSION, wrap } from '@upon/protocol'
import { expect, it } from 'vitest'
import { Puppet, until } from './puppet'
import { type Scene, scene } from './scene'

const broadcast: Message = { type: Type.APP_BROADCAST, appBroadcast: { value: toValue(1) } }

/** Sends what a hub of ours says in that start of it. */
function say(s: Scene, hub: Puppet, incarnation: string, message: Message, systemId = 'sys-1'): void {
  const { host, port } = s.hub.address
  const inner = { ...message, incarnation, FromAbstractionId: 'hub', ToAbstractionId: 'app' }
  hub.sendBytes(
    s.node.address,
    encode(wrap({ systemId, to: 'app.pl', senderHost: host, senderListeningPort: port, message: inner, upon: UPON_VERSION })),
  )
}

/** The hub's listener goes; a report from the node is refused; another listener comes at its port. */
async function refuse(s: Scene): Promise<Puppet> {
  const { port } = s.hub.address
  await s.hub.stop()
  s.node.systems.get('sys-1')?.broadcast(5)
  await until('the hub is missed', () => s.lines.some(({ msg }) => msg.startsWith('the hub is not there')))
  const again = await Puppet.listen('classic', { port })
  await again.collect(Type.PROC_REGISTRATION, 1)
  expect((await again.collect(Type.APP_VALUE, 1))[0]?.inner.appValue?.value?.v).toBe(5)
  return again
}

it('a hub that refuses for a moment costs nothing: its systems go on, and the node registers again', async () => {
  const s = await scene(['kept', 'classic'])
  const before = s.node.systems.get('sys-1')
  const again = await refuse(s)
  expect(s.node.systems.get('sys-1')).toBe(before)
  again.send(s.node.address, { message: { ...broadcast, FromAbstractionId: 'hub' } })
  await again.collect(Type.APP_VALUE, 2)
  expect(s.node.refusals).toMatchObject({ badMembership: 0, unauthorised: 0 })
})

it('a foreign hub that starts a system again which we are in has been replaced, if it may have been: the old systems end', async () => {
  const s = await scene(['kept', 'classic'])
  await s.initialize('sys-2')
  const before = s.node.systems.get('sys-1')
  const again = await refuse(s)
  const message: Message = { type: Type.PROC_INITIALIZE_SYSTEM, procInitializeSystem: { processes: s.processes } }
  again.send(s.node.address, { systemId: 'sys-1', message })
  await until('it starts', () => s.node.systems.get('sys-1') !== before)
  expect([...s.node.systems.keys()]).toEqual(['sys-1'])
  again.send(s.node.address, { systemId: 'sys-1', message }) // and this is a second list again
  await until('it is refused', () => s.node.refusals.badMembership === 1)
})

it('another start of a hub of ours ends the systems of the one before, and what that one still says is refused', async () => {
  const s = await scene(['kept', 'classic'])
  say(s, s.hub, 'first', broadcast)
  await s.hub.collect(Type.APP_VALUE, 1)
  expect(s.node.systems.has('sys-1')).toBe(true)
  say(s, s.hub, 'second', { type: Type.PROC_REGISTRATION, procRegistration: { owner: 'abc', index: 1 } }, '')
  await until('the system ends', () => s.node.systems.size === 0)
  say(s, s.hub, 'first', { type: Type.PROC_INITIALIZE_SYSTEM, procInitializeSystem: { processes: s.processes } })
  await until('it is refused', () => s.node.refusals.unauthorised === 1)
  expect(s.node.systems.size).toBe(0)
  say(s, s.hub, 'second', { type: Type.PROC_INITIALIZE_SYSTEM, procInitializeSystem: { processes: s.processes } })
  await until('the new one starts', () => s.node.systems.has('sys-1'))
})

it('who names no host and the port of the hub, but connects from elsewhere, is not the hub', async () => {
  const s = await scene(['kept'])
  const { port } = s.hub.address
  s.peers[0]?.send(s.node.address, { message: broadcast, host: '127.0.0.9', port: port + 1 })
  await until('it is refused', () => s.node.refusals.unauthorised === 1)
})
