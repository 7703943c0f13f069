import fc from 'fast-check'
import { expect, describe as suite, test } from 'vitest'
import { deep } from '../../test/histories'
import { InvalidHistory, linearizable, type Operation, type Verdict } from '../index'
import { decideByZones } from './zones'

type Op = Operation<number>

const write = (process: string, value: number, from: number, to?: number): Op => ({
  process,
  kind: 'write',
  value,
  invokedAtMs: from,
  respondedAtMs: to,
})
const read = (process: string, value: number | undefined, from: number, to?: number): Op => ({
  process,
  kind: 'read',
  value,
  invokedAtMs: from,
  respondedAtMs: to,
})

/** The definition itself: try every order of every subset of pending operations. */
function bruteForce(history: readonly Op[]): boolean {
  const extend = (left: readonly Op[], value: number | undefined): boolean =>
    left.every((op) => op.respondedAtMs === undefined) ||
    left.some((op) => {
      if (left.some((other) => (other.respondedAtMs ?? Infinity) < op.invokedAtMs)) return false
      if (op.kind === 'read' && op.respondedAtMs !== undefined && op.value !== value) return false
      const rest = left.filter((other) => other !== op)
      return extend(rest, op.kind === 'write' ? op.value : value)
    })
  return extend(history, undefined)
}

/** Whether a verdict has evidence: the order is a linearization, or the conflict alone is not linearizable. */
function expectProven(history: readonly Op[], verdict: Verdict): void {
  if (verdict.outcome === 'linearizable') {
    const operations = verdict.order.map(({ operation }) => operation)
    expect(new Set(operations).size).toBe(operations.length)
    for (const op of history) if (op.respondedAtMs !== undefined) expect(operations).toContain(op)
    let value: number | undefined
    let last = -Infinity
    for (const { operation, value: after, atMs } of verdict.order) {
      if (operation.kind === 'write') value = operation.value
      else expect(operation.value).toBe(value)
      expect(after).toBe(value)
      expect(atMs).toBeGreaterThanOrEqual(Math.max(last, operation.invokedAtMs))
      expect(atMs).toBeLessThanOrEqual(operation.respondedAtMs ?? Infinity)
      last = atMs
    }
  } else {
    expect(verdict.outcome).toBe('not-linearizable')
    if (verdict.outcome !== 'not-linearizable') return
    expect(verdict.reason.length).toBeGreaterThan(10)
    expect(verdict.conflict.length).toBeGreaterThan(0)
    for (const op of verdict.conflict) expect(history).toContain(op)
  }
}

/** Histories of up to `size` operations over few moments, so that ties, overlaps, pending operations and violations are all common. */
const histories = (size: number, values: number, unique: boolean): fc.Arbitrary<Op[]> =>
  fc
    .array(
      fc.record({
        process: fc.constantFrom('p', 'q', 'r'),
        kind: fc.constantFrom('read' as const, 'write' as const),
        value: fc.integer({ min: 1, max: values }),
        from: fc.integer({ min: 0, max: 12 }),
        length: fc.integer({ min: 0, max: 6 }),
        pending: fc.integer({ min: 0, max: 7 }),
        bottom: fc.integer({ min: 0, max: 4 }),
      }),
      { minLength: 1, maxLength: size },
    )
    .map((drafts) => {
      let written = 0
      return drafts.map(({ process, kind, value, from, length, pending, bottom }) => {
        const to = pending === 0 ? undefined : from + length
        if (kind === 'write') return write(process, unique ? ++written : value, from, to)
        return read(process, bottom === 0 ? undefined : value, from, to)
      })
    })

/** A legal history: operations take effect at distinct moments inside their intervals. */
function legal(count: number, processes: number, random: () => number, unique: boolean): Op[] {
  const freeAt: number[] = new Array(processes).fill(0)
  const drafts = Array.from({ length: count }, (_, i) => {
    const p = Math.floor(random() * processes)
    const from = freeAt[p]! + random()
    const to = from + 0.2 + random() * 3
    freeAt[p] = to
    return { p, from, to, at: from + random() * (to - from), isWrite: random() < 0.5, value: unique ? i + 1 : 1 + Math.floor(random() * 5) }
  })
  let value: number | undefined
  const result: Op[] = []
  for (const d of drafts.sort((a, b) => a.at - b.at)) {
    if (d.isWrite) value = d.value
    result.push(d.isWrite ? write(`p${d.p}`, d.value, d.from, d.to) : read(`p${d.p}`, value, d.from, d.to))
  }
  return result
}

function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

