import { Hub, linearizable } from '@upon/hub'
import { expect, it, onTestFinished } from 'vitest'
import { createNode, type Node } from '../src/index'
import { startCli } from './cli-child'
import { startForeign } from './foreign/start'
import { until } from './puppet'

const OPERATIONS = 600

/** Operations a second of those named, in a storm of theirs; it was atomic. */
async function rate(hub: Hub, processes: readonly string[], operations = OPERATIONS): Promise<number> {
  const register = `r${Math.random()}`
  const storm = await hub.storm(register, { operations, processes })
  expect(storm).toMatchObject({ ok: true, missing: [] })
  expect(linearizable(hub.history(register))).toMatchObject({ outcome: 'linearizable' })
  return (operations / storm.elapsedMs) * 1_000
}

it('one of ours frozen, the leader: the others go on at full speed', async () => {
  const hub = await Hub.listen({ host: '127.0.0.1', port: 0, timeoutMs: 20_000 })
  onTestFinished(() => hub.close())
  const args = ['--hub', `127.0.0.1:${hub.address.port}`, '--owner', 'abc', '--json']
  startCli([...args, '--port', '0,0'])
  const frozen = startCli([...args, '--index', '3'])
  await hub.registered(3)
  await hub.system(['abc'])
  const others = ['abc-1', 'abc-2']
  await rate(hub, others)
  const before = await rate(hub, others)
  frozen.child.kill('SIGSTOP')
  expect(await rate(hub, others)).toBeGreaterThan(before / 10) // one wait for a time-out each would make it a hundredth
}, 60_000)

it('a foreign process frozen, which leads: ours go on at full speed; when it wakes, it catches up', async () => {
  const hub = await Hub.listen({ host: '127.0.0.1', port: 0, timeoutMs: 20_000 })
  const nodes: Node[] = []
  onTestFinished(async () => {
    await Promise.all(nodes.map((node) => node.stop()))
    await hub.close()
  })
  for (let index = 1; index <= 2; index++)
    nodes.push(await createNode({ hub: hub.address, host: '127.0.0.1', port: 0, owner: 'abc', index }))
  const partner = await startForeign({ hub: hub.address, ports: [0], owner: 'xyz', quirks: ['strictproto'] })
  onTestFinished(() => {
    partner.kill('SIGCONT')
    partner.kill('SIGKILL')
  })
  await hub.registered(3)
  await hub.system(['abc', 'xyz'])
  const ours = ['abc-1', 'abc-2']
  const before = await rate(hub, ours, 200)
  expect(await hub.consensus('before')).toMatchObject({ ok: true })
  partner.kill('SIGSTOP')
  expect(await rate(hub, ours, 200)).toBeGreaterThan(before / 10)
  await hub.write('x', 42, ours)
  const topic = hub.consensus('t')
  await until('ours have decided', () => nodes.every(({ systems }) => systems.get('sys-1')?.counters.undecided === 0))
  partner.kill('SIGCONT')
  expect(await topic).toMatchObject({ ok: true, missing: [] })
  expect((await hub.read('x', ['xyz-1'])).answers.map(({ value }) => value)).toEqual([42])
  expect(partner.child.exitCode).toBe(null)
}, 60_000)

it('a process is killed and another takes its port, in mid-system: the others go on, and the next system has it', async () => {
  const hub = await Hub.listen({ host: '127.0.0.1', port: 0, timeoutMs: 10_000 })
  onTestFinished(() => hub.close())
  const args = ['--hub', `127.0.0.1:${hub.address.port}`, '--owner', 'abc', '--json']
  startCli([...args, '--port', '0,0'])
  const old = startCli([...args, '--index', '3'])
  await hub.registered(3)
  await hub.system(['abc'])
  expect(await hub.consensus('before')).toMatchObject({ ok: true })
  const { port } = hub.processes.find(({ name }) => name === 'abc-3')!
  const storm = hub.storm('x', { operations: 300, processes: ['abc-1', 'abc-2'] })
  old.child.kill('SIGKILL')
  await old.exited
  hub.markCrashed('abc-3')
  const young = startCli([...args, '--index', '3', '--port', String(port)])
  await hub.registered(['abc-3'])
  expect(await storm).toMatchObject({ ok: true, missing: [] })
  expect(await hub.consensus('while it knows of no system', { processes: ['abc-1', 'abc-2'] })).toMatchObject({ ok: true, missing: [] })
  await hub.system(['abc'])
  expect(await hub.write('x', 1)).toMatchObject({ ok: true, missing: [] })
  expect(await hub.consensus('with it')).toMatchObject({ ok: true, missing: [] })
  expect(young.lines().filter(({ level }) => level === 'error')).toEqual([])
}, 60_000)
