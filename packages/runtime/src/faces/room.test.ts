import { once } from 'node:events'
import { BasicBroadcast } from '@upon/broadcast'
import { FloodingConsensus } from '@upon/consensus'
import { PerfectFailureDetector, type Port } from '@upon/contract'
import { MajorityVoting } from '@upon/register'
import { describe, expect, it } from 'vitest'
import { hostConsensus } from '../../test/host-ports'
import { handLinks } from '../../test/modules'
import { Process } from '../index'
import { broadcastFace, consensusFace, registerFace } from './index'

const detector: Port<PerfectFailureDetector> = { sort: 'port', abstraction: PerfectFailureDetector, open: () => ({ upon: {} }) }

/** Links of which the test says whether they have room. */
function scene() {
  const { transport, sent, receive } = handLinks()
  const waiting: (() => void)[] = []
  const pressure = { isFull: true, isOverfull: false, whenRoom: (listener: () => void) => void waiting.push(listener) }
  const check = (value: unknown) => {
    if (typeof value === 'function') throw new TypeError('a function cannot travel')
  }
  const process = new Process({
    self: 'p',
    processes: ['p', 'q'],
    supply: [{ ...transport, pressure, check }, detector],
    onUnclaimed: () => {},
  })
  const makeRoom = () => {
    pressure.isFull = false
    for (const listener of waiting.splice(0)) listener()
  }
  return { process, sent, receive, pressure, makeRoom }
}

const messages = (sent: readonly { readonly message: unknown }[]) => sent.map(({ message }) => message)

describe('faces wait for room', () => {
  it('a broadcast is handed over when there is, in the order of the calls', async () => {
    const { process, sent, makeRoom, pressure } = scene()
    const { broadcast } = broadcastFace<unknown>(process, process.run(BasicBroadcast))
    const calls = [1, 2, 3].map((m) => broadcast(m))
    const isSettled = Promise.race([...calls, 'not yet'])
    expect([await isSettled, sent]).toEqual(['not yet', []])
    makeRoom()
    await Promise.all(calls)
    pressure.isFull = true
    const last = broadcast(4)
    expect(messages(sent)).toEqual([1, 2, 3])
    makeRoom()
    await last
    expect(messages(sent)).toEqual([1, 2, 3, 4])
  })

  it('one that waits is given up with its signal, and at the end of the process; it has no effect', async () => {
    const { process, sent, makeRoom } = scene()
    const { broadcast } = broadcastFace<unknown>(process, process.run(BasicBroadcast))
    const controller = new AbortController()
    const aborted = broadcast('aborted', { signal: controller.signal })
    controller.abort()
    await expect(aborted).rejects.toMatchObject({ code: 'UPON_NO_EFFECT', reason: 'aborted' })
    const kept = broadcast('kept')
    makeRoom()
    await kept
    expect(messages(sent)).toEqual(['kept'])
    const other = scene()
    const call = broadcastFace<unknown>(other.process, other.process.run(BasicBroadcast)).broadcast('never')
    other.process.stop()
    other.makeRoom()
    await expect(call).rejects.toMatchObject({ code: 'UPON_NO_EFFECT', reason: 'stopped' })
    expect(other.sent).toEqual([])
  })

  it('10,000 broadcasts wait and no more: the rest reject, also for a caller that does not await them', async () => {
    const { process: host } = scene()
    const { broadcast } = broadcastFace<unknown>(host, host.run(BasicBroadcast))
    for (let i = 0; i < 10_000; i++) void broadcast(i)
    const unhandled = once(process, 'unhandledRejection')
    void broadcast('one too many')
    expect((await unhandled)[0]).toMatchObject({ code: 'UPON_NO_EFFECT', reason: 'overloaded' })
    host.stop()
  })

  it('10,000 that wait are all handed over once there is room, in the order of the calls, without those that were aborted', async () => {
    const { process, sent, makeRoom } = scene()
    const { broadcast } = broadcastFace<number>(process, process.run(BasicBroadcast.of<number>()))
    const controller = new AbortController()
    const calls = Array.from({ length: 10_000 }, (_, i) => broadcast(i, i % 3 === 0 ? { signal: controller.signal } : {}))
    controller.abort()
    makeRoom()
    const outcomes = await Promise.allSettled(calls)
    expect(outcomes.every(({ status }, i) => (status === 'rejected') === (i % 3 === 0))).toBe(true)
    expect(messages(sent)).toEqual([...calls.keys()].filter((i) => i % 3 !== 0))
  })

  it('a write and a proposal begin when there is room; before, an abort has no effect', async () => {
    const { process, sent, makeRoom } = scene()
    const register = registerFace<unknown>(process, process.run(MajorityVoting))
    const consensus = consensusFace<unknown>(process, process.run(FloodingConsensus.over({ pfd: detector })))
    const abort = new AbortController()
    const { signal } = abort
    const calls = [register.write(1, { signal }), consensus.propose('a', { signal })]
    abort.abort()
    for (const call of calls) await expect(call).rejects.toMatchObject({ code: 'UPON_NO_EFFECT', reason: 'aborted' })
    void register.write(2)
    void consensus.propose('b')
    expect(sent).toEqual([])
    makeRoom()
    expect(JSON.stringify(messages(sent))).toContain('"b"')
    expect(JSON.stringify(messages(sent))).not.toContain('"a"')
    expect(sent.length).toBeGreaterThanOrEqual(2)
  })
})

