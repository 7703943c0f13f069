import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { createInterface } from 'node:readline'
import { pinnedPnpm, root } from './workspace.mjs'

const windows = process.platform === 'win32'

/** What every tool is started with: no telemetry, and no NODE_ENV=production that would leave out development dependencies. */
const toolEnvironment = () => {
  const { NODE_ENV: _, ...rest } = process.env
  return { ...rest, TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1' }
}

/** @param {import('node:child_process').ChildProcess} child @param {NodeJS.Signals} signal */
const killGroup = (child, signal) => {
  try {
    if (child.pid !== undefined) process.kill(windows ? child.pid : -child.pid, signal)
  } catch {
    // It has gone already.
  }
}

/**
 * Runs a tool without terminal and without output. Rejects with its output when it fails; an interrupt ends the tool and all
 * that it started, and then this process, so that nothing goes on writing unseen.
 * @param {string} command @param {string[]} args @param {(line: string) => void} [onLine] gets each line of its output
 * @returns {Promise<string>} what it wrote
 */
export const runQuietly = (command, args, onLine) =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      env: toolEnvironment(),
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: !windows,
      shell: windows,
    })
    /** @type {NodeJS.Signals | undefined} */
    let interruptedBy
    /** @type {Buffer[]} */
    const output = []
    const interrupt = (/** @type {NodeJS.Signals} */ signal) => {
      killGroup(child, interruptedBy ? 'SIGKILL' : signal)
      interruptedBy = signal
    }
    const signals = /** @type {NodeJS.Signals[]} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])
    for (const signal of signals) process.on(signal, interrupt)
    child.stdout.on('data', (chunk) => output.push(chunk))
    child.stderr.on('data', (chunk) => output.push(chunk))
    if (onLine !== undefined) createInterface({ input: child.stdout }).on('line', onLine)
    child.on('error', reject)
    child.on('close', (code, signal) => {
      for (const name of signals) process.off(name, interrupt)
      if (interruptedBy) process.exit(128 + constants.signals[interruptedBy])
      const text = Buffer.concat(output).toString()
      if (code === 0) resolve(text)
      else reject(new Error(`${text}\n${[command, ...args].join(' ')} ended with ${signal ?? `exit code ${code}`}`))
    })
  })

/** @param {string[]} args @param {(line: string) => void} [onLine] */
export const pnpm = (args, onLine) => runQuietly('npx', ['-y', pinnedPnpm(), ...args], onLine)

/**
 * Runs a Node program with this terminal, and resolves to its exit code. Interrupts from the keyboard reach it directly;
 * those sent to this process alone are passed on.
 * @param {string} file @param {string[]} args @param {NodeJS.ProcessEnv} [env] added to this process's
 * @returns {Promise<number>}
 */
export const runNode = (file, args, env = {}) =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [file, ...args], { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } })
    process.on('SIGTERM', () => child.kill('SIGTERM'))
    process.on('SIGHUP', () => child.kill('SIGHUP'))
    process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'))
    child.on('error', reject)
    child.on('close', (code, signal) => resolve(code ?? 128 + constants.signals[signal ?? 'SIGTERM']))
  })
