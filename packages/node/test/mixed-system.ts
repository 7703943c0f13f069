import { type ConsensusOutcome, Hub, linearizable } from '@upon/hub'
import { expect, onTestFinished } from 'vitest'
import { startCli } from './cli-child'
import { type Foreign, type Quirk, startForeign } from './foreign/start'

/** A process of the system that can be killed as kill -9 does. */
export interface Killable {
  readonly name: string
  kill(): void
}

export interface Mix {
  readonly ours: number
  readonly foreign: readonly (readonly Quirk[])[]
  readonly connections: 'kept' | 'classic'
  /** Whose processes have the highest ranks, and so the first leader. */
  readonly leads: 'ours' | 'theirs'
}

/** A hub with real processes: ours by `upon-node`, one program each, the others by the foreign partner, which is strict. */
export async function mixed({ ours, foreign, connections, leads }: Mix) {
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

export async function walk(hub: Hub, names: readonly string[], round: string): Promise<void> {
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
export async function decide(hub: Hub, deciders: number, round: string): Promise<void> {
  const outcomes = await Promise.all([1, 2, 3].map((i) => hub.consensus(`${round} ${i}`)))
  for (const { topic, ok, agreement, validity, problems, missing, answers } of outcomes) {
    expect({ topic, ok, agreement, validity, problems, missing, deciders: answers.length }).toEqual({
      ...{ topic, ok: true, agreement: 'holds', validity: 'holds', problems: [], missing: [], deciders },
    })
  }
}

/** All have decided but those who died, and the same. */
export function expectAgreement(outcomes: readonly ConsensusOutcome[]): void {
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

export function expectContent(partners: readonly Foreign[], children: readonly ReturnType<typeof startCli>[]): void {
  for (const { events, errors, child } of partners) {
    expect(child.exitCode, errors()).toBe(null) // 3: it has seen something illegal
    expect(events.filter(({ event }) => ['malformed', 'idle'].includes(event))).toEqual([])
  }
  for (const { lines } of children) {
    expect(lines().filter(({ level, reason }) => level === 'error' || (reason !== undefined && reason !== 'unknownSystem'))).toEqual([])
  }
}
