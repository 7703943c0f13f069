import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The root of the repository, absolute. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

/** @param {string} path */
export const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'))

/**
 * The workspace packages below `folder`, in the order of their names.
 * @param {string} folder
 * @returns {{ dir: string, name: string, manifest: any }[]}
 */
export const packagesBelow = (folder) =>
  (existsSync(folder) ? readdirSync(folder).sort() : [])
    .map((name) => ({ dir: join(folder, name), name }))
    .filter(({ dir }) => existsSync(join(dir, 'package.json')))
    .map((found) => ({ ...found, manifest: readJson(join(found.dir, 'package.json')) }))

/** The packages that are published: everything in packages/. */
export const packages = () => packagesBelow(join(root, 'packages'))

/** The pnpm that package.json pins, as npx wants it named: `pnpm@10.34.9`. */
export const pinnedPnpm = () => readJson(join(root, 'package.json')).packageManager.split('+')[0]
