import { expect, test } from 'vitest'
import { deep, seeded } from '../../test/histories'
import { InvalidHistory, linearizable, type Operation, orderedReads, regularRegister, safeRegister } from '../index'

const write = (value: number, from: number, to?: number): Operation => ({
  process: 'p',
  kind: 'write',
  value,
  invokedAtMs: from,
  respondedAtMs: to,
})
const read = (value: number | undefined, from: number, to?: number): Operation => ({
  process: 'q',
  kind: 'read',
  value,
  invokedAtMs: from,
  respondedAtMs: to,
})

test('new-old inversion is regular, though not atomic', () => {
  const inversion = [write(1, 0, 1), write(2, 2, 9), read(2, 3, 4), read(1, 5, 6)]
  expect(regularRegister(inversion).outcome).toBe('holds')
  expect(safeRegister(inversion).outcome).toBe('holds')
  expect(linearizable(inversion).outcome).toBe('not-linearizable')
})

test('a read beside a write may return anything of a safe register, but not of a regular one', () => {
  const history = [write(1, 0, 1), write(2, 2, 9), read(7, 3, 4)]
  expect(safeRegister(history).outcome).toBe('holds')
  expect(regularRegister(history)).toEqual({
    outcome: 'violated',
    conflict: history,
    reason: "q's read of 7, but the last write that ended before it is p's write of 1, and the write that overlaps it wrote another value",
  })
})

test.each([
  ['an overwritten value', [write(1, 0, 1), write(2, 2, 3), read(1, 4, 5)]],
  ['⊥ after a write', [write(1, 0, 1), read(undefined, 2, 3)]],
  ['a value from the future', [read(1, 0, 1), write(1, 2, 3)]],
  ['a value never written', [read(1, 0, 1)]],
])('neither safe nor regular: %s', (_, history) => {
  expect(safeRegister(history).outcome).toBe('violated')
  expect(regularRegister(history).outcome).toBe('violated')
})

test('a write that never ended overlaps all that comes after, and intervals are closed', () => {
  expect(regularRegister([write(1, 0, 1), write(2, 2), read(2, 50, 51), read(1, 52, 53), read(2, 54, 55)]).outcome).toBe('holds')
  expect(regularRegister([write(1, 0, 1), read(undefined, 1, 2)]).outcome).toBe('holds')
  expect(regularRegister([read(1, 0, 1), write(1, 1, 2)]).outcome).toBe('holds')
})

test.each([
  ['another value', [write(1, 0, 1), write(2, 2, 9), read(2, 3, 4), read(1, 5, 6)], 'but 1 was written before 2'],
  ['⊥', [write(1, 0, 9), read(1, 1, 2), read(undefined, 3, 4)], 'but ⊥ was there before 1'],
  ['of a write that never ended', [write(1, 0, 1), write(2, 2), read(2, 3, 4), read(1, 5, 6)], 'but 1 was written before 2'],
  ['though all is long over', [write(1, 0, 1), write(2, 2, 3), read(2, 4, 5), read(1, 6, 7)], 'but 1 was written before 2'],
])('reads that are not ordered: %s', (_, history, words) => {
  const verdict = orderedReads(history)
  expect(verdict).toMatchObject({ outcome: 'violated', reason: expect.stringContaining(words) })
  const { conflict } = verdict as Exclude<typeof verdict, { outcome: 'holds' }>
  expect(orderedReads(conflict).outcome).toBe('violated')
})

test.each([
  ['reads that overlap', [write(1, 0, 1), write(2, 2, 9), read(2, 3, 5), read(1, 5, 6)]],
  ['values that repeat', [write(1, 0, 1), write(2, 2, 3), write(1, 4, 9), read(2, 5, 6), read(1, 7, 8)]],
  ['a value never written, or not yet', [write(1, 0, 1), read(7, 2, 3), read(5, 2, 3), write(5, 4, 5), read(1, 4, 4)]],
  ['an old value after an old value: that is validity', [write(1, 0, 1), write(2, 2, 3), read(1, 4, 5), read(1, 6, 7)]],
])('reads that are ordered: %s', (_, history) => {
  expect(orderedReads(history)).toEqual({ outcome: 'holds' })
})

test('overlapping writes are refused: there is one writer', () => {
  const history = [write(1, 0, 2), write(2, 2, 3)]
  for (const judge of [regularRegister, safeRegister, orderedReads]) expect(() => judge(history)).toThrow(InvalidHistory)
})

/** Three writes, of one of so many values each, or of values of their own; reads anywhere; the last write may never end. */
function drawn(seed: number, values: number): Operation[] {
  const random = seeded(seed)
  const isPending = random(4) === 0
  const writes = Array.from({ length: 3 }, (_, i) =>
    write(values === 0 ? i + 1 : 1 + random(values), i * 6, isPending && i === 2 ? undefined : i * 6 + random(6)),
  )
  const reads = Array.from({ length: 4 }, () => {
    const from = random(18)
    return read(random((values || 3) + 1) || undefined, from, from + random(5))
  })
  return [...reads, ...writes]
}

test.each([0, 1, 2])(
  'a history is atomic exactly if it is regular and its reads are ordered; regular implies safe; %d values',
  (values) => {
    const seen = { atomic: 0, regular: 0, ordered: 0, safe: 0, none: 0 }
    for (let seed = 1; seed <= deep(1000, 5000); seed += 1) {
      const history = drawn(seed, values)
      const [regular, ordered, safe] = [regularRegister, orderedReads, safeRegister].map((judge) => judge(history).outcome === 'holds')
      expect(linearizable(history).outcome === 'linearizable', `seed ${seed}`).toBe(regular && ordered)
      if (regular) expect(safe).toBe(true)
      seen[regular && ordered ? 'atomic' : regular ? 'regular' : ordered ? 'ordered' : safe ? 'safe' : 'none'] += 1
    }
    expect(Math.min(...Object.values(seen)), JSON.stringify(seen)).toBeGreaterThan(4)
  },
)
