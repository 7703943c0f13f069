import { expect, test } from 'vitest'
import { startProcess } from './process'
import { closed, elapse, header, listen, rawClient, send, texts, until } from './support'

type Process = Awaited<ReturnType<typeof startProcess>>
type Endpoint = Awaited<ReturnType<typeof listen>>

function sendNumbers(a: Endpoint, to: Process, from: number, count: number, bytes = 100): void {
  const body = Buffer.alloc(bytes)
  for (let number = from; number < from + count; number++) {
    body.writeUInt32BE(number, 0)
    a.endpoint.send(to.address, body)
  }
}

async function untilReceived(process: Process, count: number) {
  const deadline = Date.now() + 20_000
  for (;;) {
    const report = await process.report()
    if (report.received >= count) return report
    if (Date.now() > deadline) throw new Error(`only ${report.received} of ${count} frames arrived: ${JSON.stringify(report.counters)}`)
  }
}

test('a frozen peer gets everything, in order, when it resumes; meanwhile its queue alone grows', async () => {
  const frozen = await startProcess()
  const [a, other] = [await listen(), await listen()]
  for (const { address } of [frozen, other]) a.endpoint.upgrade(address)
  sendNumbers(a, frozen, 0, 100)
  await untilReceived(frozen, 100)
  frozen.child.kill('SIGSTOP')
  for (let round = 0; round < 10; round++) {
    sendNumbers(a, frozen, 100 + round * 1_500, 1_500, 1_000)
    send(a, other.address, `${round}`)
    await other.untilReceived(round + 1)
  }
  expect(a.endpoint.counters.queues.bytes).toBeGreaterThan(5_000_000)
  expect(a.down).toEqual([])
  frozen.child.kill('SIGCONT')
  const report = await untilReceived(frozen, 15_100)
  expect(report).toMatchObject({ received: 15_100, inOrder: true })
  await until('all is acknowledged', () => a.endpoint.counters.queues.frames === 0)
  expect(a.endpoint.counters.frames.dropped['given-up']).toBe(0)
})

test('a frozen peer with one connection per frame holds a few connections at most, and gets everything when it resumes', async () => {
  const frozen = await startProcess()
  const [a, other] = [await listen({ limits: { connectTimeoutMs: 200 } }), await listen()]
  frozen.child.kill('SIGSTOP')
  sendNumbers(a, frozen, 0, 2_500)
  await until('its backlog is full', () => a.endpoint.counters.connections.timedOut >= 2)
  send(a, other.address, ...texts(50))
  await other.untilReceived(50)
  expect(a.down).toEqual([])
  frozen.child.kill('SIGCONT')
  const report = await untilReceived(frozen, 2_500)
  expect(report.received).toBe(2_500)
})

test('a peer frozen for longer than the deadlines loses nothing that was under way', async () => {
  const frozen = await startProcess({ limits: { frameDeadlineMs: 300 } })
  const a = await listen()
  sendNumbers(a, frozen, 0, 10)
  await untilReceived(frozen, 10)
  frozen.child.kill('SIGSTOP')
  sendNumbers(a, frozen, 10, 200)
  await until('they are out', () => a.endpoint.counters.frames.out === 210)
  await elapse(500)
  frozen.child.kill('SIGCONT')
  await untilReceived(frozen, 210)
})

test('a frame that came while its process was frozen beyond the deadline is taken, not judged late', async () => {
  const frozen = await startProcess({ limits: { frameDeadlineMs: 300 } })
  const socket = await rawClient(frozen.address)
  while ((await frozen.report()).counters.connections.open === 0);
  frozen.child.kill('SIGSTOP')
  socket.write(Buffer.concat([header(4), header(0)]))
  await elapse(500)
  frozen.child.kill('SIGCONT')
  await untilReceived(frozen, 1)
})

test.each(['idle', 'busy'])('kill -9 of an %s peer is reported once when its connection is kept', async (state) => {
  const killed = await startProcess()
  const a = await listen()
  a.endpoint.upgrade(killed.address)
  sendNumbers(a, killed, 0, 100)
  await untilReceived(killed, 100)
  if (state === 'busy') sendNumbers(a, killed, 100, 10_000)
  killed.child.kill('SIGKILL')
  await until('the peer is down', () => a.down.length > 0)
  expect(a.down).toEqual([killed.address])
  await until('it was tried again', () => a.endpoint.counters.connections.refused >= 3)
  expect(a.down).toHaveLength(1)
})

test.each(['yes', 'no'] as const)('after close nothing keeps a process alive, with kept connections: %s', async (upgrade) => {
  const [first, second] = [await startProcess(), await startProcess()]
  const gone = await startProcess()
  gone.child.kill('SIGKILL')
  await gone.exited()
  first.tell({ do: 'send', to: second.address, from: 0, count: 50, bytes: 10, upgrade })
  first.tell({ do: 'send', to: gone.address, from: 0, count: 50, bytes: 10, upgrade })
  second.tell({ do: 'send', to: first.address, from: 0, count: 50, bytes: 10, upgrade })
  await untilReceived(second, 50)
  await untilReceived(first, 50)
  first.tell({ do: 'close' })
  expect(await first.exited()).toBe(0)
  second.tell({ do: 'close' })
  expect(await second.exited()).toBe(0)
})

test('with 64 open files a flood of idle connections shuts nobody out, and is survived', async () => {
  const b = await startProcess({}, 64)
  const idle = await Promise.all(Array.from({ length: 200 }, () => rawClient(b.address)))
  const a = await listen()
  sendNumbers(a, b, 0, 50)
  const report = await untilReceived(b, 50)
  expect(report.counters.connections.evicted).toBeGreaterThan(100)
  expect(report.counters.connections.open).toBeLessThanOrEqual(32)
  for (const socket of idle) socket.destroy()
})

test('without a descriptor left, accepting and connecting fail, are counted, do not spin, and recover', async () => {
  const b = await startProcess({ limits: { connections: 1_000, frameDeadlineMs: 400 } }, 64)
  const [a, target] = [await listen(), await listen()]
  const idle = await Promise.all(Array.from({ length: 100 }, () => rawClient(b.address)))
  b.tell({ do: 'send', to: target.address, from: 0, count: 20, bytes: 10, upgrade: 'yes' })
  await Promise.all(idle.map(closed))
  await target.untilReceived(20)
  a.endpoint.upgrade(b.address)
  sendNumbers(a, b, 0, 20)
  const report = await untilReceived(b, 20)
  expect(report.openFiles).toBeLessThan(40)
})
