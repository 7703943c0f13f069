import ts from 'typescript'

/**
 * A place of a source, and what is there instead.
 * @typedef {{ start: number, end: number, text: string, kind: string }} Mutation
 */

const { SyntaxKind } = ts

/** What stands for an operator: each is wrong in another way. */
const OPERATORS = new Map([
  [SyntaxKind.GreaterThanToken, ['>=', '<=']],
  [SyntaxKind.GreaterThanEqualsToken, ['>', '<']],
  [SyntaxKind.LessThanToken, ['<=', '>=']],
  [SyntaxKind.LessThanEqualsToken, ['<', '>']],
  [SyntaxKind.EqualsEqualsEqualsToken, ['!==']],
  [SyntaxKind.ExclamationEqualsEqualsToken, ['===']],
  [SyntaxKind.PlusToken, ['-']],
  [SyntaxKind.MinusToken, ['+']],
  [SyntaxKind.PlusEqualsToken, ['-=', '=']],
  [SyntaxKind.MinusEqualsToken, ['+=', '=']],
])

/** Functions of the language that are confused with each other. */
const TWINS = new Map([
  ['every', 'some'],
  ['some', 'every'],
  ['min', 'max'],
  ['max', 'min'],
  ['find', 'findLast'],
  ['findLast', 'find'],
  ['floor', 'ceil'],
])

/** The names that the algorithms give to processes: one is easily taken for another. */
const PROCESSES = new Set(['self', 'p', '_p', 'q', 'r', 's', 'l', 'reader', 'writer'])

const SIDES = new Set([SyntaxKind.AmpersandAmpersandToken, SyntaxKind.BarBarToken, SyntaxKind.QuestionQuestionToken])

/**
 * What is wrong if a node is: nothing for most.
 * @param {ts.Node} node @param {ts.SourceFile} file
 * @returns {Iterable<Mutation>}
 */
function* mutationsAt(node, file) {
  const put = (/** @type {string} */ kind, /** @type {ts.Node} */ at, /** @type {string} */ text) => ({
    start: at.getStart(file),
    end: at.getEnd(),
    text,
    kind,
  })
  if (isDeletable(node)) yield put('deleted', node, '{}')
  const condition = conditionOf(node)
  if (condition !== undefined && !isComparison(condition)) yield put('negated', condition, `!(${condition.getText(file)})`)
  if (ts.isBinaryExpression(node)) {
    const { left, right, operatorToken } = node
    for (const operator of OPERATORS.get(operatorToken.kind) ?? []) yield put('operator', operatorToken, operator)
    if (SIDES.has(operatorToken.kind)) for (const side of [left, right]) yield put('one side', node, side.getText(file))
  }
  if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) {
    if (node.operator === SyntaxKind.ExclamationToken) yield put('negated', node, node.operand.getText(file))
    const text = node.getText(file)
    if (node.operator === SyntaxKind.PlusPlusToken) yield put('operator', node, text.replace('++', '--'))
    if (node.operator === SyntaxKind.MinusMinusToken) yield put('operator', node, text.replace('--', '++'))
  }
  if (ts.isNumericLiteral(node)) for (const n of wrongNumbers(Number(node.text))) yield put('number', node, `${n}`)
  if (node.kind === SyntaxKind.TrueKeyword) yield put('constant', node, 'false')
  if (node.kind === SyntaxKind.FalseKeyword) yield put('constant', node, 'true')
  if (ts.isPropertyAccessExpression(node) && TWINS.has(node.name.text)) yield put('function', node.name, `${TWINS.get(node.name.text)}`)
  if (ts.isIdentifier(node) && PROCESSES.has(node.text) && isValue(node))
    for (const other of processesInScope(node, file))
      yield put('process', node, ts.isShorthandPropertyAssignment(node.parent) ? `${node.text}: ${other}` : other)
}

/** One more or less than a large limit makes no difference. @param {number} n */
const wrongNumbers = (n) => (n === 0 ? [1] : n < 1000 ? [0, n + 1] : [0])

/** A statement that does something; the body of an `if` is deleted with it. @param {ts.Node} node */
function isDeletable(node) {
  if (ts.isReturnStatement(node)) return ts.isIfStatement(node.parent) || ts.isIfStatement(node.parent.parent)
  if (ts.isExpressionStatement(node)) return !ts.isIfStatement(node.parent) || node.parent.elseStatement !== undefined
  return ts.isIfStatement(node) || ts.isIterationStatement(node, false)
}

