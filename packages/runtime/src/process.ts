import type { Layer, Module, ModuleOf, NeedsOf, Outside, PayloadOf, Port, ProcessId, Transport, Upon } from '@upon/contract'
import { dispatch, type Edge } from './edge'
import { HandlerError } from './handler-error'
import { Instance } from './instance'
import { EventQueue } from './queue'
import { rankProcesses } from './ranks'
import { DEFAULT_HOLD_LIMITS, type HoldLimits, Router } from './router'
import { connect, instanceOf, react, Wiring } from './wiring'

/** One event, as an observer sees it. */
export interface Observation {
  /** Counts the process's events from 1. */
  readonly index: number
  /** The event whose handler triggered this one; 0 for what came from outside. */
  readonly cause: number
  /** As the process's clock says; 0 without one. */
  readonly time: number
  readonly process: ProcessId
  /** The instance whose event it is: `app.nnar[x].beb`. */
  readonly path: string
  /** The module of that instance, by the book's name: `BestEffortBroadcast`. */
  readonly module: string
  readonly direction: 'request' | 'indication'
  readonly event: string
  readonly attributes: readonly unknown[]
}

/** What a process could not use, and why; and what it keeps. */
export interface Counters {
  readonly events: number
  /** Messages kept for instances that are not made yet. */
  readonly held: number
  /** Messages dropped because too many were kept already. */
  readonly overflowed: number
  /** Messages dropped because their instance is no more. */
  readonly late: number
  /** Messages of a kind that their instance does not know. */
  readonly unknownKinds: number
}

type Supply = Port<Module> | Transport<Module>

export interface ProcessOptions<S extends readonly Supply[]> {
  readonly self: ProcessId
  /** Π, with this process in it. The order in which processes are listed here means nothing. */
  readonly processes: readonly ProcessId[]
  /** Whole numbers, the same in all processes of the system. Without it, ranks are 1 to N in the order of names, by code point. */
  readonly rank?: (p: ProcessId) => number
  /** What the host gives: links, timers, ... Algorithms that need more do not compile. */
  readonly supply?: S
  readonly clock?: () => number
  /** Sees every event of every layer, just before it is handled; a `stop()` here comes before that, as a crash would. */
  readonly observe?: (observation: Observation) => void
  /** Asked once for each instance, when it is made, users before what they use: whether `observe` is shown its events. All, unless told. */
  readonly observes?: (module: string, path: string) => boolean
  /** Told when a handler has thrown, which crashes the process. Without it, the error is thrown to whoever triggered the event. */
  readonly onCrash?: (error: HandlerError) => void
  /** Told of each message that is kept because its instance is not made yet. */
  readonly onMissing?: (path: string, from: ProcessId, message: unknown) => void
  /** Told of each message of a kind that its instance does not know; it is dropped. */
  readonly onUnknownKind?: (path: string, message: unknown) => void
  readonly hold?: Partial<HoldLimits>
  /** How many events one thing from outside may bring about before the process is said to go on for ever, and crashes; no limit unless told. */
  readonly limitStepEvents?: number
}

/** The modules in `N` that nothing in `S` gives. */
type Missing<N extends Module, S extends Module> = N extends Module ? ([Extract<S, N>] extends [never] ? N : never) : never

/**
 * A process: runs algorithms, one event after the other.
 *
 * Triggering an event appends it to the process's one queue; a handler runs to its end before the next event is taken, and what
 * happens is handled before the outermost call from outside returns. Nothing here waits, sleeps or touches the outside: that is the
 * business of what the host supplies.
 */
export class Process<const S extends readonly Supply[] = []> {
  readonly self: ProcessId
  readonly processes: readonly ProcessId[]
  /** Registers handlers for the indications of what `run` returned. */
  readonly upon: Upon = react // one function for all: a closure of each process's own would outlive it until a full garbage collection

  readonly #options: ProcessOptions<S>
  readonly #queue = new EventQueue()
  readonly #router: Router
  readonly #wiring: Wiring
  readonly #environment: Instance
  #events = 0
  #current = 0
  #unknownKinds = 0
  readonly #atEnd: ((error: HandlerError | undefined) => void)[] = []
  #error: HandlerError | undefined
  #state: 'idle' | 'busy' | 'crashed' | 'stopped' = 'idle'

