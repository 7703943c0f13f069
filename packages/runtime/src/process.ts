import {
  checkName,
  type Layer,
  type Module,
  type ModuleOf,
  misuse,
  moduleOf,
  type Outside,
  type PayloadOf,
  type ProcessId,
  type Upon,
} from '@upon/contract'
import { checkSystem } from './assumptions'
import { queryCalls } from './connections'
import { dispatch, type Edge } from './edge'
import { ProcessEndedError } from './errors'
import { HandlerError } from './handler-error'
import { DEFAULT_HOLD_LIMITS } from './held'
import { Instance } from './instance'
import type { Happened } from './lasting'
import { messageCapacity } from './message-capacity'
import { checkLayer, checkOptions, checkSupply } from './misuse'
import { Observer } from './observer'
import { PortToken, react } from './port-token'
import type { Counters, ProcessOptions, Supply } from './process-options'
import { EventQueue } from './queue'
import { rankProcesses } from './ranks'
import { openRootPort, type PortHost, transportsBelow } from './root-port'
import { Router } from './router'
import { configurationOf, statesOf } from './snapshot'
import type { RunArguments, Supplying } from './supplying'
import type { Handler } from './token'
import { warnOfOverflow, warnOfUnclaimed } from './warnings'
import { instanceOf, Wiring } from './wiring'

/**
 * A process: runs algorithms, one event after the other.
 *
 * Triggering an event appends it to the one queue of the process. A handler runs to its end before the next event is taken. All events are
 * handled before the outermost call from outside returns. Nothing here waits, sleeps or touches the outside; only what the host supplies
 * does.
 */
export class Process<const S extends readonly Supply[] = []> {
  readonly self: ProcessId
  readonly processes: readonly ProcessId[]
  /** Registers handlers for the indications of what `run` returned. */
  readonly upon = react as Upon // one function for all: a closure of each process's own would outlive it until a full garbage collection

  readonly #options: ProcessOptions<S>
  readonly #observer: Observer
  readonly #queue = new EventQueue()
  readonly #router: Router
  readonly #wiring: Wiring
  readonly #environment: Instance
  readonly #supplied: ReadonlyMap<string, Supply>
  readonly #portHost = this.#makePortHost()
  readonly #ports: PortToken[] = []
  /** Ports whose new handlers have not yet got what was kept for them. */
  #scheduled: PortToken[] = []
  #events = 0
  #current = 0
  #unknownKinds = 0
  #malformed = 0
  #unheard = 0
  #isHandling = false
  readonly #atEnd: ((error: HandlerError | undefined) => void)[] = []
  #error: HandlerError | undefined
  #state: 'idle' | 'busy' | 'crashed' | 'stopped' = 'idle'

