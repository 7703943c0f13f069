import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Invocation } from './node-command'

const LIMIT_STOP_MS = 1_500
const LAST_LINES = 10

interface Child {
  readonly name: string
  readonly process: ChildProcess
  readonly ended: Promise<void>
  readonly lastLines: string[]
}

/** The reference processes that we started. Their standard input ends when we do, however we end. */
export class Reference {
  readonly #children = new Map<string, Child>()
  #isStopping = false
  #isGuarded = false

  /** `onLine`: what a process prints; `onEnd`: it ended by itself, with the last of what it printed. */
  constructor(
    private readonly onLine: (name: string, line: string) => void,
    private readonly onEnd: (name: string, how: string, lastLines: readonly string[]) => void,
  ) {}

  /** Those that live. */
  get names(): string[] {
    return [...this.#children.keys()]
  }

  start(name: string, [program, ...words]: Invocation): void {
    if (!this.#isGuarded) process.on('exit', () => this.killAll())
    this.#isGuarded = true
    const started = spawn(program, words, { stdio: ['pipe', 'pipe', 'pipe'] })
    const lastLines: string[] = []
    const take = (line: string): void => {
      lastLines.push(line)
      if (lastLines.length > LAST_LINES) lastLines.shift()
      this.onLine(name, line)
    }
    started.stdin.on('error', () => {})
    for (const stream of [started.stdout, started.stderr]) createInterface({ input: stream }).on('line', take)
    const ended = new Promise<void>((resolve) => {
      const end = (how: string): void => {
        resolve()
        if (this.#children.delete(name) && !this.#isStopping) this.onEnd(name, how, lastLines)
      }
      started.once('error', (error) => end(`cannot be started: ${error.message}`))
      started.once('close', (code, signal) => end(signal ? `ended by ${signal}` : `ended with exit code ${code}`))
    })
    this.#children.set(name, { name, process: started, ended, lastLines })
  }

  /** SIGKILL; resolves when it is gone. */
  async kill(name: string): Promise<void> {
    const child = this.#children.get(name)
    if (!child) return
    this.#children.delete(name)
    child.process.kill('SIGKILL')
    await child.ended
  }

  /** Ends all, gracefully first. */
  async stop(): Promise<void> {
    this.#isStopping = true
    const children = [...this.#children.values()]
    for (const child of children) child.process.kill('SIGTERM')
    const timer = setTimeout(() => this.killAll(), LIMIT_STOP_MS)
    await Promise.all(children.map(({ ended }) => ended))
    clearTimeout(timer)
  }

  killAll(): void {
    for (const child of this.#children.values()) child.process.kill('SIGKILL')
  }
}
