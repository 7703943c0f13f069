import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterEach } from 'vitest'

export const CLI = fileURLToPath(new URL('../dist/cli.js', import.meta.url))
export const IDLE_CHILD = fileURLToPath(new URL('idle-child.mjs', import.meta.url))
export const STATE = mkdtempSync(join(tmpdir(), 'upon-hub-'))

const running = new Set<ChildProcess>()

afterEach(() => {
  for (const process of running) process.kill('SIGKILL')
  running.clear()
})

/** The built command as a process of its own. */
export class Run {
  readonly lines: string[] = []
  readonly errors: string[] = []
  readonly process: ChildProcess
  /** Exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>

  constructor(
    words: readonly string[],
    { stdout = 'pipe' as 'pipe' | number, ...more }: { stdout?: 'pipe' | number; [variable: string]: unknown } = {},
  ) {
    const env = { ...process.env, XDG_STATE_HOME: STATE, FORCE_COLOR: undefined, NO_COLOR: undefined, ...(more as Record<string, string>) }
    this.process = spawn(process.execPath, [CLI, ...words], { stdio: ['pipe', stdout, 'pipe'], env })
    running.add(this.process)
    this.process.stdin!.on('error', () => {})
    if (this.process.stdout) createInterface({ input: this.process.stdout }).on('line', (line) => this.lines.push(line))
    createInterface({ input: this.process.stderr! }).on('line', (line) => this.errors.push(line))
    this.ended = new Promise((resolve) => this.process.once('close', (code, signal) => resolve(code ?? signal!)))
  }

  type(...lines: readonly string[]): this {
    this.process.stdin!.write(lines.map((line) => `${line}\n`).join(''))
    return this
  }

  endInput(): Promise<number | string> {
    this.process.stdin!.end()
    return this.ended
  }

  /** The first line, already there or to come, that matches. */
  async line(pattern: RegExp): Promise<string> {
    let hasEnded = false
    void this.ended.then(() => {
      hasEnded = true
    })
    for (;;) {
      const found = this.lines.find((line) => pattern.test(line))
      if (found !== undefined) return found
      if (hasEnded) throw new Error(`ended without a line like ${pattern}; printed: ${[...this.lines, ...this.errors].join('\n')}`)
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }

  /** Where it listens, as it says. */
  async address(): Promise<{ host: string; port: number }> {
    const [, host = '', port = ''] = /listening on (\S+):(\d+)/.exec(await this.line(/listening on/))!
    return { host, port: Number(port) }
  }
}
