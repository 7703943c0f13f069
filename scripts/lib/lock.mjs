import { existsSync, mkdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

const touchEveryMs = 2_000
const retryEveryMs = 200

/** A holder that was killed touches its lock no more; the tool that it started has ended by then. */
const forgottenAfterMs = 60_000

/** @param {string} path @returns {boolean} false when somebody holds the lock */
const take = (path) => {
  const last = statSync(path, { throwIfNoEntry: false })
  if (last !== undefined && Date.now() - last.mtimeMs > forgottenAfterMs) rmSync(path, { force: true })
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST') return false
    throw error
  }
}

/**
 * Runs `work` while no other process of this repository does.
 * @template T
 * @param {string} path @param {() => void} onWait called once, if there is somebody to wait for @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export const withLock = async (path, onWait, work) => {
  mkdirSync(dirname(path), { recursive: true })
  for (let tries = 0; !take(path); tries++) {
    if (tries === 0) onWait()
    await delay(retryEveryMs)
  }
  const release = () => rmSync(path, { force: true })
  const touch = setInterval(() => existsSync(path) && utimesSync(path, new Date(), new Date()), touchEveryMs)
  process.on('exit', release)
  try {
    return await work()
  } finally {
    clearInterval(touch)
    process.off('exit', release)
    release()
  }
}