suite('linearizable', () => {
  test('agrees with the definition on small histories of repeated values, and gives evidence', () => {
    let [yes, no] = [0, 0]
    fc.assert(
      fc.property(histories(6, 3, false), (history) => {
        const verdict = linearizable(history)
        expect(verdict.outcome === 'linearizable').toBe(bruteForce(history))
        expectProven(history, verdict)
        if (verdict.outcome === 'linearizable') yes += 1
        else no += 1
      }),
      { numRuns: deep(400, 4000), seed: 1 },
    )
    expect(Math.min(yes, no)).toBeGreaterThan(100)
  })

  test('zones, search and the definition agree on small histories of unique values', () => {
    let [yes, no] = [0, 0]
    fc.assert(
      fc.property(histories(7, 3, true), (history) => {
        const verdict = decideByZones(history)!
        const searched = linearizable(history, { method: 'sweep' })
        expect(verdict.outcome).toBe(searched.outcome)
        expect(verdict.outcome === 'linearizable').toBe(bruteForce(history))
        expectProven(history, verdict)
        expectProven(history, searched)
        if (verdict.outcome === 'linearizable') yes += 1
        else no += 1
      }),
      { numRuns: deep(400, 4000), seed: 2 },
    )
    expect(Math.min(yes, no)).toBeGreaterThan(100)
  })

  test.each([true, false])('accepts legal histories and, with one read changed, agrees between methods (unique values: %s)', (unique) => {
    for (let seed = 1; seed <= deep(60, 300); seed += 1) {
      const random = randomFrom(seed)
      const history = legal(30, 4, random, unique)
      expectProven(history, linearizable(history))
      expect(linearizable(history, { method: 'sweep' }).outcome).toBe('linearizable')
      const at = history.findIndex(({ kind }, i) => kind === 'read' && i >= 15)
      if (at < 0) continue
      const broken = history.with(at, { ...history[at]!, value: history[Math.floor(random() * 15)]!.value })
      const verdict = linearizable(broken)
      expect(verdict.outcome).toBe(linearizable(broken, { method: 'sweep' }).outcome)
      expectProven(broken, verdict)
    }
  })

  test.each([true, false])(
    'decides a storm of 1,000 operations of 5 processes, and of 5,000, legal and with one stale read (unique values: %s)',
    (unique) => {
      const history = legal(deep(1000, 5000), 5, randomFrom(7), unique)
      expectProven(history, linearizable(history))
      const last = Math.max(...history.map((op) => op.respondedAtMs!))
      const broken = [...history, write('p0', -1, last + 1, last + 2), read('p1', 3, last + 3, last + 4)]
      const verdict = linearizable(broken)
      expectProven(broken, verdict)
      expect(verdict).toMatchObject({ outcome: 'not-linearizable' })
      if (verdict.outcome === 'not-linearizable') expect(verdict.conflict.length).toBeLessThanOrEqual(12)
    },
  )

  test('many overlapping writes with a reader in order are accepted by the search', () => {
    const writes = Array.from({ length: 200 }, (_, i) => write('p', i % 7, 0, 1000))
    const reads = Array.from({ length: 200 }, (_, i) => read('q', i % 7, 1 + i, 1 + i + 0.5))
    expect(linearizable([...writes, ...reads]).outcome).toBe('linearizable')
  })

  test('gives up within its budget on hard histories', () => {
    const writes = Array.from({ length: 60 }, (_, i) => write(`p${i}`, i % 20, 0, 1000))
    const reads = Array.from({ length: 61 }, (_, i) => read('q', i % 20, 1 + i, 1 + i + 0.5))
    const verdict = linearizable([...writes, ...reads], { limitSteps: 2000 })
    expect(verdict.outcome).not.toBe('linearizable')
  })

  test.each([
    [
      'a read of ⊥ after a write ended',
      [write('p', 1, 0, 1), read('q', undefined, 2, 3)],
      "q's read of ⊥ returned the initial value, although p's write of 1",
    ],
    ['a value from nowhere', [read('q', 9, 2, 3)], 'returned a value that was never written'],
    ['a value from the future', [read('q', 1, 0, 1), write('p', 1, 2, 3)], 'ended before'],
    ['new-old inversion', [write('p', 1, 0, 1), write('p', 2, 2, 9), read('q', 2, 3, 4), read('r', 1, 5, 6)], 'new-old inversion'],
    [
      'repeated values',
      [write('p', 1, 0, 9), write('q', 1, 0, 9), write('s', 2, 0, 9), read('r', 2, 1, 2), read('r', 1, 3, 4), read('r', 2, 5, 6)],
      'no order of',
    ],
  ])('says in plain words why: %s', (_, history, words) => {
    const verdict = linearizable(history)
    expect(verdict.outcome === 'not-linearizable' && verdict.reason).toContain(words)
  })

  test('a pending write may have taken effect or not, also late', () => {
    const pending = write('p', 1, 0)
    expect(linearizable([pending, read('q', 1, 5, 6)]).outcome).toBe('linearizable')
    expect(linearizable([pending, read('q', undefined, 5, 6), read('q', 1, 7, 8)]).outcome).toBe('linearizable')
    expect(linearizable([pending, read('q', 1, 5, 6), read('q', undefined, 7, 8)]).outcome).toBe('not-linearizable')
  })

  test('intervals are closed: operations that touch overlap', () => {
    expect(linearizable([write('p', 1, 0, 1), read('q', undefined, 1, 2)]).outcome).toBe('linearizable')
    expect(linearizable([read('q', 1, 0, 1), write('p', 1, 1, 2)]).outcome).toBe('linearizable')
  })

  test('refuses a malformed history', () => {
    expect(() => linearizable([write('p', 1, 2, 1)])).toThrow(InvalidHistory)
    expect(() => linearizable([write('p', 1, Number.NaN, 1)])).toThrow(InvalidHistory)
    expect(linearizable([])).toEqual({ outcome: 'linearizable', order: [] })
  })
})
