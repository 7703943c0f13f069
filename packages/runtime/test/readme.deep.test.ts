import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { transform } from 'esbuild'
import { afterAll, describe, expect, it } from 'vitest'
import { examples, root, saysItPrints } from './readme-examples'

// Inside a package, so that the programs find the built packages as an application finds what it has installed.
const home = join(root, 'packages/runtime/node_modules/.examples')
mkdirSync(home, { recursive: true })
const folder = mkdtempSync(`${home}/`)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Runs a program by itself, without its types; rejects if it does not exit with 0. */
async function program(code: string, name: string): Promise<string> {
  const file = join(folder, `${name}.mjs`)
  writeFileSync(file, (await transform(code, { loader: 'ts', format: 'esm' })).code)
  return (await promisify(execFile)(process.execPath, [file], { timeout: 25_000 })).stdout
}

describe('each example of a README is a program: over the built packages it exits with 0, and prints what it says', () => {
  it.each(examples)('$readme:$line', async ({ readme, line, code }) => {
    const printed = (await program(code, `${readme.replaceAll('/', '-')}-${line}`)).split('\n')
    const expected = saysItPrints(code)
    expect(printed.filter((each) => expected.includes(each))).toEqual(expected)
  })

  it('and would be found out if it ended before its time', async () => {
    await expect(program('await new Promise(() => {})', 'unsettled')).rejects.toMatchObject({ code: 13 })
    await expect(program("import assert from 'node:assert'\nassert.equal(1 as number, 2)", 'wrong')).rejects.toMatchObject({ code: 1 })
  })
})
