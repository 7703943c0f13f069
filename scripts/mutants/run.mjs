import { relative } from 'node:path'
import { root } from '../lib/workspace.mjs'
import { filesOf } from './files.mjs'
import { mutated, mutationsOf } from './mutations.mjs'
import { placesOf } from './places.mjs'
import { isKnown, knownFiles, shuffled } from './survivors.mjs'
import { Tests } from './tests.mjs'
import { tryWith } from './try.mjs'

/** @typedef {import('./files.mjs').File} File */
/** @typedef {{ file: string, line: number, was: string, is: string, kind: string, outcome: import('./try.mjs').Outcome }} Tried */
/** @typedef {import('./mutations.mjs').Mutation} Mutation */

const SAMPLE_OF_FILE = 8

/** Of a sample: whether tests catch a mistake may hang on the machine; that they miss it each time does not. */
const TRIES_OF_SAMPLE = 3

const lineOf = (/** @type {string} */ source, /** @type {Mutation} */ { start }) => source.slice(0, start).split('\n').length

/** Does what the command line asks for, and gives the exit code. @param {import('./options.mjs').Options} options */
export async function runMutants({ words, json, line, sample, limitMinutes, ...budget }) {
  const endsAtMs = Date.now() + 60_000 * limitMinutes
  const chosen = filesOf(words).filter(({ path }) => sample === undefined || knownFiles().includes(relative(root, path)))
  if (chosen.length === 0) {
    console.error(`nothing is called ${words.join(' ')}; expected a part of a file's path, or the name of an algorithm`)
    return 2
  }
  const say = (/** @type {string} */ text) => json || console.log(text)
  const wanted = sample === undefined ? allOf(chosen, line) : sampleOf(chosen, sample)
  /** @type {Tried[]} */
  const tried = []
  for (const file of new Set(wanted.map((one) => one.file))) {
    const mutations = wanted.filter((one) => one.file === file).map(({ mutation }) => mutation)
    if (Date.now() > endsAtMs) break
    const trier = await trierOf(file, budget, endsAtMs, say)
    if (trier === undefined) break
    for (const mutation of mutations) {
      if (Date.now() > endsAtMs) break
      tried.push(await tryOne(file, mutation, trier, sample === undefined ? 1 : TRIES_OF_SAMPLE, say))
    }
    trier.close()
  }
  const left = wanted.length - tried.length
  if (left > 0) say(`${left} of ${wanted.length} mutants were not tried in that time`)
  if (json) console.log(JSON.stringify(tried, undefined, 2))
  else summarise(tried)
  return tried.some((one) => one.outcome.caught === undefined && !isKnown(one)) ? 1 : 0
}

/** @typedef {{ file: File, mutation: Mutation }} Mutant */

/** @param {File[]} files @param {number | undefined} line @returns {Mutant[]} */
const allOf = (files, line) =>
  files
    .flatMap((file) => mutationsOf(file.source).map((mutation) => ({ file, mutation })))
    .filter(({ file, mutation }) => line === undefined || line === lineOf(file.source, mutation))

/** A few mutants of each of a few files: a file's tests have to run once before its first. @param {File[]} files @param {number} count @returns {Mutant[]} */
const sampleOf = (files, count) =>
  shuffled(files)
    .flatMap((file) =>
      shuffled(mutationsOf(file.source))
        .slice(0, SAMPLE_OF_FILE)
        .map((mutation) => ({ file, mutation })),
    )
    .slice(0, count)

/** How a file's mutants are tried. @typedef {{ try: (wrong: string, place: number | undefined) => Promise<import('./try.mjs').Outcome>, close: () => void }} Trier */

/**
 * Throws if the file is caught as it is.
 * @param {File} file @param {import('./try.mjs').Budget} budget @param {number} endsAtMs @param {(text: string) => void} say
 * @returns {Promise<Trier | undefined>} nothing if there was no time to find out
 */
async function trierOf({ path, source, algorithms }, budget, endsAtMs, say) {
  const name = relative(root, path)
  try {
    if (algorithms.length > 0) return await schedulesAndTests({ path, source, algorithms }, budget, endsAtMs, say)
    const tests = await Tests.of(path, source, endsAtMs)
    say(`${name}: tried with ${tests?.files.map((test) => relative(root, test)).join(', ') ?? 'no test in that time'}`)
    return tests
  } catch (error) {
    throw new Error(`${name}: ${/** @type {Error} */ (error).message}`)
  }
}

/** @param {File} file @param {import('./try.mjs').Budget} budget @param {number} endsAtMs @param {(text: string) => void} say @returns {Promise<Trier>} */
async function schedulesAndTests({ path, source, algorithms }, budget, endsAtMs, say) {
  const untouched = await tryWith(path, source, algorithms, { runs: 50, limitMs: budget.limitMs }, 600_000)
  if (untouched.caught !== undefined) throw new Error(`violated as it is: ${untouched.caught.by}: ${untouched.caught.why}`)
  const limitMs = 60_000 + 4 * untouched.entries.length * budget.limitMs
  say(`${relative(root, path)}: tried as ${untouched.entries.join(', ')}`)
  const tests = await Tests.of(path, source, endsAtMs).catch(() => undefined) // most algorithms have none of their own
  return {
    async try(wrong, place) {
      const outcome = await tryWith(path, wrong, algorithms, budget, limitMs)
      if (outcome.caught !== undefined || tests === undefined) return outcome
      return { ...(await tests.try(wrong, place)), schedules: outcome.schedules }
    },
    close: () => tests?.close(),
  }
}

/**
 * @param {File} file @param {Mutation} mutation @param {Trier} trier @param {number} tries of which none may catch it
 * @param {(text: string) => void} say
 * @returns {Promise<Tried>}
 */
async function tryOne({ path, source }, mutation, trier, tries, say) {
  const { kind } = mutation
  const line = lineOf(source, mutation)
  const wrong = mutated(source, mutation)
  const lineIn = (/** @type {string} */ text) => text.split('\n')[line - 1]?.trim() ?? ''
  const place = placesOf(source)(mutation)
  let outcome = await trier.try(wrong, place)
  for (let n = 1; n < tries && outcome.caught === undefined; n++) outcome = await trier.try(wrong, place)
  const { caught, schedules } = outcome
  const after = schedules > 0 ? `, ${schedules} schedules` : ''
  const how = caught === undefined ? `SURVIVED${after}` : `${caught.by}${after}: ${caught.entry}`
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
