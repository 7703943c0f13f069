import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { root } from '../lib/workspace.mjs'
import { mutated, mutationsOf } from './mutations.mjs'
import { tryWith } from './try.mjs'

/** @typedef {{ path: string, source: string, algorithms: string[] }} File */
/** @typedef {{ file: string, line: number, was: string, is: string, kind: string, outcome: import('./try.mjs').Outcome }} Tried */

const LAYERS = ['links', 'fd', 'broadcast', 'register', 'consensus']

/** The algorithms that a source declares, as its `name:` says. @param {string} source */
const namesIn = (source) => [...source.matchAll(/^ {4}name: '([\w-]+)'/gm)].map(([, name]) => `${name}`)

/** Files with algorithms, and those that hold a part of some. @returns {File[]} */
function algorithmFiles() {
  const sources = LAYERS.flatMap((layer) =>
    readdirSync(join(root, 'packages', layer, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts') && !path.endsWith('index.ts'))
      .map((path) => join(root, 'packages', layer, 'src', path))
      .map((path) => ({ path, source: readFileSync(path, 'utf8') })),
  )
  return sources
    .map(({ path, source }) => {
      const isPart = (/** @type {{ path: string, source: string }} */ other) =>
        other.source.includes(`/${basename(path, '.ts')}'`) && dirname(dirname(other.path)) === dirname(path)
      const names = namesIn(source)
      return { path, source, algorithms: names.length > 0 ? names : sources.filter(isPart).flatMap((user) => namesIn(user.source)) }
    })
    .filter(({ algorithms }) => algorithms.length > 0)
}

/** Does what the command line asks for, and gives the exit code. @param {import('./options.mjs').Options} options */
export async function runMutants({ words, json, line, ...budget }) {
  const files = algorithmFiles()
  const isMeant = (/** @type {File} */ { path, source }) =>
    words.length === 0 || words.some((word) => path.includes(word) || namesIn(source).includes(word))
  const chosen = files.filter(isMeant)
  if (chosen.length === 0) {
    const known = [...new Set(files.flatMap((file) => file.algorithms))].join(', ')
    console.error(`there is no algorithm ${words.join(' ')}; expected a part of a file's path, or one of ${known}`)
    return 2
  }
  const say = (/** @type {string} */ text) => json || console.log(text)
  const tried = []
  for (const file of chosen) tried.push(...(await tryAll(file, line, budget, say)))
  if (json) console.log(JSON.stringify(tried, undefined, 2))
  else summarise(tried)
  return 0
}

/**
 * Every mutant of a file, or of one line of it.
 * @param {File} file @param {number | undefined} only @param {import('./try.mjs').Budget} budget @param {(text: string) => void} say
 */
async function tryAll({ path, source, algorithms }, only, budget, say) {
  const file = relative(root, path)
  const untouched = await tryWith(path, source, algorithms, { runs: 50, limitMs: budget.limitMs }, 600_000)
  if (untouched.caught !== undefined) throw new Error(`${file}: violated as it is: ${untouched.caught.by}: ${untouched.caught.why}`)
  const limitMs = 60_000 + 4 * untouched.entries.length * budget.limitMs
  const mutations = mutationsOf(source)
  say(`${file}: ${mutations.length} mutants, tried as ${untouched.entries.join(', ')}`)
  /** @type {Tried[]} */
  const tried = []
  for (const mutation of mutations) {
    const { start, kind } = mutation
    const line = source.slice(0, start).split('\n').length
    if (only !== undefined && only !== line) continue
    const wrong = mutated(source, mutation)
    const was = source.split('\n')[line - 1]?.trim() ?? ''
    const is = wrong.split('\n')[line - 1]?.trim() ?? ''
    const outcome = await tryWith(path, wrong, algorithms, budget, limitMs)
    tried.push({ file, line, was, is, kind, outcome })
    const { caught, schedules } = outcome
    const how = caught === undefined ? `SURVIVED ${schedules} schedules` : `${caught.by}, ${caught.schedules} schedules, ${caught.entry}`
    say(`  ${line}: ${kind}: ${is}   ${how}`)
  }
  return tried
}

/** @param {readonly Tried[]} tried */
function summarise(tried) {
  const survivors = tried.filter(({ outcome }) => outcome.caught === undefined)
  console.log(`\n${tried.length} mutants, ${tried.length - survivors.length} caught:`)
  const counts = new Map()
  for (const { outcome } of tried) if (outcome.caught) counts.set(outcome.caught.by, (counts.get(outcome.caught.by) ?? 0) + 1)
  for (const [by, count] of [...counts].sort((a, b) => b[1] - a[1])) console.log(`  ${String(count).padStart(5)} ${by}`)
  console.log(`${survivors.length} survived:`)
  for (const { file, line, kind, was, is } of survivors) console.log(`\n${file}:${line} ${kind}\n  - ${was}\n  + ${is}`)
}
