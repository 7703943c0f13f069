import ts from 'typescript'
import { algorithmPackages } from './rules.mjs'
import { error, walk } from './sources.mjs'
import { isAlgorithm } from './style.mjs'

/** @typedef {import('./sources.mjs').House} House @typedef {import('./sources.mjs').Source} Source @typedef {import('./sources.mjs').Finding} Finding */

/** Methods that change what they are called on. */
const CHANGING = new Set([
  'add',
  'set',
  'delete',
  'clear',
  'push',
  'pop',
  'shift',
  'unshift',
  'splice',
  'sort',
  'reverse',
  'fill',
  'copyWithin',
])

/** The function around a node; the file, if there is none. @param {ts.Node} node @returns {ts.Node} */
const functionAround = (node) => {
  let at = node.parent
  while (at !== undefined && !ts.isFunctionLike(at) && !ts.isSourceFile(at)) at = at.parent
  return at
}

/** What `a.b[c].d` begins with. @param {ts.Node} node @returns {ts.Node} */
const rootOf = (node) =>
  ts.isPropertyAccessExpression(node) ||
  ts.isElementAccessExpression(node) ||
  ts.isNonNullExpression(node) ||
  ts.isAsExpression(node) ||
  ts.isParenthesizedExpression(node)
    ? rootOf(node.expression)
    : node

/** What a node changes: the variable that it assigns, or of which it changes a part. @param {ts.Node} node @returns {ts.Identifier | undefined} */
const changedBy = (node) => {
  /** @type {ts.Node | undefined} */
  let target
  if (
    ts.isBinaryExpression(node) &&
    node.operatorToken.kind >= ts.SyntaxKind.FirstAssignment &&
    node.operatorToken.kind <= ts.SyntaxKind.LastAssignment
  )
    target = node.left
  else if (
    (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) &&
    [ts.SyntaxKind.PlusPlusToken, ts.SyntaxKind.MinusMinusToken].includes(node.operator)
  )
    target = node.operand
  else if (ts.isDeleteExpression(node)) target = node.expression
  else if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression) && CHANGING.has(node.expression.name.text))
    target = node.expression.expression
  const root = target && rootOf(target)
  return root !== undefined && ts.isIdentifier(root) ? root : undefined
}

/** The declarations of the variables of a file that hold something of their own, by name: not what comes from the state. @param {Source} source */
const variablesOf = (source) => {
  /** @type {Map<string, ts.VariableDeclaration[]>} */
  const found = new Map()
  walk(source.tree, (node) => {
    if (!ts.isVariableDeclaration(node) || !ts.isIdentifier(node.name)) return
    const root = node.initializer && rootOf(node.initializer)
    if (root !== undefined && ts.isIdentifier(root) && root.text === 'state') return
    found.set(node.name.text, [...(found.get(node.name.text) ?? []), node])
  })
  return found
}

/** @param {ts.Node} outer @param {ts.Node} inner */
const contains = (outer, inner) => {
  for (let at = inner; at !== undefined; at = at.parent) if (at === outer) return true
  return false
}

/** @param {Source} source @returns {Finding[]} */
const checkSource = (source) => {
  const variables = variablesOf(source)
  /** @type {Map<ts.Node, Finding>} */
  const findings = new Map()
  walk(source.tree, (node) => {
    const changed = changedBy(node)
    if (changed === undefined) return
    const within = functionAround(changed)
    const inScope = (variables.get(changed.text) ?? []).filter((variable) => contains(functionAround(variable), changed))
    const variable = inScope.at(-1)
    if (variable === undefined || functionAround(variable) === within) return
    const isCallback =
      within.parent !== undefined &&
      ts.isCallExpression(within.parent) &&
      functionAround(within) === functionAround(variable) &&
      !isLasting(within.parent)
    if (isCallback && !ts.isSourceFile(functionAround(variable)) && !isBehaviour(functionAround(variable))) return
    findings.set(
      variable,
      error(
        source,
        variable,
        `${changed.text} changes outside of the state, use \`state\`: what an algorithm remembers is shown, compared and explored`,
      ),
    )
  })
  return [...findings.values()]
}

/** @param {ts.Node} node */
const isBehaviour = (node) =>
  node.parent !== undefined &&
  ts.isCallExpression(node.parent) &&
  ts.isIdentifier(node.parent.expression) &&
  node.parent.expression.text === 'algorithm'

/** Whether a call keeps the function that it is given: `upon`, `when`, `welcome`. @param {ts.CallExpression} call */
const isLasting = ({ expression }) => ts.isIdentifier(expression) && ['upon', 'when', 'welcome'].includes(expression.text)

/** Algorithms remember nothing but in their state. @param {House} house @returns {Finding[]} */
export const checkState = ({ sources }) =>
  sources.filter((source) => algorithmPackages.includes(source.package) && isAlgorithm(source)).flatMap(checkSource)
