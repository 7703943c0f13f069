import { LeaderDrivenConsensus } from '@upon/consensus'
import { MemoryNetwork } from '@upon/transport/memory'
import { describe, expect, it } from 'vitest'
import { hostConsensus } from '../../test/host-ports'
import { Process, systemTimer } from '../index'
import { consensusFace } from './index'

function scene() {
  const { port, requests, indicate } = hostConsensus()
  const process = new Process({ self: 'p', processes: ['p'] })
  return { process, requests, consensus: consensusFace<unknown>(process, process.run(port)), decide: (v: unknown) => indicate.decide?.(v) }
}

const errorOf = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.fail('it resolved'),
    (error: unknown) => error,
  )

describe('consensus with promises', () => {
  it('all processes get one decision over a real consensus, those that do not propose too', async () => {
    const network = new MemoryNetwork()
    const processes = ['p', 'q', 'r']
    const made = processes.map((self) => {
      const process = new Process({ self, processes, supply: [network.transport(self), systemTimer] })
      return { process, consensus: consensusFace(process, process.run(LeaderDrivenConsensus.of<string>())) }
    })
    const [p, q, r] = made.map(({ consensus }) => consensus)
    const decisions = await Promise.all([p?.decision(), q?.propose('of q'), r?.propose('of r')])
    expect(decisions).toEqual(['of r', 'of r', 'of r'])
    for (const { process } of made) process.stop()
    expect(await p?.decision()).toBe('of r')
  })

  it('a process proposes once: a further call gives the decision as if it had come second', async () => {
    const { consensus, requests, decide } = scene()
    const calls = [consensus.propose('a'), consensus.propose('b'), consensus.decision()]
    decide('x')
    expect(await Promise.all([...calls, consensus.propose('c')])).toEqual(['x', 'x', 'x', 'x'])
    expect(requests).toEqual([['propose', 'a']])
  })

  it('a face made after the decision, also where a handler has had it already, answers with it', async () => {
    const { port, indicate, requests } = hostConsensus()
    const process = new Process({ self: 'p', processes: ['p'] })
    const uc = process.run(port)
    const seen: unknown[] = []
    process.upon(uc.decide, (v) => seen.push(v))
    indicate.decide?.('x')
    const face = consensusFace<unknown>(process, uc)
    expect(await Promise.all([face.propose('late'), face.decision()])).toEqual(['x', 'x'])
    process.upon(uc.decide, (v) => seen.push(`again ${v}`))
    expect([seen, requests, process.counters.kept]).toEqual([['x', 'again x'], [], 0])
  })

  it('undefined is refused without any effect, and says so; the next call proposes', async () => {
    const { consensus, requests, decide } = scene()
    expect(await errorOf(consensus.propose(undefined))).toMatchObject({
      code: 'UPON_NO_EFFECT',
      reason: 'refused',
      message: 'propose: it was refused, uc.propose: undefined is no value; null is one; it has no effect',
      cause: { name: 'TypeError', code: 'UPON_REFUSED' },
    })
    const call = consensus.propose(null)
    decide(null)
    expect([await call, requests]).toEqual([null, [['propose', null]]])
  })

  it('aborted before it proposed: no effect, and the next call proposes', async () => {
    const { consensus, requests, decide } = scene()
    expect(await errorOf(consensus.propose('a', { signal: AbortSignal.abort('late') }))).toMatchObject({
      name: 'NoEffectError',
      cause: 'late',
    })
    const call = consensus.propose('b')
    decide('b')
    expect(await call).toBe('b')
    expect(requests).toEqual([['propose', 'b']])
  })

  it('aborted once it has proposed: the outcome is unknown, of further proposals too, and the decision can still be had', async () => {
    const { consensus, decide } = scene()
    const controller = new AbortController()
    const { signal } = controller
    const calls = [consensus.propose('a', { signal }), consensus.propose('b', { signal }), consensus.decision({ signal })]
    controller.abort()
    const errors = (await Promise.all([...calls, consensus.propose('c', { signal })].map(errorOf))) as Error[]
    expect(errors.map(({ name }) => name)).toEqual(['OutcomeUnknownError', 'OutcomeUnknownError', 'NoEffectError', 'OutcomeUnknownError'])
    const decision = consensus.decision()
    decide('a')
    expect(await decision).toBe('a')
  })

  it('the process ends: what it proposed is unknown; a decision that is known stays so', async () => {
    const { process, consensus } = scene()
    const calls = [consensus.propose('a'), consensus.decision()]
    process.stop()
    const errors = (await Promise.all([...calls, consensus.propose('a'), consensus.decision()].map(errorOf))) as Error[]
    expect(errors.map(({ name }) => name)).toEqual(['OutcomeUnknownError', 'NoEffectError', 'OutcomeUnknownError', 'NoEffectError'])
    const decided = scene()
    decided.decide(7)
    decided.process.stop()
    expect(await decided.consensus.propose('a')).toBe(7)
  })

  it('a proposal that crashes the process rejects its call', async () => {
    const { port } = hostConsensus()
    const process = new Process({ self: 'p', processes: ['p'] })
    const faulty = { ...port, open: () => ({ upon: { propose: () => expect.fail('bad luck') } }) }
    const consensus = consensusFace<unknown>(process, process.run(faulty))
    expect(await errorOf(consensus.propose(13))).toMatchObject({
      name: 'OutcomeUnknownError',
      reason: 'crashed',
      cause: { name: 'HandlerError' },
    })
  })
})
