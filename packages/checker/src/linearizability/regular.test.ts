import { expect, test } from 'vitest'
import { seeded } from '../../test/histories'
import { InvalidHistory, linearizable, type Operation, regularRegister, safeRegister } from './index'

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
    reason: "q's read of 7, but the last write that ended before it is p's write of 1, and none of the 1 that overlap it wrote that",
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

test('overlapping writes are refused: there is one writer', () => {
  expect(() => regularRegister([write(1, 0, 2), write(2, 2, 3)])).toThrow(InvalidHistory)
})

test('atomic implies regular implies safe', () => {
  const seen = { atomic: 0, regular: 0, safe: 0, none: 0 }
  for (let seed = 1; seed <= 3000; seed += 1) {
    const random = seeded(seed)
    const writes = Array.from({ length: 3 }, (_, i) => write(1 + random(2), i * 6, i * 6 + random(6)))
    const reads = Array.from({ length: 3 }, () => {
      const from = random(18)
      return read(random(3) || undefined, from, from + random(5))
    })
    const history = [...writes, ...reads]
    const [atomic, regular, safe] = [linearizable(history).outcome === 'linearizable', regularRegister(history), safeRegister(history)]
    if (atomic) expect(regular.outcome).toBe('holds')
    if (regular.outcome === 'holds') expect(safe.outcome).toBe('holds')
    seen[atomic ? 'atomic' : regular.outcome === 'holds' ? 'regular' : safe.outcome === 'holds' ? 'safe' : 'none'] += 1
  }
  expect(Math.min(...Object.values(seen))).toBeGreaterThan(20)
})