  constructor(options: ProcessOptions<S>) {
    const { processes, rank } = rankProcesses(options.self, options.processes, options.rank)
    this.#options = options
    this.self = options.self
    this.processes = processes
    this.#router = new Router({ ...DEFAULT_HOLD_LIMITS, ...options.hold }, options.onMissing ?? (() => {}))
    const enqueue = (edge: Edge, a: unknown, b: unknown, c: unknown, d: unknown) => {
      if (this.#state === 'crashed' || this.#state === 'stopped') return
      this.#queue.push(edge, a, b, c, d, this.#current)
      if (this.#state === 'idle') this.#drain()
    }
    const observes = options.observes ?? (() => options.observe !== undefined)
    this.#environment = new Instance('', undefined, undefined, enqueue)
    const supplied = new Map((options.supply ?? []).map((s) => [(s.sort === 'transport' ? s.guarantees : s.abstraction).name, s]))
    const home = { self: this.self, processes: this.processes, rank, enqueue, observes, router: this.#router, supplied }
    this.#wiring = new Wiring(home, this.#environment)
    const receive = (from: ProcessId, path: string, message: unknown) => this.#receive(from, path, message)
    for (const s of options.supply ?? []) if (s.sort === 'transport') s.attach(receive, { self: this.self, processes, rank })
  }

  /**
   * Runs a layer with all below it, and gives its port: requests to trigger, indications for `upon`. Instances get their paths from
   * `name`, which must be the same in all processes of the system; it is the book's name of the instance unless told.
   *
   * ⟨Init⟩ has run when this returns: what it indicates by itself comes before any handler of the caller's, and goes to nobody. To
   * miss nothing, such as the first leader, run the layer and register the handlers in one `step`.
   * Throws if the name is taken, if nothing gives a module that is needed, or what an ⟨Init⟩ threw; nothing of it then remains.
   */
  run<L extends Layer<Module>>(
    layer: L,
    ...rest: [Missing<NeedsOf<L>, ModuleOf<S[number]>>] extends [never]
      ? [name?: string]
      : [{ readonly 'nothing supplies': Missing<NeedsOf<L>, ModuleOf<S[number]>> }]
  ): Outside<ModuleOf<L>, PayloadOf<L>> {
    const name = (rest[0] as string | undefined) ?? instanceOf(layer)
    let port: unknown
    this.step(() => {
      if (this.#environment.hasChild(name)) throw new TypeError(`there is an instance ${name} already: give this one another name`)
      this.#wiring.instantiate(layer, name, this.#environment, (instance) => {
        port = connect(instance, this.#environment)
      })
    })
    return port as Outside<ModuleOf<L>, PayloadOf<L>>
  }

  /**
   * Does several things from outside as one step, and returns what `action` returns: what it triggers is handled when it is done, also
   * if it throws. It ends with `action`'s synchronous part.
   */
  step<T>(action: () => T): T {
    if (this.#state === 'crashed' || this.#state === 'stopped') throw new Error(`process ${this.self} has ${this.#state}`)
    if (this.#state === 'busy') return action()
    this.#state = 'busy'
    try {
      return action()
    } finally {
      if (this.#state === 'busy') this.#drain()
    }
  }

  get counters(): Counters {
    const { held, overflowed, late } = this.#router
    return { events: this.#events, held, overflowed, late, unknownKinds: this.#unknownKinds }
  }

  /** The state of every instance, by its path. What it returns is live: copy it to keep it. */
  snapshot(): Record<string, object> {
    const states: Record<string, object> = {}
    const add = (instance: Instance) => {
      if (instance.path !== '') states[instance.path] = instance.state
      for (const child of instance.children) add(child)
    }
    add(this.#environment)
    return states
  }

  /**
   * All that decides what this process does next, as plain data with Maps: each instance's state and whether it has halted, the messages
   * kept for instances to come, and how far families have come. Two processes that are equal in this go on alike. Live, as a snapshot is.
   */
  configuration(): object {
    const instances: Record<string, object> = {}
    const add = ({ path, state, halted, children }: Instance) => {
      instances[path] = { state, halted }
      for (const child of children) add(child)
    }
    add(this.#environment)
    return { instances, messages: this.#router.memory }
  }

  /** Ends every instance and frees what the host holds for them. Events that still come are dropped. */
  stop(): void {
    if (this.#state === 'stopped') return
    this.#state = 'stopped'
    this.#queue.clear()
    this.#environment.dispose()
    this.#end()
  }

  /** Calls `listener` when the process ends, with the error if it crashed; at once if it has ended already. It must not throw. */
  whenEnded(listener: (error: HandlerError | undefined) => void): void {
    if (this.#state === 'crashed' || this.#state === 'stopped') listener(this.#error)
    else this.#atEnd.push(listener)
  }

  #end(): void {
    for (const listener of this.#atEnd.splice(0)) listener(this.#error)
  }

  #receive(from: ProcessId, path: string, message: unknown): void {
    if (this.#state === 'idle') this.step(() => this.#router.receive(from, path, message))
    else if (this.#state === 'busy') this.#router.receive(from, path, message)
  }

  #drain(): void {
    this.#state = 'busy'
    const queue = this.#queue
    const { limitStepEvents = Number.POSITIVE_INFINITY } = this.#options
    const last = this.#events + limitStepEvents
    let edge = queue.shift()
    try {
      for (; edge !== undefined; edge = queue.shift()) {
        const { receiver } = edge
        if (receiver.halted) continue
        this.#current = ++this.#events
        if (this.#current > last) throw new Error(`more than ${limitStepEvents} events without anything from outside: it goes on for ever`)
        const { a, b, c, d } = queue
        if (edge.source.observed) {
          this.#observe(edge, a, b, c, d, queue.cause)
          if (receiver.halted) continue // the observer has stopped us
        }
        if (dispatch(edge, a, b, c, d) === 'unknown kind') this.#unknownKind(edge, a, b, c, d)
        receiver.settle()
      }
      if (this.#state === 'busy') this.#state = 'idle'
    } catch (error) {
      this.#crash(edge as Edge, error)
    } finally {
      this.#current = 0
    }
  }

  #observe(edge: Edge, a: unknown, b: unknown, c: unknown, d: unknown, cause: number): void {
    const { source, direction, token } = edge
    const { path, abstraction } = source
    const module = abstraction?.name ?? ''
    const attributes = [a, b, c, d].slice(0, token.attributes)
    const time = this.#options.clock?.() ?? 0
    const { self } = this
    this.#options.observe?.({ index: this.#events, cause, time, process: self, path, module, direction, event: token.name, attributes })
  }

  #unknownKind(edge: Edge, a: unknown, b: unknown, c: unknown, d: unknown): void {
    this.#unknownKinds++
    this.#options.onUnknownKind?.(edge.source.path, [a, b, c, d][edge.token.attributes - 1])
  }

  #crash(edge: Edge, cause: unknown): void {
    this.#state = 'crashed'
    this.#queue.clear()
    const error = new HandlerError(this.self, edge.source.path, edge.token.name, edge.receiver.path, edge.receiver.state, cause)
    this.#error = error
    this.#environment.dispose()
    this.#end()
    if (this.#options.onCrash === undefined) throw error
    this.#options.onCrash(error)
  }
}
