import { join } from 'node:path'
import { runQuietly } from './tool.mjs'
import { root } from './workspace.mjs'

/**
 * Checks the types of all packages and their tests, what must not compile included. Remembers what it found, so that the next time takes a few seconds.
 * @returns {Promise<number>} the number of errors, which it has printed
 */
export const checkTypes = async () => {
  const tsc = join(root, 'node_modules', 'typescript', 'lib', 'tsc.js')
  try {
    await runQuietly(process.execPath, [tsc, '--noEmit'])
    console.log('types: no errors')
    return 0
  } catch (error) {
    const { message } = /** @type {Error} */ (error)
    console.log(message)
    return Math.max(1, message.match(/error TS\d+/g)?.length ?? 0)
  }
}
