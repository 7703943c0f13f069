import { type ConsensusOutcome, Hub, linearizable } from '@upon/hub'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createNode, type Node } from '../src/index'
import { startCli } from './cli-child'
import { defined, FakeHub } from './foreign/fake-hub'
import { type Foreign, type Quirk, startForeign } from './foreign/start'
import { until } from './puppet'

/** A process of the system that can be killed as kill -9 does. */
interface Killable {
  readonly name: string
  kill(): void
}

interface Mix {
  readonly ours: number
  readonly foreign: readonly (readonly Quirk[])[]
  readonly connections: 'kept' | 'classic'
  /** Whose processes have the highest ranks, and so the first leader. */
  readonly leads: 'ours' | 'theirs'
}

/** A hub with real processes: ours by `upon-node`, one program each, the others by the foreign partner, which is strict. */
async function mixed({ ours, foreign, connections, leads }: Mix) {
  const hub = await Hub.listen({ host: '127.0.0.1', port: 0, timeoutMs: 15_000 })
  onTestFinished(() => hub.close())
  const processes: Killable[] = []
  const children = Array.from({ length: ours }, (_, i) =>
    startCli([
      '--hub',
      `127.0.0.1:${hub.address.port}`,
      '--owner',
      'abc',
      '--index',
      String(i + 1),
      '--connections',
      connections,
      '--json',
    ]),
  )
  for (const [i, { child }] of children.entries()) processes.push({ name: `abc-${i + 1}`, kill: () => void child.kill('SIGKILL') })
  const partners: Foreign[] = []
  for (const [i, quirks] of foreign.entries()) {
    const partner = await startForeign({ hub: hub.address, ports: [0], owner: 'xyz', index: i + 1, quirks: [...quirks, 'strictproto'] })
    onTestFinished(() => partner.kill('SIGKILL'))
    partners.push(partner)
    processes.push({ name: `xyz-${i + 1}`, kill: () => partner.kill('SIGKILL') })
  }
  await hub.registered(processes.map(({ name }) => name))
  const owners = leads === 'ours' ? ['xyz', 'abc'] : ['abc', 'xyz']
  const { members } = await hub.system(owners)
  const leader = processes.find(({ name }) => name === members.at(-1)?.name)!
  return { hub, processes, owners, leader, partners, children, kill: (victim: Killable) => kill(hub, victim) }
}

function kill(hub: Hub, victim: Killable): void {
  victim.kill()
  hub.markCrashed(victim.name)
}

async function walk(hub: Hub, names: readonly string[], round: string): Promise<void> {
  for (const [i, name] of names.entries()) {
    const outcome = await hub.broadcast(name, i)
    expect(outcome, `${round}: broadcast of ${name}`).toMatchObject({ ok: true })
    expect(outcome.answers.length).toBe(names.length)
  }
  expect(await hub.write('x', 7), `${round}: write`).toMatchObject({ ok: true, missing: [] })
  const read = await hub.read('x')
  expect(read.answers.map(({ value }) => value)).toEqual(names.map(() => 7))
  expect(await hub.storm(`storm ${round}`, { operations: 60 }), `${round}: storm`).toMatchObject({ ok: true, missing: [] })
  expect(linearizable(hub.history(`storm ${round}`)), `${round}: storm`).toMatchObject({ outcome: 'linearizable' })
  await decide(hub, names.length, round)
}

/** Consensus on several topics at once, decided by so many. */
async function decide(hub: Hub, deciders: number, round: string): Promise<void> {
  const outcomes = await Promise.all([1, 2, 3].map((i) => hub.consensus(`${round} ${i}`)))
  for (const { topic, ok, agreement, validity, problems, missing, answers } of outcomes) {
    expect({ topic, ok, agreement, validity, problems, missing, deciders: answers.length }).toEqual({
      ...{ topic, ok: true, agreement: 'holds', validity: 'holds', problems: [], missing: [], deciders },
    })
  }
}

/** Everybody has decided but those who died, and the same. */
function expectAgreement(outcomes: readonly ConsensusOutcome[]): void {
  for (const { topic, agreement, validity, problems, missing } of outcomes) {
    const alive = missing.filter(({ reason }) => reason !== 'crashed')
    expect({ topic, agreement, validity, problems, alive }).toEqual({
      topic,
      agreement: 'holds',
      validity: 'holds',
      problems: [],
      alive: [],
    })
  }
}

function expectContent(partners: readonly Foreign[], children: readonly ReturnType<typeof startCli>[]): void {
  for (const { events, errors, child } of partners) {
    expect(child.exitCode, errors()).toBe(null) // 3: it has seen something illegal
    expect(events.filter(({ event }) => ['malformed', 'idle'].includes(event))).toEqual([])
  }
  for (const { lines } of children) {
    expect(lines().filter(({ level, reason }) => level === 'error' || (reason !== undefined && reason !== 'unknownSystem'))).toEqual([])
  }
}

describe.each<[string, Mix]>([
  ['2 ours + 1 foreign, which leads', { ours: 2, foreign: [['nosplit', 'outersys']], connections: 'kept', leads: 'theirs' }],
  ['2 ours, one leads, + 1 foreign', { ours: 2, foreign: [['emptyfrom', 'nouuid', 'undefminus']], connections: 'kept', leads: 'ours' }],
  ['1 ours + 2 foreign, classic', { ours: 1, foreign: [['novalue', 'emptyhubids'], ['nosplit']], connections: 'classic', leads: 'theirs' }],
  ['1 ours, which leads, + 2 foreign', { ours: 1, foreign: [['nosenderhost'], []], connections: 'kept', leads: 'ours' }],
])('%s', (_, mix) => {
  it('everything of the walk-through holds, in two systems, before and after the leader is killed; the foreign see nothing illegal', async () => {
    const { hub, processes, owners, leader, kill, partners, children } = await mixed(mix)
    await walk(
      hub,
      processes.map(({ name }) => name),
      'all',
    )
    await hub.system(owners)
    await walk(
      hub,
      processes.map(({ name }) => name),
      'second system',
    )
    const left = processes.filter((process) => process !== leader)
    kill(leader)
    await decide(hub, left.length, 'without the leader')
    await walk(
      hub,
      left.map(({ name }) => name),
      'with the majority left',
    )
    expectContent(
      partners.filter((__, i) => leader.name !== `xyz-${i + 1}`),
      children,
    )
  }, 60_000)
})

it('3 ours + 2 foreign: the foreign leader dies in mid-consensus, then one of ours; a majority goes on', async () => {
  // a foreign process heartbeats for each topic for ever: few topics, so that the machine does not decide the outcome
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
