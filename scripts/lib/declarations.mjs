import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { entriesOf } from './compile.mjs'
import { runQuietly } from './tool.mjs'
import { root } from './workspace.mjs'

/** @typedef {import('./compile.mjs').Package} Package */

const emitted = join(root, '.upon', 'declarations')
const RELATIVE = /(\bfrom |\bimport\(|\bimport )(['"])(\.\.?\/[^'"]*|\.\.?)\2/g

/** The declarations that a relative import means. @param {string} folder @param {string} path */
const declarationsOf = (folder, path) =>
  [`${path}.d.ts`, join(path, 'index.d.ts')].map((name) => join(folder, name)).find((file) => existsSync(file))

/** Each file of declarations that entries reach, with what it imports. @param {string[]} entries @returns {Map<string, string>} */
const reached = (entries) => {
  const texts = new Map()
  for (const files = [...entries]; files.length > 0; ) {
    const file = /** @type {string} */ (files.pop())
    if (texts.has(file)) continue
    const text = readFileSync(file, 'utf8')
    texts.set(file, text)
    for (const [, , , path = ''] of text.matchAll(RELATIVE)) {
      const imported = declarationsOf(dirname(file), path)
      if (imported !== undefined) files.push(imported)
    }
  }
  return texts
}

/** Imports name files, as Node's resolution wants it. @param {string} file @param {string} text @param {string} extension */
const withExtensions = (file, text, extension) =>
  text.replace(RELATIVE, (whole, before, quote, path) => {
    const imported = declarationsOf(dirname(file), path)
    if (imported === undefined) return whole
    const to = relative(dirname(file), imported)
      .replaceAll('\\', '/')
      .replace(/\.d\.ts$/, extension)
    return `${before}${quote}${to.startsWith('.') ? to : `./${to}`}${quote}`
  })

/** @param {Package} of */
const writeInto = (of) => {
  const from = join(emitted, of.name, 'src')
  const entries = entriesOf(of).map((entry) => join(from, relative(join(of.dir, 'src'), entry)).replace(/\.ts$/, '.d.ts'))
  for (const [file, text] of reached(entries)) {
    const target = join(of.dir, 'dist', relative(from, file)).replace(/\.d\.ts$/, '')
    mkdirSync(dirname(target), { recursive: true })
    writeFileSync(`${target}.d.ts`, withExtensions(file, text, '.js'))
    writeFileSync(`${target}.d.cts`, withExtensions(file, text, '.cjs'))
  }
}

/**
 * Writes the declarations of packages beside what is compiled, for ESM and for CommonJS. One program has the types of all packages, so that
 * none is read more than once. Rejects with the errors of types that it finds.
 * @param {readonly Package[]} all
 */
export const declare = async (all) => {
  if (!existsSync(emitted)) rmSync(`${emitted}.tsbuildinfo`, { force: true })
  await runQuietly(process.execPath, [
    join(root, 'node_modules', 'typescript', 'lib', 'tsc.js'),
    '-p',
    join(root, 'tsconfig.declarations.json'),
  ])
  for (const of of all) writeInto(of)
}
