// npm run mutants -- [file or algorithm ...]: makes every small mistake in the algorithms, one at a time, and says which nothing catches.
import './lib/node-version.mjs'
import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import { root } from './lib/workspace.mjs'
import { mutated, mutationsOf } from './mutants/mutations.mjs'
import { tryWith } from './mutants/try.mjs'

const LAYERS = ['links', 'fd', 'broadcast', 'register', 'consensus']

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: 'string', default: '3000' },
    seconds: { type: 'string', default: '10' },
    line: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
})
const budget = { runs: Number(values.runs), limitMs: 1000 * Number(values.seconds) }

/** The algorithms that a source declares, as its `name:` says. @param {string} source */
const namesIn = (source) => [...source.matchAll(/^ {4}name: '([\w-]+)'/gm)].map(([, name]) => `${name}`)

const sources = LAYERS.flatMap((layer) =>
  readdirSync(join(root, 'packages', layer, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts') && !path.endsWith('index.ts'))
    .map((path) => join(root, 'packages', layer, 'src', path))
    .map((path) => ({ path, source: readFileSync(path, 'utf8') })),
)

/** Files with algorithms, and those that hold a part of some. */
const files = sources
  .map(({ path, source }) => {
    const users = sources.filter(
      (other) => other.source.includes(`/${basename(path, '.ts')}'`) && dirname(dirname(other.path)) === dirname(path),
    )
    const names = namesIn(source)
    return { path, source, algorithms: names.length > 0 ? names : users.flatMap((user) => namesIn(user.source)) }
  })
  .filter(({ algorithms }) => algorithms.length > 0)

const isMeant = (/** @type {{ path: string, source: string }} */ { path, source }) =>
  positionals.length === 0 || positionals.some((word) => path.includes(word) || namesIn(source).includes(word))

const chosen = files.filter(isMeant)
if (chosen.length === 0) {
  console.error(
    `there is no algorithm ${positionals.join(' ')}; expected a part of a file's path, or one of ${files.flatMap((file) => file.algorithms).join(', ')}`,
  )
  process.exit(2)
}

const say = (/** @type {string} */ text) => values.json || console.log(text)

/** @type {{ file: string, line: number, was: string, is: string, kind: string, outcome: import('./mutants/try.mjs').Outcome }[]} */
const tried = []
for (const { path, source, algorithms } of chosen) {
  const file = relative(root, path)
  const untouched = await tryWith(path, source, algorithms, { runs: 50, limitMs: budget.limitMs }, 600_000)
  if (untouched.caught !== undefined) throw new Error(`${file}: violated as it is: ${untouched.caught.by}: ${untouched.caught.why}`)
  const limitMs = 60_000 + 4 * untouched.entries.length * budget.limitMs
  const mutations = mutationsOf(source)
  say(`${file}: ${mutations.length} mutants, tried as ${untouched.entries.join(', ')}`)
  for (const mutation of mutations) {
    const { start, kind } = mutation
    const line = source.slice(0, start).split('\n').length
    if (values.line !== undefined && Number(values.line) !== line) continue
    const wrong = mutated(source, mutation)
    const was = source.split('\n')[line - 1]?.trim() ?? ''
    const is = wrong.split('\n')[line - 1]?.trim() ?? ''
    const outcome = await tryWith(path, wrong, algorithms, budget, limitMs)
    tried.push({ file, line, was, is, kind, outcome })
    const { caught, schedules } = outcome
    const how = caught === undefined ? `SURVIVED ${schedules} schedules` : `${caught.by}, ${caught.schedules} schedules, ${caught.entry}`
    say(`  ${line}: ${kind}: ${is}   ${how}`)
  }
}

const survivors = tried.filter(({ outcome }) => outcome.caught === undefined)
if (values.json) console.log(JSON.stringify(tried, undefined, 2))
else {
  console.log(`\n${tried.length} mutants, ${tried.length - survivors.length} caught:`)
  const counts = new Map()
  for (const { outcome } of tried) if (outcome.caught) counts.set(outcome.caught.by, (counts.get(outcome.caught.by) ?? 0) + 1)
  for (const [by, count] of [...counts].sort((a, b) => b[1] - a[1])) console.log(`  ${String(count).padStart(5)} ${by}`)
  console.log(`${survivors.length} survived:`)
  for (const { file, line, kind, was, is } of survivors) console.log(`\n${file}:${line} ${kind}\n  - ${was}\n  + ${is}`)
}
