import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { packages, root } from '../lib/workspace.mjs'

/** A source, and the algorithms whose suites show what is wrong with it; none if it is tried with tests. @typedef {{ path: string, source: string, algorithms: string[] }} File */

const LAYERS = ['links', 'fd', 'broadcast', 'register', 'consensus', 'agreement']

/** The algorithms that a source declares, as its `name:` says. @param {string} source */
const namesIn = (source) => [...source.matchAll(/^ {4}name: '([\w-]+)'/gm)].map(([, name]) => `${name}`)

/** @param {readonly string[]} packages */
const sourcesOf = (packages) =>
  packages.flatMap((name) =>
    readdirSync(join(root, 'packages', name, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.ts$/.test(path) && !/\.(test|test-d|d)\.ts$|(^|\/)index\.ts$|(^|\/)gen\//.test(path))
      .map((path) => join(root, 'packages', name, 'src', path))
      .map((path) => ({ path, source: readFileSync(path, 'utf8') })),
  )

/** Files with algorithms, and those that hold a part of some. @returns {File[]} */
function algorithmFiles() {
  const sources = sourcesOf(LAYERS)
  return sources
    .map(({ path, source }) => {
      const isPart = (/** @type {{ path: string, source: string }} */ other) =>
        other.source.includes(`/${basename(path, '.ts')}'`) && dirname(dirname(other.path)) === dirname(path)
      const names = namesIn(source)
      return { path, source, algorithms: names.length > 0 ? names : sources.filter(isPart).flatMap((user) => namesIn(user.source)) }
    })
    .filter(({ algorithms }) => algorithms.length > 0)
}

/** The files that are meant: by a part of their path, or an algorithm's name; without words, those of all algorithms. @param {readonly string[]} words @returns {File[]} */
export function filesOf(words) {
  const algorithms = algorithmFiles()
  if (words.length === 0) return algorithms
  const known = new Set(algorithms.map(({ path }) => path))
  const others = sourcesOf(packages().map(({ name }) => name))
    .filter(({ path }) => !known.has(path))
    .map((file) => ({ ...file, algorithms: /** @type {string[]} */ ([]) }))
  return [...algorithms, ...others].filter(({ path, source }) =>
    words.some((word) => path.includes(word) || namesIn(source).includes(word)),
  )
}
