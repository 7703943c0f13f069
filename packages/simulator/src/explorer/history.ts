import { PerfectFailureDetector, type Port, type ProcessId } from '@upon/contract'
import type { HandlerError, Observation } from '@upon/runtime'
import { Host, type TimerSite, type World } from '../host'
import { attributesOf } from '../recorder'
import { canonical } from './canonical'
import type { Texts } from './texts'

/** Something that comes to a process. Its text is its name: what has the same one does the same. */
export interface Input {
  readonly text: string
  readonly act: (live: LiveProcess) => void
}

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

/** What a process did to the world around it. */
export type Effect =
  | Sending
  | { readonly type: 'arm' | 'disarm'; readonly timer: number; readonly path: string }
  | { readonly type: 'watch' | 'unwatch'; readonly detector: number; readonly path: string }
  | { readonly type: 'event'; readonly observation: Observation; readonly text: string }
  | { readonly type: 'hold'; readonly text: string }
  | { readonly type: 'error'; readonly error: HandlerError }

/** How a client at one process performs an operation. */
export type Perform = (operation: unknown, done: () => void) => void

/** What all histories of one process have in common. */
export interface Beginning {
  readonly host: number
  readonly processes: readonly ProcessId[]
  readonly setup: (live: LiveProcess) => Perform | undefined
  readonly operations: readonly unknown[]
  readonly records: (module: string, path: string) => boolean
  readonly texts: Texts
}

/** A process that runs, with what it does to the world written down. */
export class LiveProcess implements World {
  readonly host: Host
  /** Of the step under way. */
  effects: Effect[] = []
  isBusy = false
  /** Operations that its client has not begun. */
  left: readonly unknown[]
  readonly perform: Perform | undefined
  readonly #timers: (() => void)[] = []
  readonly #detectors: ((p: ProcessId) => void)[] = []

  constructor(readonly beginning: Beginning) {
    const { host, processes, setup, operations } = beginning
    this.host = new Host(host, processes, this)
    this.perform = setup(this)
    this.left = this.perform === undefined ? [] : operations
  }

  /** A perfect failure detector, told by the world whom to detect. */
  get detector(): Port<PerfectFailureDetector> {
    return {
      sort: 'port',
      abstraction: PerfectFailureDetector,
      open: ({ path, indicate }) => {
        const detector = this.#detectors.push(indicate.crash) - 1
        this.effects.push({ type: 'watch', detector, path })
        return { upon: {}, close: () => void this.effects.push({ type: 'unwatch', detector, path }) }
      },
    }
  }

  operate(): void {
    const [operation, ...left] = this.left
    this.left = left
    this.isBusy = true
    this.perform?.(operation, () => {
      this.isBusy = false
    })
  }

  timeout(timer: number): void {
    this.#timers[timer]?.()
  }

  detect(detector: number, p: ProcessId): void {
    this.#detectors[detector]?.(p)
  }

  send(from: number, q: ProcessId, path: string, message: unknown, links: 'perfect' | 'fair-loss'): void {
    const { processes, texts } = this.beginning
    const text = `${processes[from]}>${q} ${path} ${canonical(message)}`
    const sending = { from, to: processes.indexOf(q), path, message, isLossy: links === 'fair-loss', text, number: texts.numberOf(text) }
    this.effects.push({ type: 'send', ...sending })
  }

  timer({ path, timeout }: TimerSite): { start(delayMs: number): void; stop(): void } {
    const timer = this.#timers.push(timeout) - 1
    return {
      start: () => void this.effects.push({ type: 'arm', timer, path }),
      stop: () => void this.effects.push({ type: 'disarm', timer, path }),
    }
  }

  observes(module: string, path: string): boolean {
    return this.beginning.records(module, path)
  }

  observe(host: number, observation: Observation): void {
    const attributes = attributesOf(observation)
    const text = `${host} ${observation.path} ${observation.event} ${canonical(attributes)}`
    this.effects.push({ type: 'event', observation: { ...observation, attributes }, text })
  }

  crashed(_host: number, error: HandlerError): void {
    this.effects.push({ type: 'error', error })
  }

  missing(host: number, path: string, from: ProcessId, message: unknown): void {
    this.effects.push({ type: 'hold', text: `${host} ${from} ${path} ${canonical(message)}` })
  }

  nowMs(): number {
    return 0
  }
}

/**
 * A process, as all that has come to it so far. What comes to one process makes no difference to another but by what it does, so that
 * its few histories are worked out once each, not once in every schedule of them all. Processes cannot be copied, but run again.
 */
export class History {
  /** Of its last input. */
  readonly effects: readonly Effect[]
  /** What it remembers, as a number. */
  readonly state: number
  readonly isBusy: boolean
  readonly left: readonly unknown[]
  readonly #next = new Map<string, History>()

  constructor(
    readonly beginning: Beginning,
    readonly before?: History,
    readonly input?: Input,
  ) {
    const live = this.#run()
    const { process } = live.host
    this.effects = live.effects
    this.isBusy = live.isBusy
    this.left = live.left
    this.state = beginning.texts.numberOf(`${canonical(process.snapshot())} ${process.counters.held}`)
  }

  /** The process when one more thing has come to it. */
  after(input: Input): History {
    let next = this.#next.get(input.text)
    if (next === undefined) {
      next = new History(this.beginning, this, input)
      this.#next.set(input.text, next)
    }
    return next
  }

  #run(): LiveProcess {
    if (this.before === undefined || this.input === undefined) return new LiveProcess(this.beginning)
    const live = this.before.#run()
    if (live.effects.length !== this.before.effects.length)
      throw new Error(`${live.host.process.self}: the same inputs had other effects: something is not deterministic`)
    live.effects = []
    this.input.act(live)
    return live
  }
}
