import { join } from 'node:path'
import { withLock } from './lock.mjs'
import { endWithParent } from './parent.mjs'
import { buildInputs, buildOutputs, hasStamp, installInputs, isLinked, writeStamp } from './stamp.mjs'
import { pnpm } from './tool.mjs'
import { pinnedPnpm, root } from './workspace.mjs'

const say = (/** @type {string} */ text) => process.stderr.write(`upon: ${text}\n`)

const isInstalled = () => hasStamp('install', installInputs()) && isLinked()
const isBuilt = () => hasStamp('build', `${buildInputs()} ${buildOutputs()}`)

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

/** @param {(pid: number) => void} started */
const install = async (started) => {
  const inputs = installInputs()
  writeStamp('install', '')
  const advice = `The first time this needs the network. After a change of a package.json, run: npx -y ${pinnedPnpm()} install`
  await step('installing dependencies', advice, () =>
    pnpm(['install', '--frozen-lockfile', '--prefer-offline', '--prod=false', '--config.confirm-modules-purge=false'], started),
  )
  writeStamp('install', inputs)
}

/** @param {(pid: number) => void} started */
const build = async (started) => {
  const inputs = buildInputs()
  writeStamp('build', '')
  await step('building the packages', 'Correct it and run the same command again.', () =>
    pnpm(['exec', 'turbo', 'run', 'build', '--filter=./packages/*', '--output-logs=errors-only', '--ui=stream'], started),
  )
  writeStamp('build', `${inputs} ${buildOutputs()}`)
}

/**
 * Makes sure that everything is installed and built, and does nothing when it is. Runs of several processes wait for each other.
 * Says what it does on standard error; when a step fails, shows why and ends the process with exit code 1.
 */
export const prepare = async () => {
  endWithParent()
  if (isInstalled() && isBuilt()) return
  const waiting = () => say('another run is installing or building; waiting for it')
  await withLock(join(root, '.upon', 'lock'), waiting, async (started) => {
    if (!isInstalled()) await install(started)
    if (!isBuilt()) await build(started)
  })
}
