import { expect, test } from 'vitest'
import { historyHtml, linearizable, type Operation } from '../index'

const op = (process: string, kind: 'read' | 'write', value: number | undefined, from: number, to?: number): Operation => ({
  process,
  kind,
  value,
  invokedAtMs: from,
  respondedAtMs: to,
})
const inversion = [op('a', 'write', 5, 0, 1), op('a', 'write', 7, 2, 9), op('b', 'read', 7, 3, 4), op('<c>', 'read', 5, 5, 6)]

test('a violation is explained, listed and drawn in one self-contained file', () => {
  const html = historyHtml(inversion, linearizable(inversion), { title: 'x & y' })
  expect(html).toContain('<title>x &amp; y</title>')
  expect(html).toContain('<b class="no">Not linearizable</b>, violated by time 6: a\'s write of 5 ended before')
  expect(html.match(/<g class="conflict" id="conflict-\d">/g)).toHaveLength(4)
  expect(html.match(/<tr>/g)).toHaveLength(5)
  expect(html).toContain('&lt;c&gt;')
  expect(html).not.toMatch(/https?:|<script|href="[^#]|src=/)
})

test('times of fifteen digits are rounded, and the conflict leads to its bars', () => {
  const history = [op('a', 'write', 5, 0.1234567891234, 1), op('b', 'read', 7, 2.0000000001, 3)]
  const html = historyHtml(history, linearizable(history))
  expect(html).toContain('a w:5 from 0.123457 to 1')
  expect([...html.matchAll(/href="#(conflict-\d)"/g)].map(([, id]) => html.includes(`id="${id}"`))).toEqual([true])
})

test('a linearizable history shows a point for each operation that took effect', () => {
  const history = [...inversion.slice(0, 3), op('d', 'write', 9, 4)]
  const html = historyHtml(history, linearizable(history))
  expect(html).toContain('class="yes"')
  expect(html.match(/class="point"/g)).toHaveLength(3)
  expect(html.match(/stroke-dasharray/g)).toHaveLength(1)
})

test('of many operations the conflict is drawn by itself, then with its neighbors, and the page says so', () => {
  const before = Array.from({ length: 3000 }, (_, i) => op('q', 'write', 100 + i, -9000 + 2 * i, -8999 + 2 * i))
  const history = [...before, ...inversion]
  const html = historyHtml(history, linearizable(history), { limitOperations: 50 })
  expect(html).toContain('3004 operations, 50 of them shown')
  expect(html.match(/<rect/g)).toHaveLength(50 + 4)
})