/** What decides: of a statement, of an expression, of `when`. @param {ts.Node} node */
function conditionOf(node) {
  if (ts.isIfStatement(node) || ts.isWhileStatement(node)) return node.expression
  if (ts.isConditionalExpression(node)) return node.condition
  if (!ts.isCallExpression(node) || node.expression.getText() !== 'when') return undefined
  const [condition] = node.arguments
  return condition !== undefined && ts.isArrowFunction(condition) ? condition.body : undefined
}

/** Its operator is mutated anyway. @param {ts.Node} node */
const isComparison = (node) =>
  (ts.isBinaryExpression(node) && OPERATORS.has(node.operatorToken.kind)) ||
  (ts.isPrefixUnaryExpression(node) && node.operator === SyntaxKind.ExclamationToken)

/** Whether a name is used here: neither declared, nor that of a property. @param {ts.Identifier} node */
function isValue({ parent, text }) {
  if (ts.isPropertyAccessExpression(parent)) return parent.expression.getText() === text
  return !(ts.isParameter(parent) || ts.isBindingElement(parent) || ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent))
}

/** The other processes that have names where a node is. @param {ts.Node} node @param {ts.SourceFile} file */
function processesInScope(node, file) {
  /** @type {Set<string>} */
  const names = new Set()
  for (let at = node.parent; at !== undefined; at = at.parent) {
    const declarations = ts.isFunctionLike(at) ? at.parameters : ts.isForOfStatement(at) ? [at.initializer] : []
    for (const declaration of declarations)
      for (const [name] of declaration
        .getText(file)
        .replace(/:[^,}]*/g, '')
        .matchAll(/\w+/g))
        if (PROCESSES.has(name)) names.add(name)
  }
  names.delete(node.getText(file))
  return [...names, "'p1'"]
}

/** Where behaviour is: in functions and classes; in an algorithm's state and its handlers. @param {ts.SourceFile} file */
function* behaviours(file) {
  for (const statement of file.statements) {
    if (ts.isFunctionDeclaration(statement) && statement.body !== undefined) yield statement.body
    if (ts.isClassDeclaration(statement)) yield* bodiesOf(statement)
    if (!ts.isVariableStatement(statement)) continue
    for (const { initializer } of statement.declarationList.declarations) {
      if (initializer === undefined) continue
      if (ts.isCallExpression(initializer) && initializer.expression.getText(file) === 'algorithm') yield* partsOf(initializer)
      else yield initializer
    }
  }
}

/** What methods do, and fields begin with. @param {ts.ClassDeclaration} declaration */
function* bodiesOf({ members }) {
  for (const member of members) {
    if (ts.isPropertyDeclaration(member) && member.initializer !== undefined) yield member.initializer
    else if ('body' in member && member.body !== undefined) yield/** @type {ts.Node} */ (member.body)
  }
}

/** @param {ts.CallExpression} algorithm */
function* partsOf({ arguments: [declaration, body] }) {
  if (declaration !== undefined && ts.isObjectLiteralExpression(declaration))
    for (const property of declaration.properties)
      if (ts.isPropertyAssignment(property) && property.name.getText() === 'state') yield property.initializer
  if (body !== undefined) yield body
}

/**
 * One mutation per place of an algorithm where something can be wrong.
 * @param {string} source
 * @returns {Mutation[]}
 */
export function mutationsOf(source) {
  const file = ts.createSourceFile('algorithm.ts', source, ts.ScriptTarget.Latest, true)
  /** @type {Map<string, Mutation>} */
  const found = new Map()
  const visit = (/** @type {ts.Node} */ node) => {
    if (ts.isTypeNode(node)) return
    for (const mutation of mutationsAt(node, file)) found.set(`${mutation.start} ${mutation.end} ${mutation.text}`, mutation)
    ts.forEachChild(node, visit)
  }
  for (const part of behaviours(file)) visit(part)
  return [...found.values()].sort((a, b) => a.start - b.start)
}

/** @param {string} source @param {Mutation} mutation */
export const mutated = (source, { start, end, text }) => source.slice(0, start) + text + source.slice(end)
