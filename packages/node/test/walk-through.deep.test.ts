import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const script = fileURLToPath(new URL('../../../scripts/walk-through.mjs', import.meta.url))

function walkThrough(...args: string[]): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [script, '--no-log-file', ...args], { maxBuffer: 2 ** 24 }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), output: stdout + stderr })
    })
  })
}

it('the walk-through: every expectation holds, with two of five processes killed on the way', async () => {
  const { code, output } = await walkThrough()
  expect(output).toContain('sys-1/ref-3 delivered 52')
  expect(output).toContain('y is atomic: 40 operations, linearizable')
  expect(output).toMatch(/ok: 4 of 4 decided \d+ on without-leader/)
  expect(output).toContain('sys-2/ref-1 read x=1')
  expect(output).toContain('Everything held')
  expect(code).toBe(0)
}, 120_000)

it('the walk-through says so when an expectation does not hold', async () => {
  const { code, output } = await walkThrough('--timeout', '1') // nobody answers within a millisecond, every time
  expect(output).toContain('Not everything held')
  expect(code).toBe(1)
}, 120_000)
