import { join } from 'node:path'
import { runNode } from './tool.mjs'
import { readJson, root } from './workspace.mjs'

const app = join(root, 'apps', 'docs')

/** The file of a command of the app's dependencies. @param {string} name */
const command = (name) => {
  const folder = join(app, 'node_modules', name)
  const { bin } = readJson(join(folder, 'package.json'))
  return join(folder, typeof bin === 'string' ? bin : bin[name])
}

/** The reference first, for the site's sidebar shows what is in it. @returns {Promise<number>} the exit code */
const writeReference = () => runNode(command('typedoc'), ['--options', join(app, 'typedoc.config.mjs')])

/** Builds the site. @returns {Promise<number>} the exit code */
export const buildSite = async () => (await writeReference()) || (await runNode(command('vitepress'), ['build', join(app, 'site')]))

/** Serves the site until it is ended. @param {string[]} args @returns {Promise<number>} the exit code */
export const serveSite = async (args) =>
  (await writeReference()) || (await runNode(command('vitepress'), ['dev', join(app, 'site'), ...args]))
