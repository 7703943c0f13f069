import ts from 'typescript'
import { algorithmPackages, emptyWords, headerWords, limits } from './rules.mjs'
import { error, linesOf, walk } from './sources.mjs'

/** @typedef {import('./sources.mjs').House} House @typedef {import('./sources.mjs').Source} Source @typedef {import('./sources.mjs').Finding} Finding */

/** @param {ts.Node} node @param {string[]} names */
const isCallOf = (node, ...names) => ts.isCallExpression(node) && ts.isIdentifier(node.expression) && names.includes(node.expression.text)

/** @param {Source} source */
const lengthOf = ({ text }) => text.split('\n').length - (text.endsWith('\n') ? 1 : 0)

/** @param {Source} source @returns {Finding[]} */
const checkLength = (source) => {
  const lines = lengthOf(source)
  if (lines > limits.fileLines)
    return [error(source, undefined, `${lines} lines are too many, use at most ${limits.fileLines} a file: split it by purpose`)]
  return []
}

/** @param {Source} source @returns {Finding[]} */
const checkFunctions = (source) => {
  /** @type {Finding[]} */
  const findings = []
  walk(source.tree, (node) => {
    if (!ts.isFunctionLike(node) || isCallOf(node.parent, 'algorithm')) return
    const isHandler = isAlgorithm(source) && isCallOf(node.parent, 'upon', 'when')
    const limit = isHandler ? limits.handlerLines : limits.functionLines
    const lines = linesOf(source, node)
    if (lines > limit)
      findings.push(error(source, node, `a ${isHandler ? 'handler' : 'function'} of ${lines} lines is too long, use at most ${limit}`))
  })
  return findings
}

/** @param {Source} source */
export const isAlgorithm = ({ path, package: name, isTest, tree }) => {
  if (!algorithmPackages.includes(name) || isTest || !path.startsWith(`packages/${name}/src/`)) return false
  let found = false
  walk(tree, (node) => {
    found ||= isCallOf(node, 'algorithm')
  })
  return found
}

