import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** Habits of other implementations that a partner can have; README.md says what each is. */
export type Quirk =
  | 'nosplit'
  | 'emptyfrom'
  | 'nouuid'
  | 'outersys'
  | 'undefminus'
  | 'novalue'
  | 'emptyhubids'
  | 'nosenderhost'
  | 'slow'
  | 'strictproto'

/** One line that the partner printed: `listening`, `registered`, `system`, `deliver`, `read`, `write`, `decide`, `trust`, `epoch`, `malformed` ... */
export type ForeignEvent = { readonly event: string; readonly [field: string]: unknown }

export type ForeignOptions = {
  readonly hub: { readonly host: string; readonly port: number }
  /** One process for each, in one program; 0 for a free one. */
  readonly ports: readonly number[]
  readonly owner: string
  readonly quirks?: readonly Quirk[]
  /** The index of the first port's process; by default 1. */
  readonly index?: number
  readonly host?: string
}

export type Foreign = {
  readonly child: ChildProcess
  /** The ports that it listens on, in the order asked for. */
  readonly ports: readonly number[]
  readonly events: readonly ForeignEvent[]
  /** Everything written to standard error so far. */
  errors(): string
  /** Resolves with the first event, printed already or to come, that satisfies the condition; rejects when the partner stops before. */
  event(condition: (event: ForeignEvent) => boolean): Promise<ForeignEvent>
  kill(signal: NodeJS.Signals): void
  /** The exit code, once it has stopped and all that it printed has been read; null when a signal ended it. 3 means: it saw something illegal (`strictproto`). */
  readonly stopped: Promise<number | null>
}

const PROGRAM = fileURLToPath(new URL('./foreign.mjs', import.meta.url))

/** Starts a partner and resolves when every one of its ports listens; rejects when it stops before. It ends with the process that started it. */
export async function startForeign(options: ForeignOptions): Promise<Foreign> {
  const { hub, ports, owner, quirks = [], index = 1, host = '127.0.0.1' } = options
  const positional = [hub.host, String(hub.port), host, ports.join(','), owner]
  const child = spawn(process.execPath, [PROGRAM, ...positional, '--quirks', quirks.join(','), '--index', String(index)], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  const events: ForeignEvent[] = []
  const waiting = new Set<() => void>()
  let errors = ''
  let ended = false
  const wake = () => {
    for (const look of [...waiting]) look()
  }
  const stopped = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  }).finally(() => {
    ended = true
    wake()
  })
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    errors += text
  })
  createInterface({ input: child.stdout! }).on('line', (line) => {
    events.push(JSON.parse(line) as ForeignEvent)
    wake()
  })

  const event = (condition: (event: ForeignEvent) => boolean) =>
    new Promise<ForeignEvent>((resolve, reject) => {
      const look = () => {
        const found = events.find(condition)
        if (!found && !ended) return
        waiting.delete(look)
        if (found) resolve(found)
        else reject(new Error(`the foreign process ${owner} stopped before the event that was waited for; its standard error:\n${errors}`))
      }
      waiting.add(look)
      look()
    })

  const listening = (i: number) => event((e) => e.event === 'listening' && e.process === `${owner}-${index + i}`)
  const lines = await Promise.all(ports.map((_, i) => listening(i)))
  return {
    child,
    ports: lines.map((line) => line.port as number),
    events,
    errors: () => errors,
    event,
    kill: (s) => void child.kill(s),
    stopped,
  }
}
