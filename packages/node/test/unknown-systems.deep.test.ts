import { type Message, Type, toValue } from '@upon/protocol'
import { expect, it } from 'vitest'
import { createNode } from '../src/index'
import { until } from './puppet'
import { scene } from './scene'

const appValue: Message = { type: Type.APP_VALUE, appValue: { value: toValue(7) } }

it("an unknown system's messages are kept for 2 s, then dropped with one warning", async () => {
  const s = await scene(['kept', 'classic'])
  for (let i = 0; i < 10; i++) s.peers[0]?.send(s.node.address, { systemId: 'sys-9', to: 'app.beb.pl', message: appValue })
  await until('they are dropped', () => s.node.refusals.unknownSystem === 10)
  expect(s.lines.filter(({ level }) => level === 'warn').map(({ msg, messages }) => ({ msg, messages }))).toEqual([
    { msg: 'no such system was started within 2000 ms: its messages are dropped', messages: 10 },
  ])
  await s.serves()
})

it('frames from before a restart do not reach a system of the new process', async () => {
  const s = await scene(['kept', 'classic'])
  const { address } = s.node
  const old = s.peers[1]!.bytes({ to: 'app.beb.pl', message: appValue })
  s.peers[1]?.sendBytes(address, old)
  await s.hub.collect(Type.APP_VALUE, 1)
  await s.node.stop()
  const again = await createNode({ hub: s.hub.address, host: '127.0.0.1', port: address.port, owner: 'abc', index: 1 })
  s.peers[1]?.sendBytes(address, old)
  s.command({ type: Type.APP_READ, appRead: { register: 'x' } })
  await until('both are dropped', () => again.refusals.unknownSystem === 2)
  expect(s.hub.of(Type.APP_VALUE).length).toBe(1)
  await again.stop()
})
