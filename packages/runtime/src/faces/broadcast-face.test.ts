import { BasicBroadcast } from '@upon/broadcast'
import { MemoryNetwork } from '@upon/transport/memory'
import { describe, expect, it } from 'vitest'
import { hostBroadcast } from '../../test/host-ports'
import { Process } from '../index'
import { type BroadcastFaceOptions, broadcastFace } from './index'

function scene(options: BroadcastFaceOptions = {}) {
  const { port, requests, indicate } = hostBroadcast()
  const process = new Process({ self: 'p', processes: ['p'], onCrash: () => {} })
  const rb = process.run(port)
  const broadcast = broadcastFace<unknown>(process, rb, options)
  return {
    process,
    requests,
    broadcast,
    iterate: () => broadcast.deliveries[Symbol.asyncIterator](),
    deliver: (m: unknown) => indicate.deliver?.('q', m),
  }
}

const item = (message: unknown) => ({ done: false, value: { from: 'q', message } })
const DONE = { done: true, value: undefined }
const errorOf = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.fail('it resolved'),
    (error: unknown) => error,
  )

describe('a broadcast with async iteration', () => {
  it('delivers over a real broadcast, at all processes, until they stop', async () => {
    const network = new MemoryNetwork()
    const processes = ['p', 'q', 'r']
    const made = processes.map((self) => {
      const process = new Process({ self, processes, supply: [network.transport(self)] })
      return { process, broadcast: broadcastFace(process, process.run(BasicBroadcast.of<string>())) }
    })
    await made[0]?.broadcast.broadcast('hello')
    await made[1]?.broadcast.broadcast('bye')
    for (const { process, broadcast } of made) {
      const seen: string[] = []
      process.stop()
      for await (const { from, message } of broadcast.deliveries) seen.push(`${from}: ${message}`)
      expect(seen).toEqual(['p: hello', 'q: bye'])
    }
  })

  it('the first iterator sees what came before it, each one all from its making on', async () => {
    const { iterate, deliver } = scene()
    deliver(1)
    const first = iterate()
    const second = iterate()
    deliver(2)
    expect([await first.next(), await first.next()]).toEqual([item(1), item(2)])
    const [next, afterNext] = [first.next(), first.next()]
    deliver(3)
    deliver(4)
    expect(await Promise.all([next, afterNext])).toEqual([item(3), item(4)])
    expect([await second.next(), await second.next(), await second.next()]).toEqual([item(2), item(3), item(4)])
  })

  it('break and return() unsubscribe, and end a next() that waits', async () => {
    const { broadcast, iterate, deliver } = scene()
    deliver(1)
    for await (const { message } of broadcast.deliveries) {
      expect(message).toBe(1)
      break
    }
    const second = iterate()
    const waiting = second.next()
    expect(await second.return?.()).toEqual(DONE)
    expect(await waiting).toEqual(DONE)
    deliver(2)
    expect(await second.next()).toEqual(DONE)
  })

  it('an iterator too far behind gives what it holds without a gap, then fails; the others go on', async () => {
    const { iterate, deliver } = scene({ holdLimit: 2 })
    const slow = iterate()
    const fast = iterate()
    for (const m of [1, 2, 3, 4]) {
      deliver(m)
      expect(await fast.next()).toEqual(item(m))
    }
    expect([await slow.next(), await slow.next()]).toEqual([item(1), item(2)])
    expect(await errorOf(slow.next())).toMatchObject({ name: 'DeliveriesLostError', limit: 2 })
    expect(await slow.next()).toEqual(DONE)
  })

  it('what is held stays bounded with a consumer that is always one behind', async () => {
    const { iterate, deliver } = scene({ holdLimit: 3 })
    const iterator = iterate()
    deliver(0)
    for (let m = 1; m < 1_000; m++) {
      deliver(m)
      expect(await iterator.next()).toEqual(item(m - 1))
    }
  })

  it('the process crashes: iterators give what they hold, then its error; broadcast() rejects', async () => {
    const { process, broadcast, iterate, deliver } = scene()
    const [held, waiting] = [iterate(), iterate()]
    deliver(1)
    await waiting.next()
    const next = errorOf(waiting.next())
    crash(process)
    expect(await next).toMatchObject({ name: 'HandlerError' })
    expect(await held.next()).toEqual(item(1))
    expect(await errorOf(held.next())).toMatchObject({ name: 'HandlerError' })
    expect(await errorOf(iterate().next())).toMatchObject({ name: 'HandlerError' })
    await expect(broadcast.broadcast(1)).rejects.toThrow('broadcast: the process has crashed; it has no effect')
  })

  it('refuses a limit that makes no sense', () => {
    expect(() => scene({ holdLimit: 0 })).toThrow('holdLimit: expected a number of at least 1, found 0')
    expect(() => scene({ holdLimit: Number.NaN })).toThrow('holdLimit')
  })
})

/** Has a handler of the application's throw. */
function crash(process: Process): void {
  const { port, indicate } = hostBroadcast()
  process.upon(process.run(port, 'other').deliver, () => {
    throw new Error('bad luck')
  })
  indicate.deliver?.('q', 'm')
}
