import { MajorityVoting, ReadImposeWriteConsultMajority } from '@upon/register'
import { MemoryNetwork } from '@upon/transport/memory'
import { describe, expect, it } from 'vitest'
import { Process } from '../index'
import { type RegistersOptions, registersFace } from './index'

function scene(options: RegistersOptions = {}) {
  const network = new MemoryNetwork()
  const names = ['p', 'q', 'r']
  const processes = names.map((self) => new Process({ self, processes: names, supply: [network.transport(self)] }))
  const [p, q, r] = processes.map((process) => registersFace(process, ReadImposeWriteConsultMajority.of<string>(), options))
  return { network, processes, p: p!, q: q!, r: r! }
}

describe('registers by their keys', () => {
  it('are made on first use, here or elsewhere, whatever the key', async () => {
    const { p, q, r, processes } = scene()
    const keys = ['soup', '', 'a].register[b', '\\', '[', 'x.y', '__proto__', 'é'.repeat(300)]
    for (const key of keys) await p.write(key, `of ${key}`)
    for (const key of keys) expect([await q.read(key), await r.read(key)]).toEqual([`of ${key}`, `of ${key}`])
    expect(await r.read('never written')).toBeUndefined()
    expect(Object.keys(processes[0]!.snapshot()).filter((path) => path.endsWith(']'))).toHaveLength(keys.length + 1)
  })

  it('calls for one key take turns; those for another do not wait for them', async () => {
    const { p, q, network } = scene()
    await Promise.all(['1', '2', '3'].map((v) => p.write('x', v)))
    expect(await q.read('x')).toBe('3')
    network.detach('q')
    network.detach('r')
    const error = await p.write('x', '4', { signal: AbortSignal.timeout(5) }).catch((error) => error)
    expect(error).toMatchObject({ code: 'UPON_OUTCOME_UNKNOWN' })
    await expect(p.read('x', { signal: AbortSignal.timeout(5) })).rejects.toMatchObject({ code: 'UPON_NO_EFFECT' })
  })

  it('are as many as may be: more are refused here, and not made for others', async () => {
    const { p, q, processes } = scene({ limit: 2 })
    for (const key of ['x', 'y']) await p.write(key, key)
    await expect(p.write('z', 'z')).rejects.toMatchObject({ code: 'UPON_NO_EFFECT', reason: 'refused' })
    await expect(q.read('z')).rejects.toThrow('read: it was refused, there are 2 registers already; it has no effect')
    await p.write('x', 'again') // those that are there go on
    expect(await q.read('x')).toBe('again')
    expect(processes[1]!.counters.held).toBe(0)
  })

  it('end with their process', async () => {
    const { p, processes } = scene()
    const call = p.write('x', '1')
    await call
    processes[0]!.stop()
    await expect(p.read('x')).rejects.toThrow('read: the process has stopped; it has no effect')
  })

  it('are of any kind of register, and of none that is none', () => {
    const { processes } = scene()
    expect(() => registersFace(processes[0]!, MajorityVoting.of<number>(), { name: 'regular' })).not.toThrow()
    expect(() => registersFace({} as never, MajorityVoting as never)).toThrow('registersFace: expected a process, found an empty object')
    expect(() => registersFace(processes[0]!, MajorityVoting, { limit: 0 })).toThrow('limit: expected a number of at least 1, found 0')
  })
})
