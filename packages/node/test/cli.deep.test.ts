import { Hub } from '@upon/hub'
import { expect, it, onTestFinished } from 'vitest'
import { startCli } from './cli-child'
import { until } from './puppet'

async function startHub(port = 0): Promise<Hub> {
  const hub = await Hub.listen({ host: '127.0.0.1', port, settleMs: 0 })
  onTestFinished(() => hub.close())
  return hub
}

it('SIGINT in mid-consensus ends it gracefully, with exit code 0', async () => {
  const hub = await startHub()
  const cli = startCli(['--hub', `127.0.0.1:${hub.address.port}`, '--port', '0,0,0', '--owner', 'abc'])
  await hub.registered(3)
  await hub.system(['abc'])
  void hub.consensus('never', { processes: ['abc-1', 'abc-2'] }) // its leader has no value
  await hub.broadcast('abc-1', 1)
  cli.child.kill('SIGINT')
  expect(await cli.exited).toBe(0)
  expect(cli.output.filter((line) => line.includes('SIGINT: ending')).length).toBe(3)
})

it('what reads its output as JSON goes away: it serves on', async () => {
  const hub = await startHub()
  const cli = startCli(['--hub', `127.0.0.1:${hub.address.port}`, '--owner', 'abc', '--log-level', 'trace', '--json'])
  await hub.registered(1)
  cli.child.stdout?.destroy()
  for (let i = 0; i < 3; i++) {
    await hub.system(['abc'])
    expect(await hub.broadcast('abc-1', i)).toMatchObject({ ok: true })
  }
  cli.child.kill('SIGTERM')
  expect(await cli.exited).toBe(0)
})

it('the hub is restarted before its first system: it registers again, and serves the new one', async () => {
  const old = await startHub()
  const { port } = old.address
  const cli = startCli(['--hub', `127.0.0.1:${port}`, '--port', '0,0,0', '--owner', 'abc', '--json'])
  await old.registered(3)
  await until('they keep connections with it', () => old.counters.endpoint.connections.open === 3)
  await old.close()
  await until('all have noticed', () => cli.output.filter((line) => line.includes('the hub is not there')).length === 3)
  const young = await startHub(port)
  await young.registered(3)
  await young.system(['abc'])
  expect(await young.consensus('t')).toMatchObject({ ok: true })
})
