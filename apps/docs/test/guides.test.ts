import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { format } from 'node:util'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { readCatalogue } from '../src/catalogue/catalogue'
import { exampleOf } from '../src/catalogue/example'
import { root } from '../src/house'

const guides = join(root, 'apps/docs/site/guide')
const examples = join(root, 'apps/docs/examples')
// Inside the app, so that the examples find what they import; not under src or test, where they would be code of ours.
const home = join(root, 'apps/docs/node_modules/.examples')
mkdirSync(home, { recursive: true })
const folder = mkdtempSync(`${home}/`)
beforeAll(() => {
  for (const file of readdirSync(examples)) copyFileSync(join(examples, file), join(folder, file))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const blocksOf = (language: string) =>
  readdirSync(guides).flatMap((guide) => {
    const text = readFileSync(join(guides, guide), 'utf8')
    return [...text.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, 'gms'))].map((match) => ({
      guide,
      line: text.slice(0, match.index).split('\n').length,
      code: match[1] as string,
    }))
  })

/** Runs a program, and returns the lines that it printed. */
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

describe('the programs in the guides run, assert what holds, and print what they say', () => {
  it.each(blocksOf('ts'))('$guide:$line', async ({ guide, line, code }) => {
    const expected = [...code.matchAll(/^ *console\.log\(.*\) \/\/ (.+)$/gm)].map(([, text]) => text)
    expect(expected.length > 0 || code.includes("from 'node:assert"), 'a program shows that it holds').toBe(true)
    expect(await run(code, `${guide}-${line}`)).toEqual(expected)
  })
})

const catalogue = await readCatalogue()
const algorithms = catalogue.modules.flatMap((module) =>
  module.algorithms.map((algorithm) => ({ name: algorithm.name, algorithm, module })),
)

describe('the programs of the catalogue run, and something comes of whatever was asked', () => {
  it.each(algorithms)('$name', async ({ name, algorithm, module }) => {
    const code = exampleOf(catalogue, algorithm, module)
    if (code === undefined) {
      expect(module.declaration.hasParameters, 'only what must be given parameters has no example').toBe(true)
      return
    }
    const printed = await run(code, name)
    const hasRequests = Object.values(module.facts.requests as Record<string, readonly string[]>).some(({ length }) => length > 0)
    if (hasRequests) expect(printed).not.toEqual([])
  })
})

/** Numbers differ from run to run, and so does the order in which processes answer. */
const masked = (line: string) => line.replaceAll(/\d+(\.\d+)?/g, '#').replaceAll(/ +/g, ' ')
const isComparable = (line: string) => !line.endsWith('…') && !/^[┌├└]/.test(line)

/** What stands below each `> command`. */
function answers(lines: readonly string[]): { readonly command: string; readonly answer: readonly string[] }[] {
  const starts = lines.flatMap((line, i) => (line.startsWith('> ') ? [i] : []))
  return starts.map((start, i) => ({
    command: lines[start]?.slice(2) ?? '',
    answer: lines
      .slice(start + 1, starts[i + 1])
      .filter(isComparable)
      .map(masked)
      .sort(),
  }))
}

describe('the hub answers as the guide says', () => {
  const shown = answers(blocksOf('console').flatMap(({ code }) => code.trimEnd().split('\n')))

  it('command by command', async () => {
    const commands = shown.map(({ command }) => command).join('; ')
    const hub = spawn(process.execPath, [join(root, 'packages/hub/dist/cli.js'), '--port', '0', '--run', commands])
    let output = ''
    hub.stdout.on('data', (chunk) => {
      output += chunk
    })
    const [code] = await once(hub, 'close')
    expect(code).toBe(0)
    const real = answers(output.trimEnd().split('\n'))
    for (const { command, answer } of shown) {
      const same = real.find((each) => each.command === command)
      expect(same?.answer, command).toEqual(expect.arrayContaining([...answer]))
    }
  })
})