/** The comments above the file's first statement and above each statement with `algorithm(`. @param {Source} source */
export const headerOf = ({ tree, text }) =>
  tree.statements
    .filter((statement, index) => index === 0 || /\balgorithm\(/.test(statement.getText(tree)))
    .flatMap((statement) => ts.getLeadingCommentRanges(text, statement.getFullStart()) ?? [])
    .map(({ pos, end }) => text.slice(pos, end))
    .join('\n')

/** @param {Source} source @returns {Finding[]} */
const checkAlgorithm = (source) => {
  /** @type {Finding[]} */
  const findings = []
  const lines = lengthOf(source)
  if (lines > limits.algorithmLines)
    findings.push(
      error(
        source,
        undefined,
        `${lines} lines are too many for an algorithm, use at most ${limits.algorithmLines}, header included: it is read beside one page`,
      ),
    )
  const header = headerOf(source)
  const missing = headerWords.filter((word) => !new RegExp(`\\b${word}\\b`).test(header))
  if (missing.length > 0)
    findings.push(
      error(source, undefined, `the header comment of an algorithm lacks ${missing.join(', ')}: it says ${headerWords.join(', ')}`),
    )
  return findings
}

const testFunctions = /^(it|test|describe|suite|bench|expectTypeOf)$/
const evasions = new Set(['only', 'skip', 'todo', 'skipIf', 'runIf', 'fails'])

/** @param {ts.Node} node the callee of `it(...)`, `it.concurrent(...)`, `it.each(...)(...)` @returns {boolean} */
const isTestFunction = (node) => {
  if (ts.isIdentifier(node)) return testFunctions.test(node.text)
  return (ts.isPropertyAccessExpression(node) || ts.isCallExpression(node)) && isTestFunction(node.expression)
}

/** @param {ts.Node} node an argument of a test function @returns {ts.Node | undefined} */
const evadingOption = (node) =>
  ts.isObjectLiteralExpression(node)
    ? node.properties.find((property) => property.name !== undefined && ts.isIdentifier(property.name) && evasions.has(property.name.text))
    : undefined

/** A test that does not run, or not always, shows nothing. @param {Source} source @returns {Finding[]} */
const checkThatTestsRun = (source) => {
  /** @type {Finding[]} */
  const findings = []
  walk(source.tree, (node) => {
    if (ts.isPropertyAccessExpression(node) && evasions.has(node.name.text) && isTestFunction(node.expression))
      findings.push(error(source, node, `${node.expression.getText()}.${node.name.text} is banned, use a test that runs`))
    if (ts.isCallExpression(node) && isTestFunction(node.expression)) {
      const option = node.arguments.map(evadingOption).find((found) => found !== undefined)
      if (option) findings.push(error(source, option, `${option.getText()} is banned, use a test that runs`))
    }
  })
  return findings
}

/** A test that sleeps is slow when it succeeds and fails when the machine is slow. @param {Source} source @param {House['isGlobal']} isGlobal @returns {Finding[]} */
const checkThatTestsWait = (source, isGlobal) => {
  if (!source.path.endsWith('.test.ts')) return []
  /** @type {Finding[]} */
  const findings = []
  walk(source.tree, (node) => {
    if (ts.isStringLiteral(node) && /^(node:)?timers(\/promises)?$/.test(node.text))
      findings.push(error(source, node, `${node.text} is banned in tests, use the event that the test waits for`))
    if (!ts.isIdentifier(node)) return
    const isTimer = node.text === 'setTimeout' || node.text === 'setInterval'
    if (
      node.text === 'sleep' ||
      (isTimer && isGlobal(node)) ||
      (isTimer && ts.isPropertyAccessExpression(node.parent) && node.parent.name === node)
    )
      findings.push(error(source, node, `${node.text} is banned in tests, use the event that the test waits for`))
  })
  return findings
}

/** @param {ts.Identifier} node */
const isDeclared = (node) => isNamed(node.parent) && node.parent.name === node

/** @param {ts.Node} node */
const isNamed = (node) =>
  ts.isVariableDeclaration(node) ||
  ts.isFunctionDeclaration(node) ||
  ts.isClassDeclaration(node) ||
  ts.isInterfaceDeclaration(node) ||
  ts.isTypeAliasDeclaration(node)

/** @param {Source} source @returns {Finding[]} */
const checkWords = (source) => {
  /** @type {Finding[]} */
  const findings = []
  const base = source.path.split('/').at(-1) ?? ''
  if (/(^|-)(impl|managers?|helpers?|utils?)\./.test(base))
    findings.push(error(source, undefined, `the file name ${base} says nothing, use what it is about`))
  if (!/^[_a-z0-9.-]+$/.test(base)) findings.push(error(source, undefined, `the file name ${base} is banned, use kebab-case`))
  walk(source.tree, (node) => {
    if (node.kind === ts.SyntaxKind.AnyKeyword)
      findings.push(error(source, node, 'any is banned, use unknown, a type parameter or the type itself'))
    if (!ts.isIdentifier(node) || !isDeclared(node)) return
    const word = emptyWords.find((end) => node.text.endsWith(end))
    if (word) findings.push(error(source, node, `${node.text} ends in ${word}, use a name of the field`))
  })
  const ignored = /@ts-(ignore|nocheck)/.exec(source.text)
  if (ignored && !source.path.startsWith('scripts/')) findings.push(error(source, undefined, `${ignored[0]} is banned, use types that fit`))
  return findings
}

/** The look of the code, as far as a machine can see it. @param {House} house @returns {Finding[]} */
export const checkStyle = ({ sources, isGlobal }) =>
  sources.flatMap((source) => [
    ...checkLength(source),
    ...checkWords(source),
    ...(source.isTest ? [...checkThatTestsRun(source), ...checkThatTestsWait(source, isGlobal)] : checkFunctions(source)),
    ...(isAlgorithm(source) ? checkAlgorithm(source) : []),
  ])
