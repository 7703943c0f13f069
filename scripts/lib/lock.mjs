import { existsSync, mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { dirname } from 'node:path'

const forgottenAfterMs = 600_000
const touchEveryMs = 5_000
const retryEveryMs = 200

/** @param {number} pid */
const isAlive = (pid) => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM'
  }
}

/** @param {string} path @param {string} content @returns {boolean} false when the file exists already */
const createExclusively = (path, content) => {
  try {
    writeFileSync(path, content, { flag: 'wx' })
    return true
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST') return false
    throw error
  }
}

/** @param {string} path @param {number} ageMs */
const isOlderThan = (path, ageMs) => {
  const stat = statSync(path, { throwIfNoEntry: false })
  return stat !== undefined && Date.now() - stat.mtimeMs > ageMs
}

/** Nobody holds the lock any more: its process and the tool that it ran are gone, or nobody has touched it for long. @param {string} path */
const isAbandoned = (path) => {
  try {
    const [host, ...pids] = readFileSync(path, 'utf8').trim().split(' ')
    if (host === hostname() && pids.length > 0 && !pids.some((pid) => isAlive(Number(pid)))) return true
    return isOlderThan(path, forgottenAfterMs)
  } catch {
    return false // Released in the meantime: simply try again.
  }
}

/** Removes an abandoned lock; the second file keeps two who find it abandoned from removing each other's new one. @param {string} path */
const removeAbandoned = (path) => {
  const guard = `${path}.steal`
  if (isOlderThan(guard, forgottenAfterMs)) rmSync(guard, { force: true })
  if (!createExclusively(guard, '')) return
  try {
    if (isAbandoned(path)) rmSync(path, { force: true })
  } finally {
    rmSync(guard, { force: true })
  }
}

/**
 * Runs `work` while no other process of this repository does. `work` gets a function to name the tool it has started: the lock
 * then outlives a holder that is killed, for as long as that tool runs.
 * @template T
 * @param {string} path @param {() => void} onWait called once, if there is somebody to wait for
 * @param {(names: (pid: number) => void) => Promise<T>} work
 * @returns {Promise<T>}
 */
export const withLock = async (path, onWait, work) => {
  mkdirSync(dirname(path), { recursive: true })
  const owner = `${hostname()} ${process.pid}`
  for (let tries = 0; !createExclusively(path, owner); tries++) {
    if (isAbandoned(path)) removeAbandoned(path)
    else {
      if (tries === 0) onWait()
      await new Promise((resolve) => setTimeout(resolve, retryEveryMs))
    }
  }
  const release = () => rmSync(path, { force: true })
  const touch = setInterval(() => existsSync(path) && utimesSync(path, new Date(), new Date()), touchEveryMs)
  process.on('exit', release)
  try {
    return await work((pid) => writeFileSync(path, `${owner} ${pid}`))
  } finally {
    clearInterval(touch)
    process.off('exit', release)
    release()
  }
}
