import { posix } from 'node:path'
import { importsOf } from './sources.mjs'

/** @typedef {import('./sources.mjs').House} House @typedef {import('./sources.mjs').Finding} Finding */

/** The source that a relative import names. @param {ReadonlyMap<string, unknown>} files @param {string} from @param {string} specifier */
const targetOf = (files, from, specifier) => {
  const path = posix.join(posix.dirname(from), specifier)
  return [path, `${path}.ts`, `${path}.mts`, `${path}/index.ts`].find((file) => files.has(file))
}

/** What each file imports, types included. @param {House} house */
const importsByFile = ({ sources }) => {
  const files = new Map(sources.map((source) => [source.path, source]))
  return new Map(
    sources.map((source) => {
      const relative = importsOf(source).filter(({ specifier }) => specifier.startsWith('.'))
      return [source.path, relative.flatMap(({ specifier }) => targetOf(files, source.path, specifier) ?? [])]
    }),
  )
}

/**
 * Files that import each other cannot be read one after the other. One finding for each file that closes a circle.
 * @param {House} house @returns {Finding[]}
 */
export const checkCircles = (house) => {
  const imports = importsByFile(house)
  /** @type {Finding[]} */
  const findings = []
  const done = new Set()
  /** @type {string[]} */
  const path = []
  const visit = (/** @type {string} */ file) => {
    const start = path.indexOf(file)
    if (start !== -1) {
      const circle = [...path.slice(start), file].join(' -> ')
      findings.push({
        severity: 'error',
        where: path.at(-1) ?? file,
        message: `files import each other: ${circle}; move what both need into a third`,
      })
    }
    if (done.has(file)) return
    done.add(file)
    path.push(file)
    for (const next of imports.get(file) ?? []) visit(next)
    path.pop()
  }
  for (const file of imports.keys()) visit(file)
  return findings
}
