import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { closingLine } from './lib/tests.mjs'

function results(counts: object): string {
  const folder = mkdtempSync(join(tmpdir(), 'upon-results-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'results.json')
  writeFileSync(file, JSON.stringify(counts))
  return file
}

it('npm test ends with the numbers of a run that was whole', () => {
  expect(closingLine(results({ passed: 7, failed: 0 }), 0, 0)).toBe('7 passed, 0 failed')
  expect(closingLine(results({ passed: 7, failed: 2 }), 1, 0)).toBe('7 passed, 2 failed')
})

it('errors of types are failures, and so is a run that fails outside every test', () => {
  expect(closingLine(results({ passed: 7, failed: 0 }), 0, 3)).toBe('7 passed, 3 failed')
  expect(closingLine(results({ passed: 7, failed: 0 }), 1, 0)).toBe('7 passed, 1 failed')
  expect(closingLine('/nowhere/results.json', 1, 0)).toBe('0 passed, 1 failed')
})

it('a run that a signal ended counts nothing', () => {
  expect(closingLine('/nowhere/results.json', 137, 0)).toBe('interrupted: the tests were not counted')
})
