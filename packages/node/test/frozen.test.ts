import { Hub, type HubEvent, linearizable } from '@upon/hub'
import { expect, it, onTestFinished } from 'vitest'
import { startCli } from './cli-child'
import { until } from './puppet'

it('one of ours frozen: the others go on; when it wakes it knows what they wrote, decides what they decided, and takes part', async () => {
  const events: HubEvent[] = []
  const hub = await Hub.listen({ host: '127.0.0.1', port: 0, timeoutMs: 20_000, onEvent: (event) => void events.push(event) })
  onTestFinished(() => hub.close())
  const args = ['--hub', `127.0.0.1:${hub.address.port}`, '--owner', 'abc', '--json']
  startCli([...args, '--port', '0,0'])
  const frozen = startCli([...args, '--index', '3']) // the leader
  await hub.registered(3)
  await hub.system(['abc'])
  const others = ['abc-1', 'abc-2']
  expect(await hub.consensus('before')).toMatchObject({ ok: true })

  frozen.child.kill('SIGSTOP')
  expect(await hub.storm('y', { operations: 60, processes: others })).toMatchObject({ ok: true, missing: [] })
  expect(linearizable(hub.history('y'))).toMatchObject({ outcome: 'linearizable' })
  await hub.write('x', 42, others)
  const topics = [1, 2, 3].map((i) => hub.consensus(`t${i}`)) // the frozen one is asked, too
  await until(
    'the others have decided',
    () => events.filter((event) => event.type === 'decided' && event.topic.startsWith('t')).length === 6,
  )

  frozen.child.kill('SIGCONT')
  for (const outcome of await Promise.all(topics)) expect(outcome).toMatchObject({ ok: true, agreement: 'holds', missing: [] })
  expect((await hub.read('x', ['abc-3'])).answers.map(({ value }) => value)).toEqual([42])
  expect(await hub.broadcast('abc-3', 5)).toMatchObject({ ok: true, missing: [] })
  expect(await hub.consensus('after')).toMatchObject({ ok: true, missing: [] })
  expect(frozen.lines().filter(({ level }) => level === 'error')).toEqual([])
}, 60_000)
