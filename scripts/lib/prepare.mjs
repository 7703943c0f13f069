import { join } from 'node:path'
import { withLock } from './lock.mjs'
import { endWithParent } from './parent.mjs'
import { buildInputs, buildOutputs, hasStamp, installInputs, isLinked, writeStamp } from './stamp.mjs'
import { pnpm } from './tool.mjs'
import { packages, pinnedPnpm, root } from './workspace.mjs'

const say = (/** @type {string} */ text) => process.stderr.write(`upon: ${text}\n`)

/** @typedef {'js' | 'build'} Task `js`: what commands and tests run; `build`: what is published, with types and CommonJS, in ten times the time */

const isInstalled = () => hasStamp('install', installInputs()) && isLinked()
/** What is published can be run, too. @param {Task} task */
const isBuilt = (task) => {
  const state = `${buildInputs()} ${buildOutputs()}`
  return hasStamp('build', state) || (task === 'js' && hasStamp('js', state))
}

/** @param {string} doing @param {string} advice @param {() => Promise<unknown>} work */
const step = async (doing, advice, work) => {
  const start = Date.now()
  say(`${doing} ...`)
  try {
    await work()
  } catch (error) {
    process.stderr.write(`${/** @type {Error} */ (error).message}\n`)
    say(`failed while ${doing}: the reason is above. ${advice}`)
    process.exit(1)
  }
  say(`${doing}: done in ${((Date.now() - start) / 1000).toFixed(1)} s`)
}

const install = async () => {
  const inputs = installInputs()
  writeStamp('install', '')
  const advice = `The first time this needs the network. After a change of a package.json, run: npx -y ${pinnedPnpm()} install`
  await step('installing dependencies (about 10 s)', advice, () =>
    pnpm(['install', '--frozen-lockfile', '--prefer-offline', '--prod=false', '--config.confirm-modules-purge=false']),
  )
  writeStamp('install', inputs)
}

/** @param {Task} task */
const build = async (task) => {
  const inputs = buildInputs()
  for (const each of ['js', 'build']) writeStamp(each, '')
  const isWhole = task === 'build'
  await step(`building the packages (about ${isWhole ? 30 : 3} s)`, 'Correct it and run the same command again.', async () => {
    await pnpm(['-r', '--filter=./packages/*', 'run', 'generate'])
    const { compile } = await import('./compile.mjs') // what it imports may have been installed just now
    const { declare } = await import('./declarations.mjs')
    await compile(packages(), { commonjs: isWhole })
    if (isWhole) await declare(packages())
  })
  writeStamp(task, `${inputs} ${buildOutputs()}`)
}

/**
 * Makes sure that everything is installed and built, and does nothing when it is. Runs of several processes wait for each other.
 * Says what it does on standard error; when a step fails, shows why and ends the process with exit code 1.
 * @param {Task} [task]
 */
export const prepare = async (task = 'js') => {
  endWithParent()
  if (isInstalled() && isBuilt(task)) return
  const waiting = () => say('another run is installing or building; waiting for it (for a minute, if it was killed)')
  await withLock(join(root, '.upon', 'lock'), waiting, async () => {
    if (!isInstalled()) await install()
    if (!isBuilt(task)) await build(task)
  })
}
