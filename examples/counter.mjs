// A replicated counter: npm run example -- counter
//
// Each process counts its own increments in an atomic register that it alone writes; the value is the sum of all registers. (One register
// that all read, add to and write back would lose increments: a register has no "add".) Steps of one make the sum atomic: it goes
// through every value on its way, so the one that a reader adds up was right at some moment while it read.
//
// Assumes: fail-silent, a majority of correct processes. No clock, no leader: a crash costs nobody a moment.
import assert from 'node:assert/strict'
import { ReadImposeWriteConsultMajority } from '@upon/register'
import { Process } from '@upon/runtime'
import { registersFace } from '@upon/runtime/faces'
import { tcpTransport } from '@upon/transport/tcp'
import { run, say } from './cluster.mjs'

const replica = async ({ self, peers }) => {
  const processes = Object.keys(peers)
  const me = new Process({ self, processes, supply: [await tcpTransport({ self, peers })] })
  const parts = registersFace(me, ReadImposeWriteConsultMajority, { name: 'parts' })
  let own = 0
  return {
    async add() {
      own += 1
      await parts.write(self, own) // calls take turns, so that these are written in order
    },
    async value() {
      let sum = 0
      for (const p of processes) sum += (await parts.read(p)) ?? 0
      return sum
    },
  }
}

await run(import.meta.url, replica, async ({ p, q, r }) => {
  const add = async (process, times) => {
    await Promise.all(Array.from({ length: times }, () => process.add()))
    say(`has added ${times}`, process.name)
  }
  await Promise.all([add(p, 10), add(q, 10), add(r, 10)])
  const before = await q.value()
  say(`reads ${before}`, 'q')
  assert.equal(before, 30)

  // p crashes in the middle of many increments: some are acknowledged, some are under way, some have not begun
  let acknowledged = 0
  const increments = Array.from({ length: 1000 }, async () => {
    await p.add()
    acknowledged += 1
    if (acknowledged === 100) p.kill()
  })
  await Promise.allSettled(increments)
  say(`${acknowledged} of 1000 further increments were acknowledged before it died`, 'p')

  await Promise.all([add(q, 10), add(r, 10)])
  const [atQ, atR] = [await q.value(), await r.value()]
  say(`reads ${atQ}`, 'q')
  say(`reads ${atR}`, 'r')
  assert.ok(atQ >= 50 + acknowledged, 'what was acknowledged is counted')
  assert.equal(atR, atQ)
  say('Every increment that was acknowledged is counted, and the two that live agree.')
})
