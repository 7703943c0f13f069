import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import * as library from '../src/index'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

test('the limits in the README are those in force', () => {
  expect([library.LIMIT_PROCESSES, library.LIMIT_HISTORY, library.LIMIT_NAME_BYTES]).toEqual([1024, 500_000, 32 * 1024])
  expect(library.LIMIT_TRACE_BYTES).toBe(256 * 1024 * 1024)
  for (const shown of ['1,024', '500,000', '32 KiB', '256 MiB']) expect(readme).toContain(shown)
})
