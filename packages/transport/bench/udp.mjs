// Perfect links over UDP that loses datagrams, beside bare datagrams in the same run: two processes of one program, over loopback.
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { performance } from 'node:perf_hooks'
import { EliminateDuplicates } from '@upon/links'
import { Process, systemTimer } from '@upon/runtime'
import { UdpEndpoint } from '../dist/udp/index.js'

const MESSAGES = 20_000
const HOST = '127.0.0.1'
const TEXT = 'x'.repeat(64)

/** Numbers from 0 to below 1, the same in each run: mulberry32. */
function seeded(seed) {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Bare datagrams a second, a window of them at a time, so that none is lost. */
async function bare() {
  const [p, q] = [createSocket('udp4'), createSocket('udp4')]
  for (const socket of [p, q]) {
    socket.bind(0, HOST)
    await once(socket, 'listening')
  }
  const bytes = Buffer.from(JSON.stringify({ kind: 'DATA', n: 1, m: TEXT }))
  const start = performance.now()
  let [sent, acknowledged] = [0, 0]
  const fill = () => {
    while (sent < MESSAGES && sent < acknowledged + 256) {
      sent++
      p.send(bytes, q.address().port, HOST)
    }
  }
  q.on('message', (_, { port }) => q.send('ack', port, HOST))
  await new Promise((resolve) => {
    p.on('message', () => {
      if (++acknowledged === MESSAGES) resolve()
      fill()
    })
    fill()
  })
  p.close()
  q.close()
  return (MESSAGES / (performance.now() - start)) * 1_000
}

/** Messages a second over links that lose as many datagrams as told, acknowledgements too; and the datagrams that it took. */
async function perfect(lostPercent) {
  const endpoints = await Promise.all(
    [1, 2].map((seed) => UdpEndpoint.listen({ host: HOST, port: 0, disturbance: { random: seeded(seed), lostPercent } })),
  )
  const addresses = endpoints.map(({ address }, i) => ['pq'[i], address])
  const [p, q] = endpoints.map((endpoint, i) => {
    const process = new Process({ self: 'pq'[i], processes: ['p', 'q'], supply: [endpoint.transport({ addresses }), systemTimer] })
    return { process, pl: process.run(EliminateDuplicates) }
  })
  let delivered = 0
  const start = performance.now()
  await new Promise((resolve) => {
    q.process.upon(q.pl.deliver, () => {
      if (++delivered === MESSAGES) resolve()
    })
    for (let i = 0; i < MESSAGES; i++) p.pl.send('q', TEXT)
  })
  const perSecond = (MESSAGES / (performance.now() - start)) * 1_000
  for (const { process } of [p, q]) process.stop()
  const datagrams = endpoints.reduce((sum, { counters }) => sum + counters.datagrams.out + counters.disturbed.lost, 0)
  await Promise.all(endpoints.map((endpoint) => endpoint.close()))
  return { perSecond, datagrams: datagrams / MESSAGES }
}

await bare()
const baseline = await bare()
console.log(`bare datagrams, each answered: ${Math.round(baseline)} a second`)
for (const lostPercent of [0, 20, 50]) {
  const { perSecond, datagrams } = await perfect(lostPercent)
  const share = ((100 * perSecond) / baseline).toFixed(0)
  console.log(
    `perfect links, ${lostPercent} % lost: ${Math.round(perSecond)} a second, ${datagrams.toFixed(2)} datagrams each; ${share} % of bare ones`,
  )
}
