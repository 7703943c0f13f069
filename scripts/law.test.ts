import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { checkCircles } from './law/circles.mjs'
import { checkDependencies } from './law/dependencies.mjs'
import { checkHeaders } from './law/headers.mjs'
import { checkPurity } from './law/purity.mjs'
import { limits } from './law/rules.mjs'
import { type House, readHouse } from './law/sources.mjs'
import { checkState } from './law/state.mjs'
import { checkStyle } from './law/style.mjs'

const houses: string[] = []
afterEach(() => {
  for (const folder of houses.splice(0)) rmSync(folder, { recursive: true })
})

const manifest = (name: string, dependencies: string[] = [], devDependencies: string[] = []) => {
  const versions = (names: string[]) => Object.fromEntries(names.map((dependency) => [`@upon/${dependency}`, 'workspace:^']))
  return JSON.stringify({ name: `@upon/${name}`, dependencies: versions(dependencies), devDependencies: versions(devDependencies) })
}

const foundBy = (check: (house: House) => { where: string; message: string }[], files: Record<string, string>): string[] => {
  const root = mkdtempSync(join(tmpdir(), 'upon-law-'))
  houses.push(root)
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  return check(readHouse(root)).map(({ where, message }) => `${where}: ${message}`)
}

const broadcast = { 'packages/broadcast/package.json': manifest('broadcast', ['contract', 'links'], ['runtime']) }
const file = 'packages/broadcast/src/basic.ts'
const inBroadcast = (text: string) => foundBy(checkPurity, { ...broadcast, [file]: text })

describe('the dependency law', () => {
  const dependencies = (files: Record<string, string>) => foundBy(checkDependencies, files)

  it('accepts an allowed edge, in the manifest and in the source', () => {
    expect(dependencies({ ...broadcast, [file]: "import { x } from '@upon/links'\nexport { x }" })).toEqual([])
  })

  it('refuses an edge upwards in a manifest', () => {
    expect(dependencies({ 'packages/links/package.json': manifest('links', ['broadcast']) })).toEqual([
      'packages/links/package.json: @upon/broadcast is banned in @upon/links, use @upon/contract: dependencies run one way',
    ])
  })

  it.each([
    "import { x } from '@upon/runtime'",
    "import type { x } from '@upon/runtime'",
    "export * from '@upon/runtime'",
    "const x = await import('@upon/runtime')",
    "type X = import('@upon/runtime').X",
  ])('refuses an edge upwards in a source: %s', (text) => {
    expect(dependencies({ ...broadcast, [file]: text }).join()).toContain(`${file}:1: @upon/runtime is banned in @upon/broadcast`)
  })

  it('lets a test use what its package, or the root, names for development', () => {
    const test = { 'packages/broadcast/src/basic.test.ts': "import '@upon/runtime'\nimport '@upon/register'\nimport 'vitest'" }
    const root = { 'package.json': JSON.stringify({ devDependencies: { vitest: '4', '@upon/register': 'workspace:*' } }) }
    expect(dependencies({ ...broadcast, ...root, ...test })).toEqual([])
    expect(dependencies({ ...broadcast, ...root, [file]: "import '@upon/register'" }).join()).toContain('@upon/register is banned')
    expect(dependencies({ ...broadcast, ...test })).toHaveLength(2)
  })

  it('refuses what the manifest does not name', () => {
    const found = dependencies({ ...broadcast, [file]: "import 'left-pad'", 'packages/broadcast/src/basic.test.ts': "import '@upon/fd'" })
    expect(found).toHaveLength(2)
    expect(found.join()).toMatch(/@upon\/fd is not a dependency.*left-pad is not a dependency/)
  })

  it('refuses a cycle through development dependencies', () => {
    const found = dependencies({
      'packages/links/package.json': manifest('links', ['contract'], ['runtime']),
      'packages/runtime/package.json': manifest('runtime', ['contract'], ['links']),
    })
    expect(found.join()).toContain('links -> runtime -> links')
  })

  it('lets the hub load the node at run time, and no sooner', () => {
    const hub = { 'packages/hub/package.json': manifest('hub', ['transport', 'protocol', 'node']) }
    const source = (text: string) => dependencies({ ...hub, 'packages/hub/src/index.ts': text })
    expect(source("import.meta.resolve('@upon/node')\nvoid import('@upon/node')")).toEqual([])
    expect(source("import '@upon/node'")).toHaveLength(1)
  })

  it('refuses a package that is not in the law', () => {
    expect(dependencies({ 'packages/new/package.json': manifest('new') }).join()).toContain('packages/new is not in the law')
  })

  it('refuses relative imports that leave the package or carry an extension', () => {
    expect(dependencies({ ...broadcast, [file]: "import '../../links/src/index'" }).join()).toContain('leaves its package')
    expect(dependencies({ ...broadcast, [file]: "import './other.js'" }).join()).toContain("use './other'")
  })

  it('lets an example import what is published, and nothing import an example', () => {
    const root = { 'package.json': JSON.stringify({ devDependencies: { '@upon/transport': 'workspace:*', vitest: '4' } }) }
    const example = (text: string) => dependencies({ ...root, 'examples/chat.mjs': text })
    expect(example("import 'node:net'\nimport '@upon/transport/tcp'\nimport './cluster.mjs'")).toEqual([])
    expect(example("import 'vitest'\nimport '@upon/else'\nimport '../packages/transport/src/tcp/index'")).toHaveLength(3)
    expect(dependencies({ 'scripts/one.mjs': "import '../examples/chat.mjs'" }).join()).toContain('nothing depends on an example')
  })
})

