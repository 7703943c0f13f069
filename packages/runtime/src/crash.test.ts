import { algorithm } from '@upon/contract'
import { describe, expect, it } from 'vitest'
import { assumes, Echo, handLinks, hostStep, Relay, Step } from '../test/modules'
import { HandlerError, Process } from './index'

const Faulty = algorithm(
  { name: 'faulty', implements: { step: Step }, uses: { below: Echo.of<number>() }, assumes, state: () => ({ requests: 0 }) },
  ({ step, below, state, upon }) => {
    upon(step.ask, (m) => {
      state.requests++
      below.ask(m as unknown as number)
      below.ask(99)
    })
    upon(below.answer, (m) => {
      if (m === 13) throw new RangeError('13 is bad luck')
      step.answer(m as never)
    })
  },
)

/** Runs `step`, and returns the HandlerError that it throws. */
function crashOf(step: () => void): HandlerError {
  try {
    step()
  } catch (error) {
    if (error instanceof HandlerError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

describe('a handler that throws', () => {
  it('crashes its process, and says which event of which path, who handled it, and in what state', () => {
    const process = new Process({ self: 'p', processes: ['p'] })
    const step = process.run(Faulty.of<number>(), 'f')
    const error = crashOf(() => step.ask(13))
    expect(error).toMatchObject({ process: 'p', path: 'f.below', event: 'answer', receiver: 'f', state: { requests: 1 } })
    expect(error.cause).toBeInstanceOf(RangeError)
    expect(error.message).toBe('p: f threw upon f.below.answer: 13 is bad luck')
  })

  it('goes to onCrash instead, if there is one', () => {
    const crashes: HandlerError[] = []
    const process = new Process({ self: 'p', processes: ['p'], onCrash: (error) => crashes.push(error) })
    process.run(Faulty.of<number>()).ask(13)
    expect(crashes.map(({ message }) => message)).toEqual(['p: step threw upon step.below.answer: 13 is bad luck'])
  })

  it('is followed by nothing: what was queued is lost, what comes is dropped, and what the host held is free', () => {
    const { port, closed, answer } = hostStep()
    const { transport, receive } = handLinks()
    const seen: unknown[] = []
    const process = new Process({ self: 'p', processes: ['p', 'q'], supply: [port, transport], onCrash: () => {} })
    const host = process.run(Relay.over({ below: port }).of<number>(), 'host')
    const step = process.run(Faulty.of<number>())
    process.upon(step.answer, (m) => seen.push(m))
    process.upon(host.answer, (m) => seen.push(m))
    step.ask(1)
    expect(seen).toEqual([1, 99])
    step.ask(13)
    expect(() => step.ask(2)).toThrow('step.ask: process p has crashed')
    expect(() => host.ask(3)).toThrow('host.ask: process p has crashed')
    answer(4)
    receive('q', 'pl', 'hello')
    expect(seen).toEqual([1, 99])
    expect(closed).toEqual(['host.below'])
    expect(() => process.run(Echo)).toThrow('process p has crashed')
    process.stop()
    expect(closed).toEqual(['host.below'])
  })

  it('of the application crashes the process all the same', () => {
    const process = new Process({ self: 'p', processes: ['p'] })
    const step = process.run(Echo.of<number>())
    process.upon(step.answer, () => {
      throw 'not even an error'
    })
    expect(crashOf(() => step.ask(1)).message).toBe('p: the application threw upon step.answer: not even an error')
  })

  it('in one process leaves another alone that triggered it', () => {
    const crashed = new Process({ self: 'p', processes: ['p', 'q'], onCrash: () => {} })
    const alive = new Process({ self: 'q', processes: ['p', 'q'] })
    const faulty = crashed.run(Faulty.of<number>())
    const echo = alive.run(Echo.of<number>())
    const seen: number[] = []
    alive.upon(echo.answer, (m) => {
      faulty.ask(m)
      seen.push(m)
    })
    echo.ask(13)
    expect(seen).toEqual([13])
    expect(() => faulty.ask(14)).toThrow('process p has crashed')
  })

  it('is what becomes of a process that goes on forever by itself, if it has a limit; one below the limit goes on', () => {
    const Count = algorithm(
      { name: 'count', implements: { step: Step }, uses: { below: Echo.of<number>() }, assumes },
      ({ step, below, upon }) => {
        upon(step.ask, (m) => below.ask(m as unknown as number))
        upon(below.answer, (m) => {
          if (m > 0) below.ask(m - 1)
        })
      },
    )
    const errors: HandlerError[] = []
    const process = new Process({ self: 'p', processes: ['p'], limitStepEvents: 1_000, onCrash: (error) => errors.push(error) })
    const { ask } = process.run(Count.of<number>())
    for (let i = 0; i < 10; i++) ask(400) // 803 events each
    expect(errors).toEqual([])
    ask(Number.POSITIVE_INFINITY)
    expect(errors.map(({ message }) => message).join()).toContain('more than 1000 events without input from outside')
  })

  it('ends the process, and so does stop(): whenEnded calls back once, with the error or without, and at once if the process has ended', () => {
    const ends: unknown[] = []
    const crashed = new Process({ self: 'p', processes: ['p'], onCrash: (error) => ends.push(['onCrash', error]) })
    const step = crashed.run(Faulty.of<number>())
    crashed.whenEnded((error) => ends.push(['early', error]))
    step.ask(13)
    crashed.stop()
    crashed.whenEnded((error) => ends.push(['late', error]))
    const stopped = new Process({ self: 'p', processes: ['p'] })
    stopped.whenEnded((error) => ends.push(['stopped', error]))
    stopped.stop()
    const error = expect.any(HandlerError)
    expect(ends).toEqual([
      ['early', error],
      ['onCrash', error],
      ['late', error],
      ['stopped', undefined],
    ])
  })
})
