import { getEventListeners, once } from 'node:events'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { broadcastFace, consensusFace, type NoEffectError, registerFace } from '../src/faces'
import { Process } from '../src/index'
import { hostBroadcast, hostConsensus, hostRegister } from './host-ports'

type Step = { do: 'read' | 'write' | 'return' | 'stop' | 'crash' } | { do: 'abort'; which: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom<Step>({ do: 'read' }, { do: 'write' }) },
  { weight: 3, arbitrary: fc.constant<Step>({ do: 'return' }) },
  { weight: 2, arbitrary: fc.nat({ max: 12 }).map((which): Step => ({ do: 'abort', which })) },
  { weight: 1, arbitrary: fc.constantFrom<Step>({ do: 'stop' }, { do: 'crash' }) },
)

interface Call {
  readonly operation: 'read' | 'write'
  readonly number: number
  readonly controller: AbortController
  /** What it must come to, as the model has it, and what its promise came to. */
  expected?: unknown
  outcome?: unknown
}

/** A register's face beside a model of it: who has the turn, who waits, and what each call must come to. */
class Bench {
  readonly calls: Call[] = []
  /** What the algorithm must have been asked. */
  readonly turns: unknown[] = []
  readonly #host = hostRegister()
  readonly #process = new Process({ self: 'p', processes: ['p'], onCrash: () => {} })
  readonly #face = registerFace<unknown>(this.#process, this.#process.run(this.#host.port))
  #current: Call | undefined
  #waiting: Call[] = []
  #ended = false

  get requests(): unknown[] {
    return this.#host.requests
  }

  take(step: Step): void {
    if (step.do === 'abort') this.#abort(this.calls[step.which])
    else if (step.do === 'return') this.#return()
    else if (step.do === 'read' || step.do === 'write') this.#call(step.do)
    else this.#end(step.do)
  }

  #call(operation: 'read' | 'write'): void {
    const call: Call = { operation, number: this.calls.length, controller: new AbortController() }
    const { signal } = call.controller
    this.calls.push(call)
    if (this.#ended) call.expected = 'no effect'
    else this.#waiting.push(call)
    this.#next()
    const promise: Promise<unknown> = operation === 'read' ? this.#face.read({ signal }) : this.#face.write(call.number, { signal })
    promise.then(
      (value) => {
        call.outcome = { value }
      },
      (error: NoEffectError) => {
        call.outcome = error.outcome
      },
    )
  }

