import { expect, test } from 'vitest'
import { deep, seeded } from '../../test/histories'
import { bruteForceObject, type CasOperation, casStorm, expectOrderOf, randomCasHistory, withOtherRead } from '../../test/objects'
import { Budget } from '../budget'
import { IMPOSSIBLE, InvalidHistory, linearizableObject, type Model, type ObjectOperation, registerModel } from '../index'
import { Walk } from './just-in-time'
import { occasions } from './occasions'

type Input = { readonly enqueue: number; readonly queue: string } | { readonly dequeue: true; readonly queue: string }
type Op = ObjectOperation<Input, number | undefined>

/** FIFO queues with names. */
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

test('a violation has the smallest prefix and the operations open then', () => {
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

test('gives up within its budget of steps and of memory', () => {
  const random = seeded(1)
  const history = Array.from({ length: 40 }, (_, i) => (i % 2 ? enqueue('a', random(3), 0, 100) : dequeue('a', random(3), 0, 100)))
  expect(linearizableObject(queues, history, { limitSteps: 50 })).toMatchObject({ outcome: 'undecided' })
  expect(linearizableObject(queues, history, { limitBytes: 5000 })).toMatchObject({ outcome: 'undecided' })
})

test('refuses a malformed history', () => {
  expect(() => linearizableObject(queues, [enqueue('a', 1, 2, 1)])).toThrow(InvalidHistory)
})

const cas = registerModel<number>()
const plain = { initial: cas.initial, apply: cas.apply, key: cas.key }

/** Whether a history has an order up to a moment: an operation without a response by then may be left out, or did what it later returned. */
function isLegalUntil(history: readonly CasOperation[], ms: number): boolean {
  const original = new Map<object, CasOperation>()
  const prefix = history.flatMap((operation) => {
    if (operation.invokedAtMs > ms) return []
    const known = (operation.respondedAtMs ?? ms + 1) > ms ? { ...operation, respondedAtMs: undefined } : operation
    original.set(known, operation)
    return [known]
  })
  return bruteForceObject({ ...cas, apply: (state, known) => cas.apply(state, original.get(known) ?? known) }, prefix)
}

test('compare-and-swap: verdicts are those of the definition, orders are orders, with and without what the model says beside it', () => {
  const count = { legal: 0, illegal: 0 }
  for (let seed = 1; seed <= deep(700, 40_000); seed += 1) {
    const history = randomCasHistory(seeded(seed))
    const isLegal = bruteForceObject(cas, history)
    count[isLegal ? 'legal' : 'illegal'] += 1
    for (const model of [cas, plain]) {
      const verdict = linearizableObject(model, history)
      expect(verdict.outcome, `seed ${seed}`).toBe(isLegal ? 'linearizable' : 'not-linearizable')
      const operations = verdict.outcome === 'linearizable' ? verdict.order.map(({ operation }) => operation) : undefined
      if (operations) expectOrderOf(cas, history, operations)
      if (verdict.outcome !== 'not-linearizable' || model === plain) continue
      const { untilMs } = verdict
      const earlierMs = Math.max(...history.flatMap(({ respondedAtMs: end }) => (end !== undefined && end < untilMs ? [end] : [])))
      expect([isLegalUntil(history, earlierMs), isLegalUntil(history, untilMs)], `seed ${seed}`).toEqual([true, false])
    }
  }
  expect(Math.min(count.legal, count.illegal)).toBeGreaterThan(200)
})

test('a walk alone agrees with the definition: if it is stuck and exact, there is no order', () => {
  for (let seed = 1; seed <= deep(700, 40_000); seed += 1) {
    const history = randomCasHistory(seeded(seed)).sort((a, b) => a.invokedAtMs - b.invokedAtMs)
    const isLegal = bruteForceObject(cas, history)
    for (const model of [cas, plain]) {
      const walk = (width: number, pending: 'once' | 'endless') =>
        new Walk(model, history, occasions(history), { width, pending }, new Budget()).run()
      expect(walk(1000, 'once'), `seed ${seed}`).toMatchObject(isLegal ? { end: 'order' } : { end: 'stuck', exact: true })
      for (const walked of [walk(1, 'once'), walk(1000, 'endless')])
        if (walked.end === 'stuck' && walked.exact) expect(isLegal, `seed ${seed}`).toBe(false)
      if (walk(1, 'once').end === 'order') expect(isLegal, `seed ${seed}`).toBe(true)
    }
  }
})

test.each([
  [100, 250],
  [300, 250],
  [60, 0],
])(
  'compare-and-swap, 20 clients, %i operations of 5 values, %i in 1,000 never answered: decided, in few steps',
  (count, pendingPermille) => {
    const random = seeded(count + pendingPermille)
    const history = casStorm({ clients: 20, count, values: 5, pendingPermille }, random)
    const verdict = linearizableObject(cas, history, { limitSteps: 500_000 })
    expect(verdict.outcome).toBe('linearizable')
    if (verdict.outcome === 'linearizable')
      expectOrderOf(
        cas,
        history,
        verdict.order.map(({ operation }) => operation),
      )
    expect(linearizableObject(cas, withOtherRead(history, 5, random), { limitSteps: 500_000 }).outcome).not.toBe('undecided')
  },
)

test('where nothing is pending, a dozen clients and what went wrong at the end are decided in few steps', () => {
  const legal = casStorm({ clients: 12, count: 300, values: 5, pendingPermille: 0 }, seeded(12))
  const at = (kind: 'read' | 'write', value: number, invokedAtMs: number, respondedAtMs: number): CasOperation => ({
    process: `${kind} ${value}`,
    input: kind === 'read' ? { kind } : { kind, value },
    output: kind === 'read' ? value : undefined,
    invokedAtMs,
    respondedAtMs,
  })
  const end = Math.max(...legal.map(({ respondedAtMs = 0 }) => respondedAtMs))
  const inversion = [at('write', 8, 1, 2), at('write', 9, 3, 9), at('read', 9, 4, 5), at('read', 8, 6, 7)]
  const broken = [
    ...legal,
    ...inversion.map((one) => ({ ...one, invokedAtMs: end + one.invokedAtMs, respondedAtMs: end + (one.respondedAtMs as number) })),
  ]
  const verdict = linearizableObject(cas, broken, { limitSteps: 150_000 })
  expect(verdict).toMatchObject({ outcome: 'not-linearizable', untilMs: end + 7 })
})

test('a compare-and-swap that was refused had found another value', () => {
  const op = (input: Parameters<typeof cas.apply>[1]['input'], output: number | boolean | undefined, from: number, to?: number) => ({
    process: 'p',
    input,
    output,
    invokedAtMs: from,
    respondedAtMs: to,
  })
  const swap = { kind: 'cas', expected: 1, value: 2 } as const
  const write = op({ kind: 'write', value: 1 }, undefined, 0, 1)
  expect(linearizableObject(cas, [write, op(swap, false, 2, 3)]).outcome).toBe('not-linearizable')
  expect(linearizableObject(cas, [write, op(swap, true, 2, 3), op({ kind: 'read' }, 2, 4, 5)]).outcome).toBe('linearizable')
  expect(linearizableObject(cas, [write, op(swap, true, 2, 3), op(swap, true, 4, 5)]).outcome).toBe('not-linearizable')
  expect(linearizableObject(cas, [write, op(swap, true, 2), op({ kind: 'read' }, 1, 4, 5), op({ kind: 'read' }, 2, 6, 7)]).outcome).toBe(
    'linearizable',
  )
})
