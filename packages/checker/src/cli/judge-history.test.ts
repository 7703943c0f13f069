import { expect, test } from 'vitest'
import { judge } from './judge'

const options = { limitMs: 10_000, condition: 'atomic', wantsHtml: true } as const

let clock = 0
const read = (value: unknown, client = 1) => operation({ client, op: 'read', value })
const refused = (expected: unknown, client = 1) => operation({ client, op: 'cas', expected, new: 9, ok: false })
const operation = (fields: object) => JSON.stringify({ ...fields, key: 'x', call: ++clock, return: ++clock })

const judged = (lines: readonly string[], more = {}) => {
  const [judgement] = judge('f', lines[0]!, lines.join('\n'), { ...options, ...more }).judgements
  return [judgement?.holds, judgement?.why]
}

test.each<[string, string[], boolean, string]>([
  ['one value', [read(2), read(2, 3)], true, '2 operations; nothing in the file writes x: assumed that it held 2 before'],
  ['a text', [read('2')], true, '1 operation; nothing in the file writes x: assumed that it held "2" before'],
  ['the initial value', [read(null), read(null)], true, '2 operations'],
  ['nothing', [refused(1), refused(null)], true, '2 operations'],
  [
    'what no refusal expected',
    [refused(1), read(2), refused(3)],
    true,
    '3 operations; nothing in the file writes x: assumed that it held 2 before',
  ],
  ['two values', [read(2), read(2), read(3, 7)], false, '1 read 2, but 7 read 3, and nothing in the file writes x'],
  ['a value and none', [read(2), read(null, 7)], false, '1 read 2, but 7 read ⊥, and nothing in the file writes x'],
  ['a number and a text', [read(1), read('1', 7)], false, '1 read 1, but 7 read "1", and nothing in the file writes x'],
  ['a value refused before', [refused(2), read(2, 7)], false, '1 found a value other than 2, but 7 read 2'],
  ['a value refused later', [read(2), refused(2, 7)], false, '1 read 2, but 7 found a value other than 2'],
])('a register that is not written held one value before the file: %s', (_, lines, holds, why) => {
  const found = judged(lines)
  expect(found).toEqual([holds, expect.stringContaining(why)])
  const isAtomicOnly = lines.some((line) => line.includes('cas'))
  for (const condition of ['regular', 'safe'] as const) if (!isAtomicOnly) expect(judged(lines, { condition })[0]).toBe(holds)
})

test.each([
  ['a write', operation({ client: 3, op: 'write', value: 9 })],
  ['a write that never returned', JSON.stringify({ client: 3, op: 'write', value: 9, key: 'x', call: 0, return: null })],
  ['a compare-and-swap', operation({ client: 3, op: 'cas', expected: null, new: 9 })],
  [
    'a compare-and-swap that never returned',
    JSON.stringify({ client: 3, op: 'cas', expected: 2, new: 9, key: 'x', call: 0, return: null }),
  ],
])('with %s in the file the initial value is ⊥', (_, line) => {
  expect(judged([read(2), line])[0]).toBe(false)
})

test('a read that never returned has no influence', () => {
  const open = JSON.stringify({ client: 4, op: 'read', value: 7, key: 'x', call: 0, return: null })
  expect(judged([open, read(2)])).toEqual([true, '2 operations; nothing in the file writes x: assumed that it held 2 before'])
})
