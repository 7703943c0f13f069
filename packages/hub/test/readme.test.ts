import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import * as library from '../src/index'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

test('the limits in the README are those in force', () => {
  expect([library.LIMIT_PROCESSES, library.LIMIT_HISTORY, library.LIMIT_NAME_BYTES]).toEqual([1024, 500_000, 32 * 1024])
  expect(library.LIMIT_TRACE_BYTES).toBe(256 * 1024 * 1024)
  expect([library.LIMIT_OPERATIONS, library.LIMIT_NAMES, library.LIMIT_ANSWERS]).toEqual([2_000_000, 100_000, 100_000])
  expect(library.LIMIT_NAMES_CHARACTERS).toBe(16 * 2 ** 20)
  for (const shown of ['1,024', '500,000', '32 KiB', '256 MiB', '2,000,000', '100,000', '16 Mi']) expect(readme).toContain(shown)
})