describe('a value that cannot travel', () => {
  it('is refused at each face with no effect, and what comes after it goes on', async () => {
    const { process, sent, makeRoom } = scene()
    makeRoom()
    const { broadcast } = broadcastFace<unknown>(process, process.run(BasicBroadcast))
    const register = registerFace<unknown>(process, process.run(MajorityVoting))
    const consensus = consensusFace<unknown>(process, process.run(FloodingConsensus.over({ pfd: detector })))
    const calls = [broadcast(() => {}), register.write(() => {}), consensus.propose(() => {})]
    for (const call of calls)
      await expect(call).rejects.toMatchObject({ code: 'UPON_NO_EFFECT', reason: 'refused', cause: { code: 'UPON_CANNOT_TRAVEL' } })
    expect(sent).toEqual([])
    await broadcast('fine')
    void register.write('fine')
    void consensus.propose('fine')
    expect(sent).toHaveLength(3)
  })
})

describe('a face and its port', () => {
  it('consensus that was decided before there was a face answers', async () => {
    const { process } = scene()
    const { port, indicate } = hostConsensus()
    const outside = process.run(port)
    indicate.decide?.('of q')
    const consensus = consensusFace<unknown>(process, outside)
    expect([await consensus.propose('mine'), await consensusFace<unknown>(process, outside).decision()]).toEqual(['of q', 'of q'])
  })

  it('works beside a handler of the application on the same port', async () => {
    const { process, receive } = scene()
    const port = process.run(BasicBroadcast.of<string>())
    receive('q', 'beb.pl', 'kept')
    const { deliveries } = broadcastFace(process, port)
    const seen: string[] = []
    process.upon(port.deliver, (_, m) => seen.push(m))
    receive('q', 'beb.pl', 'new')
    const iterator = deliveries[Symbol.asyncIterator]()
    expect([(await iterator.next()).value, (await iterator.next()).value]).toEqual([
      { from: 'q', message: 'kept' },
      { from: 'q', message: 'new' },
    ])
    expect(seen).toEqual(['new'])
  })

  it('that do not belong together are refused, with what was found', () => {
    const { process } = scene()
    const beb = process.run(BasicBroadcast)
    const refusal = (make: () => unknown, message: string) => {
      expect(make).toThrow(expect.objectContaining({ name: 'TypeError', code: 'UPON_MISUSE' }))
      expect(make).toThrow(message)
    }
    refusal(
      () => registerFace(process, beb as never),
      'registerFace: expected a port with read, write, readReturn, writeReturn, found the port of a BestEffortBroadcast, beb',
    )
    refusal(() => consensusFace(process, {} as never), 'consensusFace: expected a port with propose, decide, found an empty object')
    refusal(() => broadcastFace(process, undefined as never), 'broadcastFace: expected the port that run(...) gives, found undefined')
    const face = broadcastFace(process, beb)
    const signal = AbortSignal.timeout(1_000)
    refusal(() => face.broadcast('m' as never, signal as never), 'broadcast: expected { signal }, found an instance of AbortSignal')
    refusal(() => face.broadcast('m' as never, 100 as never), 'broadcast: expected { signal }, found a number')
    refusal(
      () => face.broadcast('m' as never, { signal: new AbortController() as never }),
      'broadcast: signal: expected an AbortSignal, found an instance of AbortController',
    )
    refusal(() => broadcastFace(undefined as never, beb), 'broadcastFace: expected a process, found undefined')
    refusal(() => broadcastFace(scene().process, beb), 'broadcastFace: the port of a BestEffortBroadcast, beb, is of another process')
  })
})
