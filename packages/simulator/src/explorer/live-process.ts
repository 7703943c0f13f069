import { canonical, firstLeader, type ProcessId, StableStorage } from '@upon/contract'
import { type HandlerError, type memoryStorage, type Observation, storageOf } from '@upon/runtime'
import { Host, type World, type WorldTimer } from '../engine/host'
import { attributesOf } from '../engine/recorder'
import { type Detector, type Detectors, detectors, type Indicate, type Turn } from './detectors'
import type { Texts } from './texts'

/** A message that a process sent. Those of the same text are the same. */
export interface Sending {
  readonly type: 'send'
  readonly from: number
  readonly to: number
  readonly path: string
  readonly message: unknown
  readonly isLossy: boolean
  readonly text: string
  readonly number: number
}

/** What a process did to the world outside it. */
export type Effect =
  | Sending
  | { readonly type: 'arm' | 'disarm' | 'unwatch'; readonly path: string }
  | { readonly type: 'watch'; readonly detector: Detector }
  | { readonly type: 'event'; readonly observation: Observation; readonly text: string }
  | { readonly type: 'error'; readonly error: HandlerError }

/** The explorer tries each number that may be drawn: of more there would be no end. */
const LIMIT_DRAWN = 100

/** How a client at one process performs an operation. */
export type Perform = (operation: unknown, done: () => void) => void

/** The start of a process, the same each time it is run. */
export interface Beginning {
  readonly host: number
  readonly processes: readonly ProcessId[]
  readonly setup: (live: LiveProcess) => Perform | undefined
  readonly operations: readonly unknown[]
  readonly records: (module: string, path: string) => boolean
  readonly texts: Texts
  /** What it draws when it starts, in order. */
  readonly choices?: readonly number[]
}

/** A running process whose effects on the world are recorded. */
export class LiveProcess implements World {
  readonly host: Host
  readonly detectors: Detectors
  /** Of the step under way. */
  effects: Effect[] = []
  isBusy = false
  /** Operations that its client has not begun. */
  left: readonly unknown[]
  /** The numbers chosen for this step, and how many of them were drawn; the explorer has yet to choose any further ones. */
  choices: readonly number[] = []
  drawn = 0
  /** The first number that was not chosen is below this. */
  undecided: number | undefined
  readonly #perform: Perform | undefined
  readonly #timers = new Map<string, () => void>()
  readonly #indicate = new Map<string, Indicate>()
  readonly #stored: Record<string, object> = {}

  constructor(readonly beginning: Beginning) {
    const { host, processes, setup, operations, choices = [] } = beginning
    this.choices = choices
    this.detectors = detectors((path, module, indicate) => {
      const said = module === 'EventualLeaderDetector' ? [firstLeader(processes)] : []
      this.#indicate.set(path, indicate)
      this.effects.push({ type: 'watch', detector: { host, path, module, said } })
      return { said, close: () => void this.effects.push({ type: 'unwatch', path }) }
    })
    this.host = new Host(host, processes, this, 'all', this.#storage())
    this.#perform = setup(this)
    this.left = this.#perform === undefined ? [] : operations
  }

  /** Everything that decides what it does next, as text. */
  get state(): string {
    return `${canonical(this.host.process.configuration())} ${canonical(this.#stored)} ${this.left.length} ${this.isBusy}`
  }

  operate(): void {
    const [operation, ...left] = this.left
    this.left = left
    this.isBusy = true
    this.#perform?.(operation, () => {
      this.isBusy = false
    })
  }

  timeout(path: string): void {
    this.#timers.get(path)?.()
  }

  indicate(path: string, event: Turn['event'], p: ProcessId): void {
    this.#indicate.get(path)?.(event, p)
  }

  send(from: number, q: ProcessId, path: string, message: unknown, links: 'perfect' | 'fair-loss'): void {
    const { processes, texts } = this.beginning
    const text = `${processes[from]}>${q} ${path} ${canonical(message)}`
    const sending = { from, to: processes.indexOf(q), path, message, isLossy: links === 'fair-loss', text, number: texts.numberOf(text) }
    this.effects.push({ type: 'send', ...sending })
  }

  timer({ path, timeout }: WorldTimer): { start(delayMs: number): void; stop(): void } {
    this.#timers.set(path, timeout)
    return {
      start: () => void this.effects.push({ type: 'arm', path }),
      stop: () => void this.effects.push({ type: 'disarm', path }),
    }
  }

  observes(module: string, path: string): boolean {
    return this.beginning.records(module, path)
  }

  observesRules(): boolean {
    return false // a rule is no step
  }

  observe(host: number, observation: Observation): void {
    const attributes = attributesOf(observation)
    const text = `${host} ${observation.path} ${observation.event} ${canonical(attributes)}`
    this.effects.push({ type: 'event', observation: { ...observation, attributes }, text })
  }

  crashed(_host: number, error: HandlerError): void {
    this.effects.push({ type: 'error', error })
  }

  draw(_host: number, _path: string, n: number): number {
    if (n > LIMIT_DRAWN) throw new RangeError(`below(${n}): the explorer tries each number that is drawn, of at most ${LIMIT_DRAWN}`)
    const chosen = this.choices[this.drawn++]
    if (chosen === undefined && n > 1) this.undecided ??= n
    return chosen ?? 0
  }

  /** Each step is a turn, and ends after everything that the step has caused so far. */
  endOfTurn(_host: number, end: () => void): void {
    end()
  }

  missing(): void {}

  nowMs(): number {
    return 0
  }

  place(p: ProcessId): number {
    return this.beginning.processes.indexOf(p)
  }

  /** Storage in memory. Its content is part of the state, since instances made later find it. */
  #storage(): ReturnType<typeof memoryStorage> {
    const read = (path: string) => this.#stored[path] as Record<string, unknown> | undefined
    return {
      sort: 'port',
      abstraction: StableStorage,
      open: ({ path }) => {
        const keep = (stored: object) => {
          this.#stored[path] = stored
        }
        return { upon: storageOf(() => read(path), keep) }
      },
    }
  }
}
