// npm run docs: installs and builds what is missing, then builds the site into apps/docs/dist. Fails with a list of what is undocumented,
// contradicts itself or leads nowhere.
// npm run docs:dev [-- arguments of vitepress]: serves the site, and reloads its pages as they change.
// npm run docs:test: builds it, and looks at every page in Debian's chromium. Ends with `N passed, N failed`.
import './lib/node-version.mjs'
import { join } from 'node:path'

const { prepare } = await import('./lib/prepare.mjs')
await prepare()
const { runNode } = await import('./lib/tool.mjs')
const { readJson, root } = await import('./lib/workspace.mjs')

const app = join(root, 'apps', 'docs')
const site = join(app, 'site')

/** Runs a command of the app's dependencies. @param {string} name @param {string[]} args @returns {Promise<number>} the exit code */
const run = (name, ...args) => {
  const folder = join(app, 'node_modules', name)
  const { bin } = readJson(join(folder, 'package.json'))
  return runNode(join(folder, typeof bin === 'string' ? bin : bin[name]), args)
}

const [task, ...args] = process.argv.slice(2)
// The reference first, for the site's sidebar shows what is in it.
let code = await run('typedoc', '--options', join(app, 'typedoc.config.mjs'))
if (code === 0) code = await (task === 'dev' ? run('vitepress', 'dev', site, ...args) : run('vitepress', 'build', site))
if (code === 0 && task === 'test') {
  const { runTests } = await import('./lib/tests.mjs')
  code = await runTests(['--config', 'apps/docs/vitest.browser.config.ts', ...args])
}
if (code === 0 && task === undefined) console.log('\nThe site is in apps/docs/dist. `npm run docs:dev` serves it.')
process.exitCode = code
