import { expect, it } from 'vitest'
import type { CommandEntry } from './entry'
import type { StateMachine } from './machine'
import { ReplicatedState } from './replicated-state'

/** Its answer is the state itself. */
const list: StateMachine<string[], string, string[]> = {
  initial: [],
  apply: (state, command) => {
    state.push(command)
    return { state, answer: state }
  },
}

const entry = (command: string, session: string, number: number): CommandEntry<string> => ({
  kind: 'COMMAND',
  p: 'p',
  n: number,
  command,
  once: { session, number },
})

function replica() {
  const replicated = new ReplicatedState(list, 10)
  return { replicated, a: replicated.open(), b: replicated.open() }
}

it('a command that is tried again gets its first answer, though the answer was part of the state and the caller changed it', () => {
  const { replicated, a, b } = replica()
  replicated.execute(entry('x', a, 1))
  replicated.execute(entry('y', b, 1))
  for (let tries = 0; tries < 2; tries++) {
    const { isNew, outcome } = replicated.execute(entry('x', a, 1))
    expect([isNew, outcome]).toEqual([false, { kind: 'applied', answer: ['x'] }])
    if (outcome.kind === 'applied') (outcome.answer as string[]).push('changed by the caller')
  }
})

it('a snapshot does not change with the state, and a replica restored from it stays equal to the others', () => {
  const { replicated, a, b } = replica()
  const other = replica().replicated
  replicated.execute(entry('x', a, 1))
  const { snapshot, digest } = replicated.snapshot()
  other.restore(snapshot)
  for (const each of [replicated, other]) each.execute(entry('y', b, 1))
  expect(other.snapshot().digest).toBe(replicated.snapshot().digest)
  other.restore(snapshot)
  expect(other.snapshot().digest).toBe(digest)
})