describe('purity', () => {
  it.each([
    'process.exit()',
    'const { env } = process',
    'Buffer.from([])',
    'Date.now()',
    'new Date()',
    'performance.now()',
    'Math.random()',
    "Math['random']()",
    'const { random } = Math',
    'setTimeout(() => {}, 1)',
    'const later = setTimeout',
    'const o = { setTimeout }',
    'setInterval(() => {}, 1)',
    'setImmediate(() => {})',
    'queueMicrotask(() => {})',
    'globalThis.foo',
    'const f = (d: Date) => d',
    'const p = new Promise(() => {})',
    'type P = Promise<void>',
    'const f = async () => {}',
    'class C { async m() {} }',
    'await 1',
    "import net from 'node:net'",
    "import type { Socket } from 'net'",
    "export * from 'fs/promises'",
    "const fs = await import('node:fs')",
    "const fs = require('fs')",
  ])('refuses %s', (text) => {
    expect(inBroadcast(`${text}\nexport {}`).join()).toMatch(/broadcast\/src\/basic\.ts:1: .* is banned here, use /)
  })

  it.each([
    'const process = { id: 1 }; export const id = process.id',
    'export const f = (self: number, setTimeout: () => void) => { setTimeout(); return self }',
    'export type Process = { Date: string; process: number }',
    'export const f = (host: { random(): number; performance: number }) => host.random() + host.performance',
    'export const x = Math.max(1, 2) + Math.floor(1.5)',
    '// Date.now() and process, in a comment\nexport const s = "setTimeout"',
    "import { Date } from './date'\nexport const d = new Date()",
    'export const o = { process: 1, async: 2 }',
  ])('accepts %s', (text) => {
    expect(inBroadcast(text)).toEqual([])
  })

  it('lets transports, tests and the packages of the real world be', () => {
    const text = "import net from 'node:net'\nsetTimeout(() => net, Date.now())"
    const paths = ['transport/src/tcp/index.ts', 'node/src/index.ts', 'broadcast/src/a.test.ts', 'broadcast/bench/a.mjs']
    expect(foundBy(checkPurity, Object.fromEntries(paths.map((path) => [`packages/${path}`, text])))).toEqual([])
    expect(foundBy(checkPurity, { 'packages/transport/src/memory/index.ts': text })).toHaveLength(3)
    expect(foundBy(checkPurity, { 'packages/links/src/tcp/index.ts': text })).toHaveLength(3)
  })

  it('lets faces have promises, and nothing else of the outside', () => {
    const inFaces = (text: string) => foundBy(checkPurity, { 'packages/runtime/src/faces/face.ts': text })
    expect(inFaces('export const f = async () => new Promise<void>(() => {})')).toEqual([])
    expect(inFaces('setTimeout(() => {}, 1)')).toHaveLength(1)
  })
})

