import { algorithm, PerfectPointToPointLinks } from '@upon/contract'
import { expect, it } from 'vitest'
import { assumes, handLinks, Relay, Step } from '../test/modules'
import { type Observation, Process } from './index'

/** Its second rule answers what was asked. */
const Ticking = algorithm(
  { name: 'ticking', implements: { step: Step }, uses: {}, assumes, state: () => ({ due: false }) },
  ({ step, state, upon, when }) => {
    upon(step.ask, () => {
      state.due = true
    })
    when(
      () => false,
      () => {},
    )
    when(
      () => state.due,
      () => {
        state.due = false
        step.answer('done' as never)
      },
    )
  },
)

it('the observer sees every event of every layer before it is handled: index, cause, time, path, direction, name, attributes', () => {
  const seen: Observation[] = []
  let time = 10
  const process = new Process({ self: 'p', processes: ['p'], clock: () => time++, observe: (observation) => seen.push(observation) })
  const step = process.run(Relay.of<string>(), 'app')
  process.upon(step.answer, (m) => {
    expect(seen.at(-1)?.attributes).toEqual([m])
    if (m === 'one') step.ask('two')
  })
  step.ask('one')
  step.ask('three')
  expect(
    seen.map(({ index, cause, time, path, direction, event, attributes }) => [index, cause, time, path, direction, event, ...attributes]),
  ).toEqual([
    [1, 0, 10, 'app', 'request', 'ask', 'one'],
    [2, 1, 11, 'app.below', 'request', 'ask', 'one'],
    [3, 2, 12, 'app.below', 'indication', 'answer', 'one'],
    [4, 3, 13, 'app', 'indication', 'answer', 'one'],
    [5, 4, 14, 'app', 'request', 'ask', 'two'],
    [6, 5, 15, 'app.below', 'request', 'ask', 'two'],
    [7, 6, 16, 'app.below', 'indication', 'answer', 'two'],
    [8, 7, 17, 'app', 'indication', 'answer', 'two'],
    [9, 0, 18, 'app', 'request', 'ask', 'three'],
    [10, 9, 19, 'app.below', 'request', 'ask', 'three'],
    [11, 10, 20, 'app.below', 'indication', 'answer', 'three'],
    [12, 11, 21, 'app', 'indication', 'answer', 'three'],
  ])
  expect(new Set(seen.map(({ process: p }) => p))).toEqual(new Set(['p']))
})

it('each attribute is seen, and what comes from outside has no cause; without a clock it is always 0', () => {
  const { transport, receive } = handLinks()
  const seen: Observation[] = []
  const process = new Process({ self: 'p', processes: ['p', 'q'], supply: [transport], observe: (observation) => seen.push(observation) })
  const pl = process.run(PerfectPointToPointLinks.of<string>())
  pl.send('q', 'hello')
  receive('q', 'pl', 'hi')
  expect(seen.map(({ cause, time, event, attributes }) => [cause, time, event, attributes])).toEqual([
    [0, 0, 'send', ['q', 'hello']],
    [0, 0, 'deliver', ['q', 'hi']],
  ])
})

it('rules are shown to who wants them, as the cause of what their actions trigger; each handler with its algorithm', () => {
  const seen: Observation[] = []
  const process = new Process({ self: 'p', processes: ['p'], observe: (observation) => seen.push(observation), observesRules: () => true })
  const step = process.run(Ticking)
  process.upon(step.answer, () => {})
  step.ask('go' as never)
  expect(seen.map(({ index, cause, direction, event, algorithm }) => [index, cause, direction, event, algorithm])).toEqual([
    [1, 0, 'rule', 'Init', 'ticking'],
    [2, 0, 'request', 'ask', 'ticking'],
    [3, 2, 'rule', 'when 2', 'ticking'],
    [4, 3, 'indication', 'answer', undefined],
  ])
})

it('by default no rule is shown', () => {
  const seen: string[] = []
  const process = new Process({ self: 'p', processes: ['p'], observe: ({ event }) => seen.push(event) })
  process.run(Ticking).ask('go' as never)
  expect(seen).toEqual(['ask', 'answer'])
})

it('the observer is shown only the instances it asked for, each with its module', () => {
  const seen: string[] = []
  const queried: string[] = []
  const process = new Process({
    self: 'p',
    processes: ['p'],
    observe: ({ path, module, event }) => seen.push(`${module} ${path} ${event}`),
    observes: (module, path) => {
      queried.push(`${module} ${path}`)
      return path === 'app.below'
    },
  })
  process.run(Relay.of<string>(), 'app').ask('one')
  expect(queried).toEqual(['Step app', 'Step app.below'])
  expect(seen).toEqual(['Step app.below ask', 'Step app.below answer'])
})
