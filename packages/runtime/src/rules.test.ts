import { algorithm } from '@upon/contract'
import { expect, it } from 'vitest'
import { assumes, Echo, Step } from '../test/modules'
import { HandlerError, Process } from './index'

const alone = { self: 'p', processes: ['p'] }

/** Raises its level as asked; two rules bring it down again and tell how. */
const Levels = algorithm(
  { name: 'levels', implements: { step: Step }, uses: { below: Echo.of<string>() }, assumes, state: () => ({ level: 0 }) },
  ({ step, below, state, upon, when }) => {
    upon(step.ask, (m) => {
      state.level += m as unknown as number
      below.ask('asked')
    })
    upon(below.answer, () => step.answer(`answered at ${state.level}` as never))
    when(
      () => state.level >= 10,
      () => {
        state.level -= 10
        step.answer(`ten, left ${state.level}` as never)
      },
    )
    when(
      () => state.level > 0,
      () => {
        state.level -= 1
        step.answer(`one, left ${state.level}` as never)
        if (state.level === 1) state.level = 11 // enables the first rule again
      },
    )
  },
)

it('rules are tested after each event of their instance, the first one that holds fires, until none does, before the next event', () => {
  const seen: string[] = []
  const process = new Process(alone)
  const step = process.run(Levels.of<unknown>())
  process.upon(step.answer, (m) => seen.push(m as string))
  step.ask(13)
  expect(seen).toEqual(['ten, left 3', 'one, left 2', 'one, left 1', 'ten, left 1', 'one, left 0', 'answered at 0'])
})

it('rules are tested at ⟨Init⟩ too, and not after events of other instances', () => {
  let tests = 0
  const Watching = algorithm({ name: 'watching', implements: { step: Step }, uses: {}, assumes }, ({ step, upon, when }) => {
    upon(step.ask, () => {})
    when(
      () => ++tests < 0,
      () => {},
    )
  })
  const process = new Process(alone)
  const watching = process.run(Watching.of<number>())
  const echo = process.run(Echo.of<number>(), 'echo')
  expect(tests).toBe(1)
  echo.ask(1)
  expect(tests).toBe(1)
  watching.ask(1)
  expect(tests).toBe(2)
})

it('no rule fires after halt()', () => {
  const fired: string[] = []
  const Halting = algorithm(
    { name: 'halting', implements: { step: Step }, uses: {}, assumes, state: () => ({ on: false }) },
    ({ step, state, upon, when, halt }) => {
      upon(step.ask, () => {
        state.on = true
      })
      when(
        () => state.on,
        () => {
          fired.push('first')
          halt()
        },
      )
      when(
        () => state.on,
        () => fired.push('second'),
      )
    },
  )
  const step = new Process(alone).run(Halting.of<number>())
  step.ask(1)
  step.ask(1)
  expect(fired).toEqual(['first'])
})

it('a rule that never ends its condition is reported, and does not hang the process', () => {
  const Endless = algorithm({ name: 'endless', implements: { step: Step }, uses: {}, assumes, state: () => ({ on: false }) }, (context) => {
    const { step, state, upon, when } = context
    upon(step.ask, () => {
      state.on = true
    })
    when(
      () => false,
      () => {},
    )
    when(
      () => state.on,
      () => {},
    )
  })
  const crashes: HandlerError[] = []
  const process = new Process({ ...alone, onCrash: (error) => crashes.push(error) })
  process.run(Endless.of<number>()).ask(1)
  expect(crashes[0]).toBeInstanceOf(HandlerError)
  expect(crashes[0]?.message).toBe('p: step threw upon step.ask: the condition of rule 2 holds forever: its action must end it')
})
