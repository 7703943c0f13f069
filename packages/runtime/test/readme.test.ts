import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { format } from 'node:util'
import { afterAll, describe, expect, it, vi } from 'vitest'

const root = fileURLToPath(new URL('../../..', import.meta.url))

interface Example {
  readonly readme: string
  readonly line: number
  readonly code: string
}

/** The blocks of a page that are marked `ts`. */
function examplesIn(readme: string): Example[] {
  const text = readFileSync(join(root, readme), 'utf8')
  return [...text.matchAll(/^```ts\n(.*?)^```$/gms)].map((match) => ({
    readme,
    line: text.slice(0, match.index).split('\n').length,
    code: match[1] as string,
  }))
}

const readmes = ['README.md', ...readdirSync(join(root, 'packages')).map((name) => `packages/${name}/README.md`)].filter((path) =>
  existsSync(join(root, path)),
)
const examples = readmes.flatMap(examplesIn)

// Inside a package, so that the examples find what they import as any code of it does; not under src or test, where it would be code of ours.
const home = join(root, 'packages/runtime/node_modules/.examples')
mkdirSync(home, { recursive: true })
const folder = mkdtempSync(`${home}/`)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** What an example says that it prints: `console.log(...) // this`. */
const saysItPrints = (code: string) => [...code.matchAll(/^ *console\.log\(.*\) \/\/ (.+)$/gm)].map(([, line]) => line as string)

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
