import { Hub } from '@upon/hub'
import { expect, it, onTestFinished } from 'vitest'
import { createNode, type Node } from '../src/index'
import { defined, FakeHub } from './foreign/fake-hub'
import { startForeign } from './foreign/start'
import { decide, expectAgreement, expectContent, type Killable, mixed, walk } from './mixed-system'
import { until } from './puppet'

it('1 ours + 2 foreign, one of which leads: everything of the walk-through holds, and topics are decided when the leader is killed; the foreign see nothing illegal', async () => {
  const { hub, processes, leader, kill, partners, children } = await mixed({
    ours: 1,
    foreign: [
      ['novalue', 'emptyhubids', 'nosenderhost'],
      ['nosplit', 'outersys', 'undefminus'],
    ],
    connections: 'kept',
    leads: 'theirs',
  })
  await walk(
    hub,
    processes.map(({ name }) => name),
    'all',
  )
  kill(leader)
  await decide(hub, processes.length - 1, 'without the leader')
  expectContent(
    partners.filter((_, i) => leader.name !== `xyz-${i + 1}`),
    children,
  )
}, 60_000)

it('3 ours + 2 foreign: the foreign leader dies in mid-consensus, then one of ours; a majority goes on', async () => {
  // a foreign process heartbeats for each topic forever: few topics, so that the machine does not decide the outcome
  const { hub, processes, kill, partners, children } = await mixed({
    ...{
      ours: 3,
      foreign: [
        ['nosplit', 'nosenderhost'],
        ['outersys', 'undefminus'],
      ],
      connections: 'kept',
      leads: 'theirs',
    },
  })
  const [, , three, , leader] = processes as [Killable, Killable, Killable, Killable, Killable]
  const first = hub.consensus('first')
  kill(leader)
  expectAgreement([await first])
  const second = hub.consensus('second')
  kill(three)
  expectAgreement([await second])
  expect(await hub.write('x', 7)).toMatchObject({ ok: true })
  expect((await hub.read('x')).answers.map(({ value }) => value)).toEqual([7, 7, 7])
  expectContent(partners.slice(0, 1), children)
}, 60_000)

it('ours in the same program, two systems at a time: each has its own registers and topics, and ends by itself', async () => {
  const hub = await Hub.listen({ host: '127.0.0.1', port: 0 })
  const nodes: Node[] = []
  onTestFinished(async () => {
    await Promise.all(nodes.map((node) => node.stop()))
    await hub.close()
  })
  for (let index = 1; index <= 2; index++)
    nodes.push(await createNode({ hub: hub.address, host: '127.0.0.1', port: 0, owner: 'abc', index }))
  const partner = await startForeign({ hub: hub.address, ports: [0], owner: 'xyz', quirks: ['strictproto'] })
  onTestFinished(() => partner.kill('SIGKILL'))
  await hub.registered(3)
  await hub.system(['abc', 'xyz'])
  expect(await hub.write('x', 1)).toMatchObject({ ok: true })
  // the hub starts one at a time: a second one speaks for it, with a higher number
  const other = await FakeHub.start()
  onTestFinished(() => other.stop())
  other.speakFor(hub.address)
  for (const { name, owner, index, host, port } of hub.processes) other.registered.set(name, { host, port, owner, index, rank: 0 })
  await other.initialize('sys-77', ['xyz-1', 'abc-1', 'abc-2'])
  await until('both are in both', () => nodes.every(({ systems }) => systems.size === 2))
  await partner.event(({ event, system }) => event === 'system' && system === 'sys-77')
  for (const node of nodes) {
    const [one, two] = [...node.systems.values()]
    expect([one?.counters.registers, two?.counters.registers]).toEqual([1, 0])
    two?.write('x', 100)
    two?.propose('t', 5)
  }
  await other.send('xyz-1', 'sys-77', 'APP_PROPOSE', { topic: 't', value: defined(6) })
  expect((await hub.read('x')).answers.map(({ value }) => value)).toEqual([1, 1, 1])
  expect(await hub.consensus('t')).toMatchObject({ ok: true, problems: [] })
  await until('the other is decided', () => nodes.every(({ systems }) => systems.get('sys-77')?.counters.undecided === 0))
  await Promise.all(['abc-1', 'abc-2', 'xyz-1'].map((name) => other.send(name, 'sys-77', 'PROC_DESTROY_SYSTEM', {})))
  await until('the other has ended', () => nodes.every(({ systems }) => systems.size === 1))
  expect(await hub.consensus('u')).toMatchObject({ ok: true, problems: [] })
})
