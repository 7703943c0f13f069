// node ../../scripts/subpaths.mjs write | remove, in a package's folder, before and after it is packed: a folder with a package.json for each
// subpath that it exports, for resolvers that do not know `exports`: TypeScript's `moduleResolution: node` and Parcel.
import { mkdirSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readJson } from './lib/workspace.mjs'

const [task] = process.argv.slice(2)
if (task !== 'write' && task !== 'remove') throw new Error(`expected write or remove, found ${task}`)

/** @type {Record<string, { import: { types: string, default: string }, require: { default: string } } | string>} */
const entries = readJson('package.json').publishConfig.exports
for (const [subpath, entry] of Object.entries(entries)) {
  if (subpath === '.' || typeof entry === 'string') continue
  const manifest = join(subpath, 'package.json')
  if (task === 'remove') {
    rmSync(manifest)
    rmdirSync(subpath)
    continue
  }
  mkdirSync(subpath, { recursive: true })
  const up = '../'.repeat(subpath.split('/').length - 1)
  const [main, module, types] = [entry.require.default, entry.import.default, entry.import.types].map((file) => join(up, file))
  writeFileSync(manifest, `${JSON.stringify({ main, module, types, sideEffects: false }, undefined, 2)}\n`)
}
