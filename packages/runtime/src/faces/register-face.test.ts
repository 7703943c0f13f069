import { ReadImposeWriteConsultMajority } from '@upon/register'
import { MemoryNetwork } from '@upon/transport/memory'
import { describe, expect, it } from 'vitest'
import { hostRegister } from '../../test/host-ports'
import { type HandlerError, Process } from '../index'
import { NoEffectError, OutcomeUnknownError, registerFace } from './index'

/** A register whose returns are in the test's hands. */
function scene(options: { onCrash?: (error: HandlerError) => void } = {}) {
  const { port, requests, indicate } = hostRegister()
  const process = new Process({ self: 'p', processes: ['p'], ...options })
  return {
    process,
    requests,
    register: registerFace<unknown>(process, process.run(port)),
    indicate: indicate as Record<string, (v?: unknown) => void>,
  }
}

const errorOf = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.fail('it resolved'),
    (error: unknown) => error,
  )

describe('a register with promises', () => {
  it('writes and reads over a real register, at several processes', async () => {
    const network = new MemoryNetwork()
    const processes = ['p', 'q', 'r']
    const [p, q] = processes.map((self) => {
      const process = new Process({ self, processes, supply: [network.transport(self)] })
      return registerFace(process, process.run(ReadImposeWriteConsultMajority.of<string>()))
    })
    expect(await q?.read()).toBe(undefined)
    await p?.write('hello')
    expect(await q?.read()).toBe('hello')
  })

  it('one operation at a time: further calls begin in their order, each when the one before has returned', async () => {
    const { register, requests, indicate } = scene()
    const results = [register.write(1), register.read(), register.write(2), register.read()]
    expect(requests).toEqual([['write', 1]])
    indicate.writeReturn?.()
    expect(requests).toEqual([['write', 1], ['read']])
    indicate.readReturn?.('one')
    indicate.writeReturn?.()
    indicate.readReturn?.('two')
    expect(requests).toEqual([['write', 1], ['read'], ['write', 2], ['read']])
    expect(await Promise.all(results)).toEqual([undefined, 'one', undefined, 'two'])
  })

  it('aborted before it began: rejects at once, nothing happened and nothing will', async () => {
    const { register, requests, indicate } = scene()
    const first = register.write(1)
    const controller = new AbortController()
    const second = register.write(2, { signal: controller.signal })
    controller.abort('no time')
    const error = await errorOf(second)
    expect(error).toBeInstanceOf(NoEffectError)
    expect(error).toMatchObject({ name: 'NoEffectError', outcome: 'no effect', operation: 'write', reason: 'aborted', cause: 'no time' })
    indicate.writeReturn?.()
    await first
    expect(requests).toEqual([['write', 1]])
    expect(await errorOf(register.read({ signal: controller.signal }))).toBeInstanceOf(NoEffectError)
    expect(requests).toEqual([['write', 1]])
  })

  it('a write aborted under way: rejects at once, the outcome is unknown, and its late return is nobody else’s', async () => {
    const { register, requests, indicate } = scene()
    const controller = new AbortController()
    const first = register.write(1, { signal: controller.signal })
    const second = register.write(2)
    controller.abort()
    expect(await errorOf(first)).toMatchObject({ name: 'OutcomeUnknownError', outcome: 'unknown', reason: 'aborted' })
    expect(requests).toEqual([['write', 1]])
    let secondDone = false
    void second.then(() => {
      secondDone = true
    })
    indicate.writeReturn?.() // of the first
    await Promise.resolve()
    expect(requests).toEqual([
      ['write', 1],
      ['write', 2],
    ])
    expect(secondDone).toBe(false)
    indicate.writeReturn?.()
    await second
  })

  it('a read given up under way has had no effect, and the next read gets its own value', async () => {
    const { register, indicate } = scene()
    const controller = new AbortController()
    const first = register.read({ signal: controller.signal })
    const second = register.read()
    controller.abort()
    expect(await errorOf(first)).toBeInstanceOf(NoEffectError)
    indicate.readReturn?.('old')
    indicate.readReturn?.('new')
    expect(await second).toBe('new')
  })

  it('the process stops: the write under way is unknown, those that wait and later ones have no effect', async () => {
    const { process, register } = scene()
    const calls = [register.write(1), register.write(2), register.read()]
    process.stop()
    const errors = await Promise.all([...calls, register.write(3)].map(errorOf))
    expect(errors.map((error) => (error as OutcomeUnknownError).outcome)).toEqual(['unknown', 'no effect', 'no effect', 'no effect'])
    expect(errors.map((error) => (error as OutcomeUnknownError).reason)).toEqual(Array(4).fill('stopped'))
  })

  it('the process crashes: pending calls are rejected with the error that crashed it, also when a call of theirs brought it about', async () => {
    const crashes: HandlerError[] = []
    for (const options of [{}, { onCrash: (error: HandlerError) => void crashes.push(error) }]) {
      const { port } = hostRegister()
      const process = new Process({ self: 'p', processes: ['p'], ...options })
      const faulty = { ...port, open: () => ({ upon: { read: () => {}, write: () => expect.fail('bad luck') } }) }
      const register = registerFace<unknown>(process, process.run(faulty))
      const error = (await errorOf(register.write(13))) as OutcomeUnknownError
      expect(error).toBeInstanceOf(OutcomeUnknownError)
      expect(error).toMatchObject({ reason: 'crashed', cause: { name: 'HandlerError', event: 'write' } })
      expect(await errorOf(register.read())).toMatchObject({ name: 'NoEffectError', reason: 'crashed' })
    }
    expect(crashes).toHaveLength(1)
  })

  it('a face made over a process that has ended rejects everything', async () => {
    const { port } = hostRegister()
    const process = new Process({ self: 'p', processes: ['p'] })
    const outside = process.run(port)
    process.stop()
    expect(await errorOf(registerFace<unknown>(process, outside).write(1))).toMatchObject({ name: 'NoEffectError', reason: 'stopped' })
  })

  it('no more than 10,000 calls wait', async () => {
    const { register } = scene()
    for (let i = 0; i <= 10_000; i++) void register.write(i)
    expect(await errorOf(register.write('one too many'))).toMatchObject({ name: 'NoEffectError', reason: 'overloaded' })
  })

  it('a port has one face, however often it is requests for', () => {
    const { port } = hostRegister()
    const process = new Process({ self: 'p', processes: ['p'] })
    const outside = process.run(port)
    expect(registerFace<unknown>(process, outside)).toBe(registerFace<unknown>(process, outside))
  })
})
