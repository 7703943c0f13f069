import { Hub } from '@upon/hub'
import { expect, it, onTestFinished } from 'vitest'
import { startCli } from './cli-child'
import { type Foreign, startForeign } from './foreign/start'

it('five topics under way in a mixed system when its foreign leader is killed: all that live decide, the same', async () => {
  const hub = await Hub.listen({ host: '127.0.0.1', port: 0, timeoutMs: 15_000 })
  onTestFinished(() => hub.close())
  for (const index of [1, 2, 3]) startCli(['--hub', `127.0.0.1:${hub.address.port}`, '--owner', 'abc', '--index', `${index}`])
  const partners: Foreign[] = []
  for (const index of [1, 2])
    partners.push(await startForeign({ hub: hub.address, ports: [0], owner: 'xyz', index, quirks: ['strictproto'] }))
  onTestFinished(() => partners.forEach((partner) => void partner.kill('SIGKILL')))
  await hub.registered(5)
  await hub.system(['abc', 'xyz'])

  const underWay = [1, 2, 3, 4, 5].map((i) => hub.consensus(`t${i}`))
  partners[1]?.kill('SIGKILL')
  hub.markCrashed('xyz-2')

  for (const outcome of await Promise.all(underWay)) {
    expect(outcome).toMatchObject({ ok: true, agreement: 'holds', validity: 'holds', missing: [{ process: 'xyz-2' }] })
  }
}, 60_000)