describe('style', () => {
  const style = (path: string, text: string) => foundBy(checkStyle, { [path]: text })
  const header = '/** Implements: a. Uses: b. Assumes: c. Cost: d. Source: e */\n'
  const lines = (count: number) => 'export {}\n'.repeat(count)

  it('refuses files of more than 400 lines', () => {
    expect(style('packages/hub/src/a.ts', lines(400))).toEqual([])
    expect(style('packages/hub/src/a.ts', lines(401)).join()).toContain('use at most 400')
  })

  it('refuses an algorithm of more than 150 lines, and one whose header lacks a word', () => {
    expect(style(file, `${header}algorithm({}, () => {})\n${lines(148)}`)).toEqual([])
    expect(style(file, `${header}algorithm({}, () => {})\n${lines(149)}`).join()).toContain('at most 150')
    expect(style(file, `import 'x'\n\n${header.replace('Cost', 'Price')}export const A = algorithm({}, () => {})`).join()).toContain(
      'lacks Cost',
    )
    expect(style(file, 'algorithm({}, () => {})').join()).toContain('lacks Implements, Uses, Assumes, Cost, Source')
  })

  it('refuses long functions and longer handlers, but lets an algorithm fill its page', () => {
    const body = (count: number) => `() => {\n${'  f()\n'.repeat(count)}}`
    expect(style('packages/hub/src/a.ts', `const f = ${body(69)}`).join()).toContain('function of 71 lines')
    expect(style('packages/hub/src/a.ts', `const f = ${body(68)}`)).toEqual([])
    expect(style(file, `${header}algorithm({}, ${body(100)})`)).toEqual([])
    expect(style(file, `${header}algorithm({}, () => {\nupon(x, ${body(24)})\n})`).join()).toContain('handler of 26 lines')
  })

  it.each([
    'const x: any = 1',
    'const x = y as any',
    'type T = any[]',
    '// @ts-ignore\nconst x = 1',
    'class LinkManager {}',
    'const linkHelper = 1',
  ])('refuses %s', (text) => {
    expect(style(file, text)).toHaveLength(1)
  })

  it('refuses file names that say nothing', () => {
    expect(style('packages/hub/src/utils.ts', '').join()).toContain('says nothing')
    expect(style('packages/hub/src/BigThing.ts', '').join()).toContain('kebab-case')
  })

  it.each([
    'it.only("x", () => {})',
    'describe.skip("x", () => {})',
    'it.concurrent.skip("x", () => {})',
    'test.todo("x")',
    'it.skipIf(true)("x", () => {})',
    'it.each([1]).only("x", () => {})',
    'it("x", { skip: true }, () => {})',
    'setTimeout(f, 10)',
    'globalThis.setTimeout(f, 10)',
    'await sleep(10)',
    "import { setTimeout as later } from 'node:timers/promises'",
  ])('refuses in a test: %s', (text) => {
    expect(style('packages/hub/src/a.test.ts', text)).toHaveLength(1)
  })

  it.each([
    'it("x", () => {})',
    'it.each([1])("%s", () => {})',
    'list.only',
    'const setTimeout = f; setTimeout()',
    'it("x", { timeout: 5 }, () => {})',
  ])('accepts in a test: %s', (text) => {
    expect(style('packages/hub/src/a.test.ts', text)).toEqual([])
  })
})

