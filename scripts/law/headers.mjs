import ts from 'typescript'
import { error, walk } from './sources.mjs'
import { headerOf, isAlgorithm } from './style.mjs'

/** @typedef {import('./sources.mjs').House} House @typedef {import('./sources.mjs').Source} Source @typedef {import('./sources.mjs').Finding} Finding */

/** What a file's algorithms use, by name, and whether it is shared. @param {Source} source */
const usesOf = (source) => {
  /** @type {Map<string, boolean>} */
  const uses = new Map()
  walk(source.tree, (node) => {
    if (!ts.isPropertyAssignment(node) || node.name.getText() !== 'uses' || !ts.isObjectLiteralExpression(node.initializer)) return
    if (
      !ts.isObjectLiteralExpression(node.parent) ||
      !ts.isCallExpression(node.parent.parent) ||
      node.parent.parent.expression.getText() !== 'algorithm'
    )
      return
    for (const use of node.initializer.properties)
      if (ts.isPropertyAssignment(use)) uses.set(use.name.getText(), /^shared\(/.test(use.initializer.getText()))
  })
  return uses
}

/** What a header says that its algorithm uses: `PerfectFailureDetector (pfd, shared)`. @param {string} header */
const saidIn = (header) => {
  const [, line = ''] = /Uses:\s*([\s\S]*?)(?=\n\s*\*?\s*- [A-Z]|\*\/|$)/.exec(header) ?? []
  return new Map([...line.matchAll(/[A-Z]\w* \((\w+)((?:, [^)]*)?)\)/g)].map(([, name = '', more = '']) => [name, more.includes('shared')]))
}

/** A header says what the code uses, and the other way round. @param {House} house @returns {Finding[]} */
export const checkHeaders = ({ sources }) =>
  sources.filter(isAlgorithm).flatMap((source) => {
    const uses = usesOf(source)
    const said = saidIn(headerOf(source))
    if (uses.size === 0 && said.size === 0) return []
    const text = (/** @type {string} */ name, /** @type {boolean} */ isShared) => `(${name}${isShared ? ', shared' : ''})`
    const missing = [...uses]
      .filter(([name, isShared]) => said.get(name) !== isShared)
      .map(([name, isShared]) => `does not say that it uses ${text(name, isShared)}`)
    const tooMuch = [...said]
      .filter(([name, isShared]) => uses.get(name) !== isShared)
      .map(([name, isShared]) => `says that it uses ${text(name, isShared)}, but it does not`)
    return [...missing, ...tooMuch].map((what) => error(source, undefined, `the header ${what}`))
  })
