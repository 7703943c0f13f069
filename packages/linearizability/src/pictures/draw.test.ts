import { expect, test } from 'vitest'
import { drawHistory, linearizable, type Operation } from '../index'

const op = (process: string, kind: 'read' | 'write', value: number | undefined, from: number, to?: number): Operation => ({
  process,
  kind,
  value,
  invokedAtMs: from,
  respondedAtMs: to,
})

const inversion = [
  op('abc-1', 'write', 5, 0, 1),
  op('abc-1', 'write', 7, 2, 9),
  op('abc-2', 'read', 7, 3, 4),
  op('abc-10', 'read', 5, 5, 6),
]

test('a line per process in natural order; the points from left to right are the linearization', () => {
  const history = [op('abc-1', 'write', 5, 0, 3), op('abc-10', 'read', undefined, 1, 4), op('abc-2', 'read', 5, 2)]
  expect(drawHistory(history, linearizable(history))).toMatchInlineSnapshot(`
    "abc-1  [w:5--•-]
    abc-2         [r:?>
    abc-10  [r:⊥•---]
    "
  `)
})

test('conflicting operations are marked', () => {
  expect(drawHistory(inversion, linearizable(inversion))).toMatchInlineSnapshot(`
    "abc-1  [w:5!][w:7!!!!!!!!!]
    abc-2         [r:7!]
    abc-10              [r:5!]
    "
  `)
})

test('overlapping operations of one process get lines of their own, wide pictures are cut into blocks', () => {
  const history = Array.from({ length: 24 }, (_, i) => op('p-1', 'write', i, i, i + 1.5))
  const picture = drawHistory(history, linearizable(history), { widthColumns: 60 })
  expect(picture.split('\n').every((line) => line.length <= 60)).toBe(true)
  expect(picture.split('\n\n').length).toBeGreaterThan(2)
  expect(picture.match(/•/g)).toHaveLength(24)
})

test('of a large history the neighborhood of the conflict is shown, and the picture says so', () => {
  const before = Array.from({ length: 5000 }, (_, i) => op('q', 'write', 100 + i, -10000 + 2 * i, -9999 + 2 * i))
  const history = [...before, ...inversion]
  const picture = drawHistory(history, linearizable(history), { limitOperations: 10 })
  expect(picture).toContain('[w:7!')
  expect(picture).toContain('(10 of 5004 operations shown)')
})

test('colors only on request', () => {
  const verdict = linearizable(inversion)
  expect(drawHistory(inversion, verdict)).not.toContain('\x1b')
  expect(drawHistory(inversion, verdict, { colors: true })).toContain('\x1b[31m')
  expect(drawHistory([])).toBe('\n')
})
