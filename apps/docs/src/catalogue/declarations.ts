import ts from 'typescript'
import type { SourceFile } from '../house'

/** An event as the module's interface declares it. */
export interface EventDeclaration {
  readonly direction: 'request' | 'indication'
  readonly attributes: readonly { readonly name: string; readonly type: string }[]
  readonly comment: string
}

/** A module's interface: `export interface BestEffortBroadcast extends Module`. */
export interface ModuleDeclaration {
  readonly name: string
  readonly path: string
  readonly comment: string
  /** The interface as it stands in the file. */
  readonly code: string
  /** The modules that it extends, by name. */
  readonly extends: readonly string[]
  readonly events: ReadonlyMap<string, EventDeclaration>
  /** Whether an instance must be given something when it is made. */
  readonly hasParameters: boolean
}

/** An algorithm's declaration: `export const BasicBroadcast = algorithm(...)`, or `restate(...)`. */
export interface AlgorithmDeclaration {
  readonly name: string
  readonly path: string
  /** The text of the header comment, without its stars. */
  readonly header: string
  /** The file without that comment. */
  readonly code: string
}

const parse = ({ path, text }: SourceFile) => ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true)

const isExported = (node: ts.Statement) =>
  ts.canHaveModifiers(node) && (ts.getModifiers(node) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)

/** The doc comment before a node, with its place in the file. */
function commentBefore(text: string, node: ts.Node): { readonly pos: number; readonly end: number; readonly comment: string } | undefined {
  const range = ts
    .getLeadingCommentRanges(text, node.getFullStart())
    ?.filter(({ pos }) => text.startsWith('/**', pos))
    .at(-1)
  return range && { ...range, comment: withoutStars(text.slice(range.pos, range.end)) }
}

/** `/** A comment. *\/` as plain lines. */
export const withoutStars = (comment: string): string =>
  comment
    .replace(/^\/\*\*/, '')
    .replace(/\*\/$/, '')
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, '').trimEnd())
    .join('\n')
    .trim()

/** The interfaces of modules in a file: those that declare what they guarantee. */
export function modulesIn(source: SourceFile): ModuleDeclaration[] {
  const tree = parse(source)
  return tree.statements.filter(ts.isInterfaceDeclaration).flatMap((node) => {
    const isModule = node.members.some((member) => member.name?.getText(tree) === 'guarantees')
    if (!isModule || !isExported(node) || node.name.text === 'Module') return []
    const parents = node.heritageClauses?.flatMap(({ types }) => types.map(({ expression }) => expression.getText(tree))) ?? []
    return {
      name: node.name.text,
      path: source.path,
      comment: commentBefore(source.text, node)?.comment ?? '',
      code: node.getText(tree),
      extends: parents.filter((parent) => parent !== 'Module'),
      events: new Map(node.members.flatMap((member) => eventOf(source.text, tree, member))),
      hasParameters: node.members.some((member) => member.name?.getText(tree) === 'parameters'),
    }
  })
}

function eventOf(text: string, tree: ts.SourceFile, member: ts.TypeElement): [string, EventDeclaration][] {
  if (!ts.isPropertySignature(member) || member.type === undefined || !ts.isTypeReferenceNode(member.type)) return []
  const kind = member.type.typeName.getText(tree)
  const [tuple] = member.type.typeArguments ?? []
  if ((kind !== 'Request' && kind !== 'Indication') || tuple === undefined || !ts.isTupleTypeNode(tuple)) return []
  const attributes = tuple.elements.map((element) => {
    if (!ts.isNamedTupleMember(element)) return { name: '', type: element.getText(tree) }
    return { name: element.name.text, type: element.type.getText(tree) }
  })
  const comment = commentBefore(text, member)?.comment ?? ''
  return [[member.name.getText(tree), { direction: kind === 'Request' ? 'request' : 'indication', attributes, comment }]]
}

/** What makes an algorithm: its own declaration, or that of the same one over stronger layers. */
const MAKERS: readonly string[] = ['algorithm', 'restate']

const isAlgorithm = (node: ts.Expression | undefined): boolean =>
  node !== undefined && ts.isCallExpression(node) && ts.isIdentifier(node.expression) && MAKERS.includes(node.expression.text)

/** The algorithms that a file exports. A header that stands at the top of the file counts for the algorithm in it. */
export function algorithmsIn(source: SourceFile): AlgorithmDeclaration[] {
  if (!MAKERS.some((maker) => source.text.includes(`${maker}(`))) return []
  const tree = parse(source)
  return tree.statements.filter(ts.isVariableStatement).flatMap((statement) => {
    const declared = statement.declarationList.declarations.find(({ initializer }) => isAlgorithm(initializer))
    if (declared === undefined || !isExported(statement)) return []
    const [first] = tree.statements
    const comments = [statement, ...(first === undefined ? [] : [first])].map((node) => commentBefore(source.text, node))
    const found = comments.find((each) => each?.comment.includes('- Implements:'))
    const code = found === undefined ? source.text : source.text.slice(0, found.pos) + source.text.slice(found.end).replace(/^\n/, '')
    return { name: declared.name.getText(tree), path: source.path, header: found?.comment ?? '', code: code.trim() }
  })
}
