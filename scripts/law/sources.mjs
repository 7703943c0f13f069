import { existsSync, readdirSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import ts from 'typescript'
import { packagesBelow, readJson } from '../lib/workspace.mjs'

/**
 * @typedef {{ path: string, text: string, tree: ts.SourceFile, package: string, isTest: boolean, isBench: boolean, isScript: boolean }} Source
 *   `path` is relative to the root, with slashes; `package` is the folder's name, and empty outside packages/
 * @typedef {{ severity: 'error' | 'warning', where: string, message: string }} Finding
 * @typedef {{ folder: string, manifest: any }} Package
 * @typedef {{ sources: Source[], packages: Package[], tools: string[], isGlobal: (identifier: ts.Identifier) => boolean }} House `tools` is what the root's manifest names: for tests, benchmarks and scripts
 */

const skipped = new Set(['node_modules', 'dist', 'gen', 'testdata', '.turbo', 'fixtures'])

/** @param {string} folder @returns {string[]} */
const codeBelow = (folder) =>
  (existsSync(folder) ? readdirSync(folder, { withFileTypes: true }) : []).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return skipped.has(entry.name) ? [] : codeBelow(path)
    return /\.(ts|mts|cts|mjs|js)$/.test(entry.name) ? [path] : []
  })

/** @param {string} path */
const sourceKind = (path) => ({
  package: /^packages\/([^/]+)\//.exec(path)?.[1] ?? '',
  isTest: /\.test(-d)?\.ts$/.test(path) || /^packages\/[^/]+\/test\//.test(path),
  isBench: /^packages\/[^/]+\/bench\//.test(path),
  isScript: /^(scripts|examples)\//.test(path) || /^packages\/[^/]+\/[^/]+$/.test(path),
})

/**
 * Reads and parses all the code below `root`, without its libraries: a name that nothing in its file declares is then a global.
 * @param {string} root @returns {House}
 */
export const readHouse = (root) => {
  const files = ['packages', 'apps', 'examples', 'scripts'].flatMap((folder) => codeBelow(join(root, folder))).sort()
  /** @type {ts.CompilerOptions} */
  const options = { noLib: true, noResolve: true, allowJs: true, types: [], target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext }
  const program = ts.createProgram(files, options)
  const checker = program.getTypeChecker()
  const sources = files.map((file) => {
    const path = relative(root, file).split(sep).join('/')
    const tree = program.getSourceFile(file.split(sep).join('/'))
    if (tree === undefined) throw new Error(`law: TypeScript did not read ${path}`)
    return { path, text: tree.text, tree, ...sourceKind(path) }
  })
  const isDeclared = (/** @type {ts.Identifier} */ identifier) => {
    const symbol = ts.isShorthandPropertyAssignment(identifier.parent)
      ? checker.getShorthandAssignmentValueSymbol(identifier.parent)
      : checker.getSymbolAtLocation(identifier)
    return symbol?.declarations !== undefined && symbol.declarations.length > 0
  }
  return {
    sources,
    tools: existsSync(join(root, 'package.json')) ? Object.keys(readJson(join(root, 'package.json')).devDependencies ?? {}) : [],
    packages: packagesBelow(join(root, 'packages')).map(({ name, manifest }) => ({ folder: name, manifest })),
    isGlobal: (identifier) => isReference(identifier) && !isDeclared(identifier),
  }
}

/** Whether an identifier refers to something by its name alone, rather than being the name of a property. @param {ts.Identifier} identifier */
const isReference = (identifier) => {
  const { parent } = identifier
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === identifier
  if (ts.isQualifiedName(parent)) return parent.left === identifier
  if (ts.isShorthandPropertyAssignment(parent)) return true
  if (ts.isBindingElement(parent)) return parent.initializer === identifier
  if (ts.isImportSpecifier(parent) || ts.isExportSpecifier(parent) || ts.isMetaProperty(parent) || ts.isJSDocParameterTag(parent))
    return false
  const { name, label } = /** @type {{ name?: ts.Node, label?: ts.Node }} */ (/** @type {unknown} */ (parent))
  return name !== identifier && label !== identifier
}

/** Calls `visit` for a node and all below it. @param {ts.Node} node @param {(node: ts.Node) => void} visit */
export const walk = (node, visit) => {
  visit(node)
  ts.forEachChild(node, (child) => walk(child, visit))
}

/** @param {Source} source @param {ts.Node} node */
export const lineOf = ({ tree }, node) => tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1

/** @param {Source} source @param {ts.Node} node @returns {number} how many lines it takes */
export const linesOf = ({ tree }, node) =>
  tree.getLineAndCharacterOfPosition(node.getEnd()).line - tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1

/** @param {Source} source @param {ts.Node | undefined} node @param {string} message @returns {Finding} */
export const error = (source, node, message) => ({
  severity: 'error',
  where: node === undefined ? source.path : `${source.path}:${lineOf(source, node)}`,
  message,
})

/** The modules that a source names, and whether only at run time. @param {Source} source */
export const importsOf = (source) => {
  /** @type {{ specifier: string, node: ts.Node, atRunTime: boolean }[]} */
  const found = []
  const add = (/** @type {ts.Node | undefined} */ text, /** @type {boolean} */ atRunTime) => {
    if (text !== undefined && ts.isStringLiteralLike(text)) found.push({ specifier: text.text, node: text, atRunTime })
  }
  walk(source.tree, (node) => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) add(node.moduleSpecifier, false)
    else if (ts.isImportEqualsDeclaration(node) && ts.isExternalModuleReference(node.moduleReference))
      add(node.moduleReference.expression, false)
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal, false)
    else if (ts.isCallExpression(node) && isLoad(node.expression)) add(node.arguments[0], true)
  })
  return found
}

/** `import(...)`, `require(...)`, `import.meta.resolve(...)` @param {ts.Expression} callee */
const isLoad = (callee) =>
  callee.kind === ts.SyntaxKind.ImportKeyword ||
  (ts.isIdentifier(callee) && callee.text === 'require') ||
  (ts.isPropertyAccessExpression(callee) && callee.name.text === 'resolve' && /^(import\.meta|require)$/.test(callee.expression.getText()))