  #next(): void {
    if (this.#current !== undefined) return
    this.#current = this.#waiting.shift()
    if (this.#current === undefined) return
    this.turns.push(this.#current.operation === 'read' ? ['read'] : ['write', this.#current.number])
  }

  #abort(call: Call | undefined): void {
    if (call === undefined) return
    this.#giveUp(call)
    this.#waiting = this.#waiting.filter((other) => other !== call)
    call.controller.abort()
  }

  #giveUp(call: Call): void {
    const isUnderWay = call === this.#current
    if (isUnderWay || this.#waiting.includes(call)) call.expected ??= isUnderWay && call.operation === 'write' ? 'unknown' : 'no effect'
  }

  /** The algorithm returns what it was asked last, with a value that no other return has. */
  #return(): void {
    const call = this.#current
    if (call === undefined || this.#ended) return
    const value = call.operation === 'read' ? `returned to ${call.number}` : undefined
    call.expected ??= { value }
    this.#current = undefined
    this.#next()
    this.#host.indicate[`${call.operation}Return`]?.(value)
  }

  #end(how: 'stop' | 'crash'): void {
    if (this.#ended) return
    this.#ended = true
    for (const call of this.calls) this.#giveUp(call)
    if (how === 'stop') this.#process.stop()
    else crash(this.#process)
  }
}

/** Has a handler of the application's throw. */
function crash(process: Process): void {
  const { port, indicate } = hostBroadcast()
  process.upon(process.run(port).deliver, () => {
    throw new Error('bad luck')
  })
  indicate.deliver?.('q', 'm')
}

describe('faces under every interleaving', () => {
  it('of calls, returns, aborts and ends: each call comes to what it must, and the algorithm has one operation at a time, in order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), fc.boolean(), async (steps, atOnce) => {
        const bench = new Bench()
        for (const each of steps) {
          bench.take(each)
          if (!atOnce) await new Promise(setImmediate)
          expect(bench.requests).toEqual(bench.turns)
        }
        await new Promise(setImmediate)
        expect(bench.calls.map(({ outcome }) => outcome)).toEqual(bench.calls.map(({ expected }) => expected))
        for (const { controller } of bench.calls) {
          const isPending = bench.calls.some((call) => call.controller === controller && call.expected === undefined)
          expect(getEventListeners(controller.signal, 'abort')).toHaveLength(isPending ? 1 : 0)
        }
      }),
      { numRuns: 300 },
    )
  })

  it('of deliveries, takings and returns: every iterator sees all from its making on, once, in order', async () => {
    const what = fc.constantFrom('deliver', 'iterate', 'take', 'leave')
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(what, fc.nat({ max: 3 })), { maxLength: 60 }), async (steps) => {
        const { port, indicate } = hostBroadcast()
        const process = new Process({ self: 'p', processes: ['p'] })
        const { deliveries } = broadcastFace<unknown>(process, process.run(port))
        const made: { iterator: AsyncIterator<{ message: unknown }>; seen: unknown[]; from: number; until?: number; taken: number }[] = []
        let delivered = 0
        for (const [does, which] of steps) {
          const at = made[which]
          if (does === 'deliver') indicate.deliver?.('q', delivered++)
          else if (does === 'iterate')
            made.push({ iterator: deliveries[Symbol.asyncIterator](), seen: [], from: made.length === 0 ? 0 : delivered, taken: 0 })
          else if (does === 'take' && at !== undefined && at.until === undefined) {
            at.taken++
            void at.iterator.next().then(({ done, value }) => done !== true && at.seen.push(value.message))
          } else if (does === 'leave' && at !== undefined) {
            at.until ??= delivered
            await at.iterator.return?.()
          }
        }
        await new Promise(setImmediate)
        for (const { seen, from, until = delivered, taken } of made)
          expect(seen).toEqual(Array.from({ length: Math.min(taken, until - from) }, (_, i) => from + i))
      }),
      { numRuns: 300 },
    )
  })
})

describe('faces leave nothing behind', () => {
  it('a signal has one listener, however many calls and faces wait on it, and none when they are settled', async () => {
    const { signal } = new AbortController()
    const { port, indicate } = hostRegister()
    const process = new Process({ self: 'p', processes: ['p'] })
    const register = registerFace<unknown>(process, process.run(port))
    const consensus = consensusFace<unknown>(process, process.run(hostConsensus().port))
    const calls = Array.from({ length: 20 }, () => register.write(1, { signal }))
    const decision = consensus.decision({ signal })
    expect(getEventListeners(signal, 'abort')).toHaveLength(1)
    for (const call of calls) {
      indicate.writeReturn?.()
      await call
    }
    expect(getEventListeners(signal, 'abort')).toHaveLength(1)
    process.stop()
    await expect(decision).rejects.toThrow('decision: the process has stopped; it has no effect')
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  })

  it('there are no unhandled rejections of calls that nobody awaits: aborted calls, and calls of stopped and crashed processes', async () => {
    const unhandled: unknown[] = []
    const note = (error: unknown) => unhandled.push(error)
    process.on('unhandledRejection', note)
    for (const end of [(p: Process) => p.stop(), crash]) {
      const p = new Process({ self: 'p', processes: ['p'], onCrash: () => {} })
      const register = registerFace<unknown>(p, p.run(hostRegister().port))
      const consensus = consensusFace<unknown>(p, p.run(hostConsensus().port))
      const { deliveries } = broadcastFace<unknown>(p, p.run(hostBroadcast().port, 'other'))
      const controller = new AbortController()
      const { signal } = controller
      void [register.write(1, { signal }), register.write(2, { signal }), register.read(), consensus.propose(1, { signal })]
      void [consensus.decision(), deliveries[Symbol.asyncIterator]().next()]
      controller.abort()
      end(p)
      void [register.write(3), consensus.decision({ signal })]
    }
    void Promise.reject(new Error('the last one, of the test itself'))
    const seen = once(process, 'unhandledRejection')
    await seen
    process.off('unhandledRejection', note)
    expect(unhandled.map((error) => (error as Error).message)).toEqual(['the last one, of the test itself'])
  })
})
