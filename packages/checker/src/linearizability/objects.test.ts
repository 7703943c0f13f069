import { expect, test } from 'vitest'
import { seeded } from '../../test/histories'
import { IMPOSSIBLE, InvalidHistory, linearizableObject, type Model, type ObjectOperation } from './index'

type Input = { readonly enqueue: number; readonly queue: string } | { readonly dequeue: true; readonly queue: string }
type Op = ObjectOperation<Input, number | undefined>

/** FIFO queues, told apart by name. */
const queues: Model<readonly number[], Input, number | undefined> = {
  initial: [],
  apply(state, { input, output, respondedAtMs }) {
    if ('enqueue' in input) return [...state, input.enqueue]
    return respondedAtMs === undefined || state[0] === output ? state.slice(1) : IMPOSSIBLE
  },
  key: (state) => state.join(),
  part: ({ queue }) => queue,
}

const enqueue = (queue: string, value: number, from: number, to?: number): Op => ({
  process: 'p',
  input: { enqueue: value, queue },
  invokedAtMs: from,
  respondedAtMs: to,
})
const dequeue = (queue: string, output: number | undefined, from: number, to?: number): Op => ({
  process: 'q',
  input: { dequeue: true, queue },
  output,
  invokedAtMs: from,
  respondedAtMs: to,
})

test('an object is decided by its model, each part alone', () => {
  const overlapping = [enqueue('a', 1, 0, 5), enqueue('a', 2, 0, 5), dequeue('a', 2, 6, 7), dequeue('a', 1, 8, 9)]
  const verdict = linearizableObject(queues, [...overlapping, enqueue('b', 9, 0, 1), dequeue('b', 9, 0, 1)])
  expect(verdict.outcome).toBe('linearizable')
  if (verdict.outcome !== 'linearizable') return
  const shown = verdict.order.map(({ operation: { input, output } }) => ('enqueue' in input ? `+${input.enqueue}` : `-${output}`))
  expect(shown.filter((step) => !step.endsWith('9'))).toEqual(['+2', '+1', '-2', '-1'])
  expect(shown.filter((step) => step.endsWith('9'))).toEqual(['+9', '-9'])
})

test('what fails is told with the smallest prefix and the operations open then', () => {
  const history = [
    enqueue('a', 1, 0, 1),
    enqueue('a', 2, 2, 3),
    dequeue('a', 2, 4, 5),
    dequeue('a', 1, 6, 7),
    dequeue('b', undefined, 0, 9),
  ]
  const verdict = linearizableObject(queues, history)
  expect(verdict).toMatchObject({ outcome: 'not-linearizable', untilMs: 5, conflict: [history[2]] })
  expect(verdict.outcome === 'not-linearizable' && verdict.reason).toBe(
    'no order of the operations on a until 5 ms explains what q got for {"dequeue":true,"queue":"a"}: 2',
  )
})

test('a pending operation may have taken effect or not', () => {
  expect(linearizableObject(queues, [enqueue('a', 1, 0), dequeue('a', 1, 5, 6)]).outcome).toBe('linearizable')
  expect(linearizableObject(queues, [enqueue('a', 1, 0), dequeue('a', undefined, 5, 6)]).outcome).toBe('linearizable')
  expect(linearizableObject(queues, [enqueue('a', 1, 7), dequeue('a', 1, 5, 6)]).outcome).toBe('not-linearizable')
})

test('gives up honestly within its budget of steps and of memory', () => {
  const random = seeded(1)
  const history = Array.from({ length: 40 }, (_, i) => (i % 2 ? enqueue('a', random(3), 0, 100) : dequeue('a', random(3), 0, 100)))
  expect(linearizableObject(queues, history, { limitSteps: 50 })).toMatchObject({ outcome: 'undecided' })
  expect(linearizableObject(queues, history, { limitBytes: 5000 })).toMatchObject({ outcome: 'undecided' })
})

test('refuses a history that makes no sense', () => {
  expect(() => linearizableObject(queues, [enqueue('a', 1, 2, 1)])).toThrow(InvalidHistory)
})
