import type { AlgorithmEvent } from '@upon/trace'
import ts from 'typescript'
import type { AlgorithmDeclaration } from './declarations'

/** Lines of an algorithm's code as the site shows it, from 1: the first and the last. */
export type Lines = readonly [first: number, last: number]

/** A handler of an algorithm and its lines. */
export interface HandlerLines {
  /** `beb.deliver`, `Init`, or `when 2` for the second condition, as entries of a trace have it. */
  readonly on: string
  /** The kind of message that it handles, if it handles one. */
  readonly kind?: string
  readonly lines: readonly Lines[]
}

/** Where the handlers of an algorithm are. */
export interface HandlerMap {
  /** The exported name of the algorithm whose code it is: for one that restates another over stronger layers, that other one. */
  readonly source: string
  /** What the algorithm calls its own module: `urb`. */
  readonly instance: string
  readonly handlers: readonly HandlerLines[]
}

/** The handlers of all algorithms, by their names: `majority-ack`. */
export function handlerMaps(declarations: readonly AlgorithmDeclaration[]): Readonly<Record<string, HandlerMap>> {
  const found = declarations.map((declaration) => ({ declaration, ...read(declaration) }))
  const byName = new Map(found.map((each) => [each.declaration.name, each]))
  return Object.fromEntries(
    found.flatMap(({ declaration, name, base, instance, handlers }) => {
      const source = base === undefined ? undefined : byName.get(base)
      const own = { source: source?.declaration.name ?? declaration.name, instance: instance ?? source?.instance ?? '' }
      return name === undefined ? [] : [[name, { ...own, handlers: source?.handlers ?? handlers }]]
    }),
  )
}

interface Read {
  readonly name: string | undefined
  /** What it restates. */
  readonly base: string | undefined
  readonly instance: string | undefined
  readonly handlers: readonly HandlerLines[]
}

function read({ name: exported, code }: AlgorithmDeclaration): Read {
  const tree = ts.createSourceFile('algorithm.ts', code, ts.ScriptTarget.ES2022, true)
  const declared = tree.statements
    .filter(ts.isVariableStatement)
    .flatMap(({ declarationList }) => declarationList.declarations)
    .find((each) => each.name.getText(tree) === exported)
  const call = declared?.initializer
  if (call === undefined || !ts.isCallExpression(call)) return { name: undefined, base: undefined, instance: undefined, handlers: [] }
  const facts = call.arguments.find(ts.isObjectLiteralExpression)
  const behaviour = call.arguments.find(ts.isArrowFunction)
  const base = call.arguments.find(ts.isIdentifier)?.text
  const name = textIn(propertyOf(facts, 'name', tree))
  const implemented = propertyOf(facts, 'implements', tree)
  const instance = implemented !== undefined && ts.isObjectLiteralExpression(implemented) ? implemented.properties[0]?.name : undefined
  const handlers = behaviour === undefined ? [] : handlersIn(behaviour, propertyOf(facts, 'state', tree), tree)
  return { name, base, instance: instance?.getText(tree), handlers }
}

function propertyOf(facts: ts.ObjectLiteralExpression | undefined, name: string, tree: ts.SourceFile): ts.Expression | undefined {
  const found = facts?.properties.find((property) => property.name?.getText(tree) === name)
  return found !== undefined && ts.isPropertyAssignment(found) ? found.initializer : undefined
}

const textIn = (node: ts.Node | undefined): string | undefined => (node !== undefined && ts.isStringLiteral(node) ? node.text : undefined)

function handlersIn(behaviour: ts.ArrowFunction, state: ts.Expression | undefined, tree: ts.SourceFile): HandlerLines[] {
  const init: Lines[] = state === undefined ? [] : [linesOf(state, tree)]
  const handlers: HandlerLines[] = []
  let conditions = 0
  const visit = (node: ts.Node): boolean => {
    if (!ts.isCallExpression(node) || !ts.isIdentifier(node.expression))
      return ts.forEachChild(node, (child) => visit(child) || undefined) ?? false
    const { text } = node.expression
    if (text !== 'upon' && text !== 'when') return false
    const kind = text === 'upon' && node.arguments.length > 2 ? textIn(node.arguments[1]) : undefined
    const on = text === 'when' ? `when ${++conditions}` : (node.arguments[0]?.getText(tree) ?? '')
    handlers.push({ on, ...(kind === undefined ? {} : { kind }), lines: [linesOf(node, tree)] })
    return false
  }
  const statements = ts.isBlock(behaviour.body) ? behaviour.body.statements : []
  for (const statement of statements) {
    const before = handlers.length
    visit(statement)
    if (handlers.length === before && ts.isExpressionStatement(statement)) init.push(linesOf(statement, tree))
  }
  return [{ on: 'Init', lines: init }, ...handlers]
}

function linesOf(node: ts.Node, tree: ts.SourceFile): Lines {
  const at = (position: number) => tree.getLineAndCharacterOfPosition(position).line + 1
  return [at(node.getStart(tree)), at(node.getEnd())]
}

/** The handler that an entry of a trace ran; nothing where the algorithm has none for it. */
export function handlerOf(
  { algorithm = '', direction, event, path, attributes }: AlgorithmEvent,
  maps: Readonly<Record<string, HandlerMap>>,
): HandlerLines | undefined {
  const map = maps[algorithm]
  if (map === undefined) return undefined
  const port = withoutIndexes(path).split('.').at(-1) ?? ''
  const on = direction === 'rule' ? event : direction === 'request' ? `${map.instance}.${event}` : `${port}.${event}`
  const all = map.handlers.filter((handler) => handler.on === on)
  const message = attributes.at(-1)
  const kind = typeof message === 'object' && message !== null && 'kind' in message ? message.kind : undefined
  return all.find((handler) => handler.kind !== undefined && handler.kind === kind) ?? all.find((handler) => handler.kind === undefined)
}

/** `uc.ep[3].beb` without what is in brackets. */
function withoutIndexes(path: string): string {
  const shorter = path.replaceAll(/\[[^[\]]*\]/g, '')
  return shorter === path ? path : withoutIndexes(shorter)
}
