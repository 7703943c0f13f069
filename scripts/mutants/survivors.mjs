import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { readJson, root } from '../lib/workspace.mjs'

/** A line as it is, and as it is wrong without harm. @typedef {{ was: string, is: string, why: string }} Survivor */

/** The survivors of each file that was tried whole. @type {Readonly<Record<string, readonly Survivor[]>>} */
export const knownSurvivors = readJson(join(root, 'scripts/mutants/survivors.json'))

/** Files of which every survivor is known. */
export const knownFiles = () => Object.keys(knownSurvivors)

/** @param {{ file: string, was: string, is: string }} tried */
export const isKnown = ({ file, was, is }) => (knownSurvivors[file] ?? []).some((survivor) => survivor.was === was && survivor.is === is)

/** In an order drawn from the commit that is checked out. @template T @param {readonly T[]} items @returns {T[]} */
export function shuffled(items) {
  const commit = execFileSync('git', ['rev-parse', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim()
  let state = Number.parseInt(commit.slice(0, 8), 16)
  const left = [...items]
  return items.map(() => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return /** @type {T} */ (left.splice(Math.floor((state / 2 ** 32) * left.length), 1)[0])
  })
}
