import { relative } from 'node:path'
import { root } from '../lib/workspace.mjs'
import { filesOf } from './files.mjs'
import { mutated, mutationsOf } from './mutations.mjs'
import { drawn, isKnown, knownFiles } from './survivors.mjs'
import { testsOf, tryUnderTests } from './tests.mjs'
import { tryWith } from './try.mjs'

/** @typedef {import('./files.mjs').File} File */
/** @typedef {{ file: string, line: number, was: string, is: string, kind: string, outcome: import('./try.mjs').Outcome }} Tried */
/** @typedef {import('./mutations.mjs').Mutation} Mutation */

/** Does what the command line asks for, and gives the exit code. @param {import('./options.mjs').Options} options */
export async function runMutants({ words, json, line, sample, endsAtMs, ...budget }) {
  const chosen = filesOf(words).filter(({ path }) => sample === undefined || knownFiles().includes(relative(root, path)))
  if (chosen.length === 0) {
    console.error(`nothing is called ${words.join(' ')}; expected a part of a file's path, or the name of an algorithm`)
    return 2
  }
  const say = (/** @type {string} */ text) => json || console.log(text)
  const lineOf = (/** @type {File} */ { source }, /** @type {Mutation} */ { start }) => source.slice(0, start).split('\n').length
  const all = chosen
    .flatMap((file) => mutationsOf(file.source).map((mutation) => ({ file, mutation })))
    .filter(({ file, mutation }) => line === undefined || line === lineOf(file, mutation))
  const wanted = sample === undefined ? all : drawn(all, sample)
  /** @type {Tried[]} */
  const tried = []
  for (const file of chosen) {
    const mutations = wanted.filter((one) => one.file === file).map(({ mutation }) => mutation)
    if (mutations.length === 0 || Date.now() > endsAtMs) continue
    const attempt = await attemptOf(file, budget, say)
    for (const mutation of mutations) {
      if (Date.now() > endsAtMs) break
      tried.push(await tryOne(file, mutation, attempt, say))
    }
  }
  const left = wanted.length - tried.length
  if (left > 0) say(`${left} of ${wanted.length} mutants were not tried in that time`)
  if (json) console.log(JSON.stringify(tried, undefined, 2))
  else summarise(tried)
  return tried.some((one) => one.outcome.caught === undefined && !isKnown(one)) ? 1 : 0
}

/**
 * How a file's mutants are tried. Throws if it is caught as it is.
 * @param {File} file @param {import('./try.mjs').Budget} budget @param {(text: string) => void} say
 * @returns {Promise<(wrong: string) => Promise<import('./try.mjs').Outcome>>}
 */
async function attemptOf({ path, source, algorithms }, budget, say) {
  const name = relative(root, path)
  if (algorithms.length === 0) {
    const tests = await testsOf(path)
    say(`${name}: tried with ${tests.files.map((test) => relative(root, test)).join(', ')}`)
    return (wrong) => tryUnderTests(path, wrong, tests)
  }
  const untouched = await tryWith(path, source, algorithms, { runs: 50, limitMs: budget.limitMs }, 600_000)
  if (untouched.caught !== undefined) throw new Error(`${name}: violated as it is: ${untouched.caught.by}: ${untouched.caught.why}`)
  const limitMs = 60_000 + 4 * untouched.entries.length * budget.limitMs
  say(`${name}: tried as ${untouched.entries.join(', ')}`)
  /** @type {Promise<import('./tests.mjs').Tests> | undefined} */
  let tests
  return async (wrong) => {
    const outcome = await tryWith(path, wrong, algorithms, budget, limitMs)
    if (outcome.caught !== undefined) return outcome
    tests ??= testsOf(path).catch(() => ({ files: [], limitS: 0 })) // most algorithms have none of their own
    const own = await tests
    return own.files.length === 0 ? outcome : { ...(await tryUnderTests(path, wrong, own)), schedules: outcome.schedules }
  }
}

/**
 * @param {File} file @param {Mutation} mutation @param {(wrong: string) => Promise<import('./try.mjs').Outcome>} attempt
 * @param {(text: string) => void} say
 * @returns {Promise<Tried>}
 */
async function tryOne({ path, source }, mutation, attempt, say) {
  const { start, kind } = mutation
  const line = source.slice(0, start).split('\n').length
  const wrong = mutated(source, mutation)
  const lineIn = (/** @type {string} */ text) => text.split('\n')[line - 1]?.trim() ?? ''
  const outcome = await attempt(wrong)
  const { caught, schedules } = outcome
  const how = caught === undefined ? `SURVIVED ${schedules} schedules` : `${caught.by}, ${caught.schedules} schedules, ${caught.entry}`
  say(`  ${line}: ${kind}: ${lineIn(wrong)}   ${how}`)
  return { file: relative(root, path), line, was: lineIn(source), is: lineIn(wrong), kind, outcome }
}

/** @param {readonly Tried[]} tried */
function summarise(tried) {
  const survivors = tried.filter(({ outcome }) => outcome.caught === undefined)
  const unknown = survivors.filter((one) => !isKnown(one))
  console.log(`\n${tried.length} mutants, ${tried.length - survivors.length} caught:`)
  const counts = new Map()
  for (const { outcome } of tried) if (outcome.caught) counts.set(outcome.caught.by, (counts.get(outcome.caught.by) ?? 0) + 1)
  for (const [by, count] of [...counts].sort((a, b) => b[1] - a[1])) console.log(`  ${String(count).padStart(5)} ${by}`)
  console.log(`${survivors.length} survived, ${survivors.length - unknown.length} of these known to be harmless`)
  for (const { file, line, kind, was, is } of unknown) console.log(`\n${file}:${line} ${kind}\n  - ${was}\n  + ${is}`)
}
