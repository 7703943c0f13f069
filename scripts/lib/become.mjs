import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { root } from './workspace.mjs'

/**
 * Goes on as the program `file`, as if Node had been started with it.
 * @param {string} file relative to the root @param {string[]} args
 */
export const become = async (file, args) => {
  const path = join(root, file)
  if (!existsSync(path)) {
    console.error(`upon: there is no ${file}`)
    process.exit(1)
  }
  process.argv.splice(1, Number.POSITIVE_INFINITY, path, ...args)
  await import(pathToFileURL(path).href)
}
