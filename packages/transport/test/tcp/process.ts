import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import type { Address, EndpointCounters, EndpointOptions } from '@upon/transport/tcp'
import { onTestFinished } from 'vitest'
import { bundled } from '../bundled'
import { until } from './support'

/** What the parent asks of an endpoint process, and what that tells. */
export type Command =
  | { do: 'send'; to: Address; from: number; count: number; bytes: number; upgrade: 'yes' | 'no' }
  | { do: 'report' }
  | { do: 'close' }
  | { do: 'flood-self'; connections: number }
export type Report =
  | { is: 'listening'; address: Address }
  | { is: 'report'; received: number; inOrder: boolean; counters: EndpointCounters; down: number; openFiles: number }
  | { is: 'closed' }

/** Starts an endpoint in a process of its own, killed when the test is over. */
export async function startProcess(options: Partial<EndpointOptions> = {}, openFileLimit?: number) {
  const file = await bundled(new URL('./endpoint-process.ts', import.meta.url))
  const child: ChildProcess =
    openFileLimit === undefined
      ? fork(file, [JSON.stringify(options)], { execArgv: [] })
      : fork(file, [JSON.stringify(options)], { execArgv: [], execPath: limitedNode(file, openFileLimit) })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  const reports: Report[] = []
  child.on('message', (report: Report) => reports.push(report))
  await until('the process listens', () => reports.some(({ is }) => is === 'listening'))
  const first = reports[0]!
  if (first.is !== 'listening') throw new Error('the process told something else first')
  const tell = (command: Command) => child.send(command)
  return {
    child,
    address: first.address,
    tell,
    async report() {
      const before = reports.length
      tell({ do: 'report' })
      await until('the process reports', () => reports.length > before)
      const report = reports.at(-1)!
      if (report.is !== 'report') throw new Error('the process told something else')
      return report
    },
    async exited() {
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
      return child.exitCode
    },
  }
}

/** A program that runs node with at most so many open files. */
function limitedNode(file: string, limit: number): string {
  const path = `${file}-limit-${limit}.sh`
  writeFileSync(path, `#!/bin/sh\nulimit -n ${limit}\nexec "${process.execPath}" "$@"\n`, { mode: 0o755 })
  return path
}
