import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { format } from 'node:util'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { examples, readmes, root, saysItPrints } from './readme-examples'

// Inside a package, so that the examples find what they import as any code of it does; not under src or test, where it would be code of ours.
const home = join(root, 'packages/runtime/node_modules/.examples')
mkdirSync(home, { recursive: true })
const folder = mkdtempSync(`${home}/`)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Runs an example, and returns the lines that it printed. */
async function run(code: string, name: string): Promise<string[]> {
  const file = join(folder, `${name}.ts`)
  writeFileSync(file, code)
  const printed: string[] = []
  const log = vi.spyOn(console, 'log').mockImplementation((...values) => void printed.push(format(...values)))
  try {
    await import(/* @vite-ignore */ file)
  } finally {
    log.mockRestore()
  }
  return printed
}

describe('the examples of the READMEs run, assert what holds, and print what they say', () => {
  it.each(examples)('$readme:$line', async ({ readme, line, code }) => {
    const expected = saysItPrints(code)
    expect(expected.length > 0 || code.includes("from 'node:assert"), 'an example shows that it holds').toBe(true)
    const printed = await run(code, `${readme.replaceAll('/', '-')}-${line}`)
    expect(printed.filter((each) => expected.includes(each))).toEqual(expected)
  })

  it('are there', () => {
    expect(examples.length).toBeGreaterThanOrEqual(readmes.length)
  })

  it('and would be found out if they did not', async () => {
    await expect(run("import assert from 'node:assert'\nassert.equal(1 as number, 2)\n", 'wrong')).rejects.toThrow()
    await expect(run("import { nothing } from '@upon/contract'\nnothing()\n", 'missing')).rejects.toThrow()
  })
})