describe('state', () => {
  const inAlgorithm = (before: string, behaviour: string) =>
    foundBy(checkState, { [file]: `${before}\nexport const A = algorithm({}, ({ state, upon, when }) => {\n${behaviour}\n})` })

  it.each([
    ['', 'let n = 0\nupon(x, () => { n++ })'],
    ['let n = 0', 'upon(x, () => { n = 1 })'],
    ['', 'const seen = new Set()\nupon(x, (m) => { seen.add(m) })'],
    ['const seen = new Map()', 'upon(x, (m) => { if (m) seen.set(m, 1) })'],
    ['', 'const memo = {}\nwhen(() => true, () => { memo.last = 1 })'],
    ['', 'const list = []\nconst keep = (m) => list.push(m)\nupon(x, keep)'],
    ['', 'const own = { last: [] }\nupon(x, (m) => { own.last[0] = m })'],
    ['', 'const counter = () => { let n = 0\nreturn () => ++n }\nconst next = counter()\nupon(x, () => next())'],
    ['', 'const memo = {}\nupon(x, () => { delete memo.last })'],
  ])('refuses what changes outside of it: %s %s', (before, behaviour) => {
    expect(inAlgorithm(before, behaviour).join()).toContain('outside of the state')
  })

  it.each([
    'upon(x, (m) => { state.n += 1\nstate.seen.add(m) })',
    'const { seen } = state\nupon(x, (m) => { seen.add(m) })',
    'const seen = state.seen\nupon(x, (m) => { seen.add(m) })',
    'const ranks = new Set(processes)\nupon(x, (m) => ranks.has(m))',
    'upon(x, (ms) => { let n = 0\nfor (const m of ms) n += m\nlet most = 0\nms.forEach((m) => { most = Math.max(m, most) }) })',
    'upon(x, (ms) => { const list = []\nfor (const m of ms) list.push(m) })',
  ])('accepts %s', (behaviour) => {
    expect(inAlgorithm('', behaviour)).toEqual([])
  })
})

