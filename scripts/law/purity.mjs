import { isBuiltin } from 'node:module'
import ts from 'typescript'
import { bannedGlobals, ports, promiseFaces, pureFolders, purePackages, replacements } from './rules.mjs'
import { error, importsOf, walk } from './sources.mjs'

/** @typedef {import('./sources.mjs').House} House @typedef {import('./sources.mjs').Source} Source @typedef {import('./sources.mjs').Finding} Finding */

/** @param {Source} source */
export const isPure = ({ path, package: name, isTest, isBench, isScript }) =>
  (purePackages.includes(name) || pureFolders.some((folder) => path.startsWith(folder))) && !isTest && !isBench && !isScript

/** `Math.random` in any spelling: `Math` is fine only for one of its other members, by name. @param {ts.Identifier} math */
const isRandom = ({ parent }) => !(ts.isPropertyAccessExpression(parent) && parent.name.text !== 'random')

/** @param {ts.Node} node */
const isAsync = (node) =>
  ts.isAwaitExpression(node) ||
  (ts.isForOfStatement(node) && node.awaitModifier !== undefined) ||
  (ts.canHaveModifiers(node) && (ts.getModifiers(node) ?? []).some(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword))

/** @param {Source} source @param {House['isGlobal']} isGlobal @returns {Finding[]} */
const checkSource = (source, isGlobal) => {
  /** @type {Finding[]} */
  const findings = []
  const ban = (/** @type {ts.Node} */ node, /** @type {string} */ what, /** @type {string} */ use) =>
    findings.push(error(source, node, `${what} is banned here, use ${use}`))
  const isFace = promiseFaces.some((folder) => source.path.startsWith(folder))
  const allowed = [...(ports[source.path] ?? []), ...(isFace ? ['Promise'] : [])]
  for (const { specifier, node } of importsOf(source)) if (isBuiltin(specifier)) ban(node, `the module ${specifier}`, replacements.anywhere)
  walk(source.tree, (node) => {
    if (isAsync(node) && !allowed.includes('Promise')) ban(node, 'async', replacements.event)
    if (!ts.isIdentifier(node)) return
    const use = Object.hasOwn(bannedGlobals, node.text) ? bannedGlobals[node.text] : undefined
    if (use !== undefined && !allowed.includes(node.text) && isGlobal(node)) ban(node, node.text, use)
    if (node.text === 'Math' && isGlobal(node) && isRandom(node)) ban(node, 'Math.random', replacements.random)
  })
  return findings
}

/** Code that runs anywhere touches nothing outside: that comes in through ports. @param {House} house @returns {Finding[]} */
export const checkPurity = ({ sources, isGlobal }) => sources.filter(isPure).flatMap((source) => checkSource(source, isGlobal))