  constructor(options: ProcessOptions<S>) {
    checkOptions(options)
    const { processes, rank } = rankProcesses(options.self, options.processes, options.rank)
    checkSystem(options.f, options.timing, processes.length)
    const supply: readonly Supply[] = options.supply ?? []
    checkSupply(supply)
    this.#options = options
    this.self = options.self
    this.processes = processes
    this.#observer = new Observer(options)
    this.#router = this.#makeRouter()
    const enqueue = (edge: Edge, a: unknown, b: unknown, c: unknown, d: unknown) => {
      if (this.#state === 'crashed' || this.#state === 'stopped') return
      this.#queue.push(edge, a, b, c, d, this.#current)
      if (this.#state === 'idle') this.#drain()
    }
    const observes = options.observes ?? (() => options.observe !== undefined)
    this.#environment = new Instance('', undefined, undefined, enqueue)
    this.#environment.members = processes
    const supplied = suppliedBy(supply)
    this.#supplied = supplied
    const { resume = () => undefined, observesRules = () => false } = options
    const seen = { observes, observesRules, queried: this.#queried, fired: this.#fired }
    const hooks = { enqueue, ...seen, resume, malformed: this.#refuse }
    const own = { self: this.self, rank, f: options.f, timing: options.timing, router: this.#router, supplied }
    this.#wiring = new Wiring({ ...own, ...hooks, areIndexesEscaped: options.indexes !== 'as they are' })
    const receive = (from: ProcessId, path: string, message: unknown) => this.#receive(from, path, message)
    for (const s of supply) if (s.sort === 'transport') s.attach(receive, { self: this.self, processes, rank })
  }

  /**
   * Runs a layer with all layers below it, and returns its port: requests to trigger, indications for `upon`. The paths of instances start with
   * `name`, which must be the same in all processes of the system; by default, the book's name of the instance.
   *
   * A handler that is registered later misses nothing: earlier indications, from ⟨Init⟩ or from messages that were kept, are kept for the first
   * handler of their event. A request throws at the call if the process has ended (`ProcessEndedError`), if the links are full
   * (`OverloadedError`), or if a value cannot travel (`TypeError`, `RangeError`). It then has no effect.
   * `run` throws if the name is invalid or taken, if nothing gives a module that is needed, or if an ⟨Init⟩ throws. It then leaves nothing behind.
   */
  run<L extends Layer<Module>>(layer: L & Supplying<L, S>, ...more: RunArguments<L>): Outside<ModuleOf<L>, PayloadOf<L>> {
    checkLayer(layer)
    const [name = instanceOf(layer), parameters] = more
    return this.#run(layer, name, parameters) as Outside<ModuleOf<L>, PayloadOf<L>>
  }

  #run(layer: Layer<Module>, name: string, parameters: unknown): object {
    checkName('run', name)
    let port: object = {}
    this.step(() => {
      if (this.#environment.hasChild(name)) throw misuse(`there is already an instance ${name}: give this one another name`)
      const transports = transportsBelow(layer, this.#supplied)
      const join = (instance: Instance) => {
        port = openRootPort(instance, this.#environment, this.#portHost, transports, queryCalls(instance, this.#wiring.context))
      }
      this.#wiring.instantiate(layer, name, this.#environment, { join, parameters })
    })
    for (const token of Object.values(port)) if (token instanceof PortToken) this.#ports.push(token)
    return port
  }

  /**
   * Runs `action` as one step from outside, and returns what it returns. The events that it triggers are handled when it is done, even
   * if it throws. The step ends with the synchronous part of `action`.
   */
  step<T>(action: () => T): T {
    if (this.#state === 'crashed' || this.#state === 'stopped') throw new ProcessEndedError(this.self, this.#state)
    if (this.#state === 'busy') return action()
    this.#state = 'busy'
    try {
      return action()
    } finally {
      if (this.#state === 'busy') this.#drain()
    }
  }

  get counters(): Counters {
    const { held, late } = this.#router
    return {
      events: this.#events,
      held: held.count,
      overflowed: held.overflowed.perInstance + held.overflowed.perSender + held.overflowed.perProcess,
      overflowedBy: held.overflowed,
      late,
      malformed: this.#malformed,
      unknownKinds: this.#unknownKinds,
      kept: this.#ports.reduce((sum, { kept }) => sum + kept, 0),
      unheard: this.#unheard,
    }
  }

  /** The state of every instance, or of the instance at `path` and those below it, by path. The result is live: copy it to keep it. */
  snapshot(path?: string): Record<string, object> {
    return statesOf(path === undefined ? this.#environment : this.#environment.find(path))
  }

  /**
   * Everything that decides what this process does next, as plain data with Maps: each instance's state and whether it has halted, the messages
   * kept for instances to come, and the progress of families. Two processes with equal configurations behave alike. Live, like a snapshot.
   */
  configuration(): object {
    return { instances: configurationOf(this.#environment), messages: this.#router.memory }
  }

  /** Ends every instance and frees what the host holds for them. Events that still come are dropped. */
  stop(): void {
    if (this.#state === 'stopped') return
    this.#state = 'stopped'
    this.#queue.clear()
    this.#scheduled = []
    this.#environment.dispose()
    this.#end()
  }

  /** Calls `listener` when the process ends, with the error if it crashed; at once if it has ended already. It must not throw. */
  whenEnded(listener: (error: HandlerError | undefined) => void): void {
    if (this.#state === 'crashed' || this.#state === 'stopped') listener(this.#error)
    else this.#atEnd.push(listener)
  }

  /** What the ports of the application need from their process. */
  #makePortHost(): PortHost {
    return {
      process: this,
      isMember: (p) => this.processes.includes(p as ProcessId),
      current: () => this.#current, // no getter: it would give each object a hidden class of its own, which keeps the process until a full collection
      // a running handler may end, but what it triggers has no effect
      admit: (what) => {
        if ((this.#state === 'crashed' || this.#state === 'stopped') && !this.#isHandling)
          throw new ProcessEndedError(this.self, this.#state, what)
      },
      schedule: (token) => {
        this.#scheduled.push(token)
        if (this.#state === 'idle') this.#drain()
      },
    }
  }

  #makeRouter(): Router {
    const { self } = this
    const { hold, onMissing = () => {}, onUnclaimed, onOverflow = warnOfOverflow(self) } = this.#options
    const others = Math.max(1, this.processes.length - 1)
    const perProcess = hold?.perProcess ?? DEFAULT_HOLD_LIMITS.perProcess
    const perSender = Math.max(1, Math.floor(perProcess / others))
    const warn = (path: string, from: ProcessId) => this.whenEnded(warnOfUnclaimed(self, path, from, () => this.#router.held.has(path)))
    return new Router({ ...DEFAULT_HOLD_LIMITS, perSender, ...hold }, { onMissing, onOverflow, onUnclaimed: onUnclaimed ?? warn })
  }

  readonly #refuse = (path: string, message: unknown): void => {
    this.#malformed++
    this.#options.onMalformed?.(path, message)
  }

  /** A query is not an event of the queue. It has a number among the events, so that observations are in order. */
  readonly #queried = (instance: Instance, query: string, attributes: readonly unknown[]): void => {
    this.#observer.query(++this.#events, this.#current, instance, query, attributes)
  }

  /** A rule has a number among the events, too, and is the cause of what its action triggers. */
  readonly #fired = (instance: Instance, rule: string, action: () => void): void => {
    if (instance.halted || this.#state !== 'busy') {
      action()
      return
    }
    const before = this.#current
    this.#current = ++this.#events
    try {
      this.#observer.rule(this.#current, before, instance, rule)
      if (rule === 'Init' || !instance.halted) action() // the observer may have stopped us
    } finally {
      this.#current = before
    }
  }

  #end(): void {
    for (const token of this.#ports) token.forget()
    for (const listener of this.#atEnd.splice(0)) listener(this.#error)
  }

  #receive(from: ProcessId, path: string, message: unknown): void {
    if (this.#state === 'idle') this.step(() => this.#router.receive(from, path, message))
    else if (this.#state === 'busy') this.#router.receive(from, path, message)
  }

  #drain(): void {
    this.#state = 'busy'
    this.#isHandling = true
    const queue = this.#queue
    const { limitStepEvents = Number.POSITIVE_INFINITY } = this.#options
    const last = this.#events + limitStepEvents
    let edge: Edge | undefined
    try {
      do {
        for (edge = queue.shift(); edge !== undefined; edge = queue.shift()) {
          const { receiver } = edge
          if (receiver.halted) continue
          this.#current = ++this.#events
          if (this.#current > last) throw new Error(`more than ${limitStepEvents} events without input from outside: it goes on forever`)
          const { a, b, c, d } = queue
          if (edge.source.observed) {
            this.#observer.event(this.#current, queue.cause, edge, [a, b, c, d])
            if (receiver.halted) continue // the observer has stopped us
          }
          const outcome = dispatch(edge, a, b, c, d)
          if (outcome !== 'handled') this.#unhandled(outcome, edge, a, b, c, d)
          receiver.settle()
        }
        edge = this.#handOver()
      } while (edge !== undefined)
      if (this.#state === 'busy') this.#state = 'idle'
    } catch (error) {
      this.#crash(edge ?? (this.#scheduled[0]?.edge as Edge), error)
    } finally {
      this.#current = 0
      this.#isHandling = false
    }
  }

  /** Gives the handlers of one port what was kept for them. Returns the edge on which that came, if there was one. */
  #handOver(): Edge | undefined {
    const [token] = this.#scheduled
    if (token === undefined) return undefined
    const edge = token.edge as Edge
    token.handOver((handler: Handler, { number, attributes }: Happened) => {
      this.#current = number
      handler(...attributes)
      return !edge.receiver.halted
    })
    this.#scheduled.shift()
    return edge
  }

  /** No handler takes an event, or messages of that kind. At a port of the application, one may still be added. */
  #unhandled(outcome: 'ignored' | 'unknown kind', edge: Edge, a: unknown, b: unknown, c: unknown, d: unknown): void {
    const { token, source } = edge
    const message = [a, b, c, d][token.attributes - 1]
    if (outcome === 'unknown kind') {
      this.#unknownKinds++
      this.#options.onUnknownKind?.(source.path, message)
    }
    if (!(token instanceof PortToken)) return
    if (token.keep({ event: token.name, number: this.#current, attributes: [a, b, c, d] })) return
    this.#unheard++
    this.#router.hooks.onOverflow('perEvent', `${source.path}.${token.name}`, undefined, message)
  }

  #crash(edge: Edge, cause: unknown): void {
    this.#state = 'crashed'
    this.#queue.clear()
    const error = new HandlerError(this.self, edge.source.path, edge.token.name, edge.receiver.path, edge.receiver.state, cause)
    this.#error = error
    this.#scheduled = []
    this.#environment.dispose()
    this.#end()
    if (this.#options.onCrash === undefined) throw error
    this.#options.onCrash(error)
  }
}

/** What the host supplies, by the name of the module; its transports say how much fits into a message, if nothing else does. */
function suppliedBy(supply: readonly Supply[]): ReadonlyMap<string, Supply> {
  const transports = supply.filter((each) => each.sort === 'transport')
  const given = transports.length === 0 ? supply : [messageCapacity(transports), ...supply]
  return new Map(given.map((each) => [moduleOf(each).name, each]))
}