describe('headers', () => {
  const failSilent = "{ processes: 'crash-stop', timing: 'asynchronous', resilience: 'f < N' }"
  const withHeader = (uses: string, code: string) =>
    header(`- Uses: ${uses}\n * - Assumes: fail-silent; any number of crashes`, code, failSilent)
  const header = (lines: string, uses: string, assumes: string) =>
    foundBy(checkHeaders, {
      [file]: `/**\n * ${lines}\n * - Cost: none\n */\nexport const A = algorithm({ uses: { ${uses} }, assumes: ${assumes} }, () => {})`,
    }).join('\n')
  const assuming = (words: string, processes: string, timing: string, resilience: string) =>
    header(`- Assumes: ${words}`, '', `{ processes: '${processes}', timing: '${timing}', resilience: '${resilience}' }`)

  it('say what the code uses, and what is shared, in both directions', () => {
    expect(withHeader('Links (pl), Detector (pfd, shared)', 'pl: Links, pfd: shared(Detector)')).toBe('')
    expect(withHeader('Links (pl), Detector (pfd)', 'pl: Links, pfd: shared(Detector)')).toContain(
      'does not say that it uses (pfd, shared)',
    )
    expect(withHeader('Links (pl), Detector (pfd, shared)', 'pl: Links, pfd: Detector')).toContain('but it does not')
    expect(withHeader('Links (pl)', 'pl: Links, timer: Timer')).toContain('(timer)')
    expect(withHeader('Links (pl), Timer (timer)', 'pl: Links')).toContain('(timer), but it does not')
  })

  it('say what the code assumes, by the names of the book', () => {
    for (const [words, processes, timing, resilience] of [
      ['fail-stop; any number of crashes', 'crash-stop', 'synchronous', 'f < N'],
      ['a synchronous system (fail-stop), at least one\n *   correct process (f < N)', 'crash-stop', 'synchronous', 'f < N'],
      ['partial synchrony (fail-noisy), a majority of correct\n *   processes', 'crash-stop', 'eventually-synchronous', 'f < N/2'],
      ['fail-recovery, partial synchrony; f < N/2', 'crash-recovery', 'eventually-synchronous', 'f < N/2'],
      ['fail-arbitrary, asynchronous; f < N/3', 'byzantine', 'asynchronous', 'f < N/3'],
      ['any failures of processes, no bounds (fail-silent); any number of crashes', 'any', 'asynchronous', 'f < N'],
    ] as const)
      expect(assuming(words, processes, timing, resilience)).toBe('')
  })

  it.each([
    ['fail-silent; any number of crashes', 'crash-stop', 'synchronous', 'f < N', ['does not say fail-stop', 'says fail-silent']],
    ['an asynchronous system (fail-stop); f < N', 'crash-stop', 'synchronous', 'f < N', ['says asynchronous']],
    ['fail-silent; any number of crashes', 'crash-stop', 'asynchronous', 'f < N/2', ['does not say f < N/2', 'says f < N;']],
    ['fail-silent, a majority of correct processes', 'crash-stop', 'asynchronous', 'f < N/3', ['does not say f < N/3', 'says f < N/2']],
    ['fail-silent', 'crash-stop', 'asynchronous', 'f < N', ['does not say f < N']],
    ['fail-arbitrary; f < N/3', 'byzantine', 'asynchronous', 'f < N/3', ['does not say asynchronous']],
    ['fail-silent; any number of crashes', 'any', 'asynchronous', 'f < N', ["does not say 'any failures of processes'"]],
    ['any failures of processes (fail-silent); f < N', 'crash-stop', 'asynchronous', 'f < N', ["says 'any failures of processes'"]],
  ])('do not say %s of what assumes %s, %s, %s', (words, processes, timing, resilience, messages) => {
    for (const message of messages) expect(assuming(words, processes, timing, resilience)).toContain(message)
  })

  it('cannot be compared with assumptions that are not written out', () => {
    expect(header('- Assumes: fail-silent; any number of crashes', '', 'ASSUMES')).toContain('write out')
    expect(header('- Uses: nothing', '', failSilent)).toContain('has 0 Assumes for 1 algorithms')
  })
})

it('the numbers in CONTRIBUTING are those of the law', () => {
  const text = readFileSync(new URL('../CONTRIBUTING.md', import.meta.url), 'utf8')
  const { fileLines, functionLines, handlerLines, algorithmLines } = limits
  expect(text).toContain(`Files of at most ${fileLines} lines, functions of at most ${functionLines}, handlers of at most ${handlerLines}`)
  expect(text.replaceAll('\n', ' ').replaceAll(/ +/g, ' ')).toContain(`At most ${algorithmLines} lines`)
})

describe('circles of imports', () => {
  const circles = (files: Record<string, string>) => foundBy(checkCircles, { ...broadcast, ...files })
  const at = (name: string) => `packages/broadcast/src/${name}.ts`

  it('are found, whichever way they are closed: by types, through an index, over several files', () => {
    expect(circles({ [at('a')]: "import type { B } from './b'", [at('b')]: "import { a } from './a'" })).toEqual([
      `${at('b')}: files import each other: ${at('a')} -> ${at('b')} -> ${at('a')}; move what both need into a third`,
    ])
    expect(circles({ [at('a')]: "export * from './b'", [at('b/index')]: "import './c'", [at('b/c')]: "import '../a'" })).toHaveLength(1)
    expect(circles({ [at('a')]: "import './a'" })).toHaveLength(1)
  })

  it('are not files that two others import', () => {
    expect(circles({ [at('a')]: "import './b'\nimport './c'", [at('b')]: "import './c'", [at('c')]: '' })).toEqual([])
  })
})
