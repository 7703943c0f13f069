// A key-value store: npm run example -- kv
//
// Each key is an (N,N) atomic register, made when it is first used here or by another process. So a get returns what was put last, at
// whichever process; there is no primary to wait for, and a minority of crashes changes nothing.
//
// Assumes: fail-silent, a majority of correct processes. Without one, operations wait: the signal ends that, and the error says whether
// the operation may have taken effect. There may be 10,000 keys; `limit` says otherwise.
import assert from 'node:assert/strict'
import { ReadImposeWriteConsultMajority } from '@upon/register'
import { Process } from '@upon/runtime'
import { registersFace } from '@upon/runtime/faces'
import { tcpTransport } from '@upon/transport/tcp'
import { run, say } from './cluster.mjs'

const replica = async ({ self, peers }) => {
  const me = new Process({ self, processes: Object.keys(peers), supply: [await tcpTransport({ self, peers })] })
  const registers = registersFace(me, ReadImposeWriteConsultMajority)
  const patiently = () => ({ signal: AbortSignal.timeout(1000) })
  return {
    put: (key, value) => registers.write(key, value, patiently()),
    get: (key) => registers.read(key, patiently()),
  }
}

await run(import.meta.url, replica, async ({ p, q, r }) => {
  const put = async (process, key, value) => {
    await process.put(key, value)
    say(`put ${key} = ${value}`, process.name)
  }
  const get = async (process, key) => {
    const value = await process.get(key)
    say(`get ${key} = ${value}`, process.name)
    return value
  }
  await put(p, 'soup', 'tomato')
  assert.equal(await get(r, 'soup'), 'tomato')

  // p crashes while it puts: either value may be the one that stays, but all agree on which from the first get on
  const interrupted = p.put('soup', 'pea')
  p.kill()
  await interrupted.then(
    () => say('put soup = pea, just in time', 'p'),
    (error) => say(`put soup = pea: ${error.message}`, 'p'),
  )
  const soup = await get(q, 'soup')
  assert.ok(soup === 'tomato' || soup === 'pea')
  assert.equal(await get(r, 'soup'), soup)
  await put(r, 'soup', 'leek')
  assert.equal(await get(q, 'soup'), 'leek')

  // a second crash of three is one too many: nothing wrong is returned, nothing at all is
  q.kill()
  const failures = await Promise.all(['put', 'get'].map((method) => r[method]('soup', 'onion').then(assert.fail, (error) => error)))
  for (const { name, message } of failures) say(`${name}: ${message}`, 'r')
  assert.deepEqual(
    failures.map(({ name }) => name),
    ['OutcomeUnknownError', 'NoEffectError'],
  )
  say('One crash of three went unnoticed; after the second, nobody got a wrong answer.')
})
