// Three processes of one kind as operating-system processes of their own, and a driver for them.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { HubDriver, RawDriver } from './_driver.mjs'
import { sizes } from './_sizes.mjs'
import { HOST } from './_wire.mjs'

const PROCESSES = 3
const path = (relative) => fileURLToPath(new URL(relative, import.meta.url))

/** The columns of the table: who runs, over which connections among themselves, and how the driver speaks to them. */
export const columns = {
  'raw kept': { kind: 'raw', connections: 'kept', driver: 'kept' },
  'ours kept': { kind: 'ours', connections: 'kept', driver: 'kept', baseline: 'raw kept' },
  'raw classic': { kind: 'raw', connections: 'classic', driver: 'classic' },
  'ours kept, classic hub': { kind: 'ours', connections: 'kept', driver: 'classic', baseline: 'raw classic' },
  'ours classic': { kind: 'ours', connections: 'classic', driver: 'classic', baseline: 'raw classic' },
  foreign: { kind: 'foreign', connections: 'classic', driver: 'classic', baseline: 'raw classic' },
}

const programs = {
  raw: (hub, index, connections) => [path('./_raw-process.mjs'), hub, index, connections, JSON.stringify(sizes)],
  ours: (hub, index, connections) => [
    ...(process.env.NODE_ARGUMENTS?.split(' ') ?? []),
    path('../dist/cli.js'),
    ...['--hub', `${HOST}:${hub}`, '--host', HOST, '--port', '0', '--owner', 'abc', '--index', index, '--connections', connections],
  ],
  foreign: (hub, index) => [path('../test/foreign/foreign.mjs'), HOST, hub, HOST, '0', 'abc', '--index', index],
}

export async function startCluster({ kind, connections, driver: how }) {
  const driver = await (kind === 'raw' ? RawDriver : HubDriver).listen(how)
  const children = []
  for (let index = 1; index <= PROCESSES; index++) {
    const child = spawn(process.execPath, programs[kind](String(driver.port), String(index), connections), {
      stdio: ['ignore', 'ignore', 'inherit'].map((stream) =>
        process.env.UPON_BENCH_OUTPUT ? 'inherit' : stream === 'inherit' ? 'ignore' : stream,
      ),
    })
    children.push(child)
  }
  await driver.start(PROCESSES)
  const stop = async () => {
    const ended = children
      .filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null)
      .map((child) => once(child, 'exit'))
    for (const child of children) child.kill(process.env.NODE_ARGUMENTS ? 'SIGTERM' : 'SIGKILL')
    await Promise.all(ended)
    await driver.close()
  }
  return { kind, driver, children, stop }
}

/** Memory in MiB and sockets of a process, where /proc tells. */
export function footprint({ pid }) {
  try {
    const rssMiB = Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))[1]) / 1_024
    const files = readdirSync(`/proc/${pid}/fd`)
    return { rssMiB, sockets: files.filter((fd) => isSocket(`/proc/${pid}/fd/${fd}`)).length }
  } catch {
    return { rssMiB: Number.NaN, sockets: Number.NaN }
  }
}

/** Time on the processor that a process has had, in ms; NaN where /proc does not tell. */
export function cpuMs({ pid }) {
  try {
    const threads = readdirSync(`/proc/${pid}/task`)
    return threads.reduce(
      (sum, thread) => sum + Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'latin1').split(' ')[0]) / 1e6,
      0,
    )
  } catch {
    return Number.NaN
  }
}

function isSocket(file) {
  try {
    return readlinkSync(file).startsWith('socket:')
  } catch {
    return false
  }
}
