import type { Abstraction, Index, Module, ProcessId } from '@upon/contract'
import { Edge, type End } from './edge'
import { LastingIndications } from './lasting'
import { type Handler, Token } from './token'

/** Appends an event to the process's queue. */
export type Enqueue = (edge: Edge, a: unknown, b: unknown, c: unknown, d: unknown) => void

/** Passes what it finds, if anything, to the action. */
interface Rule {
  readonly find: () => unknown
  readonly action: (found: unknown) => void
}

/** Whether the observer gets the events of the instance at `path`. */
export type Observes = (module: string, path: string) => boolean

/** How often the rules of one instance may fire after one event. Beyond that we assume that they never stop. */
const RULE_LIMIT = 100_000

/**
 * One instance of a layer in a process: its path, state, rules and place in the tree. It provides a module to the instances that use
 * it: their requests come in through `requests`, and its indications go out to all of them.
 */
export class Instance implements End {
  /** Most instances have none of what is undefined here at first, and there are many instances. */
  #children: Map<string, Instance> | undefined
  #rules: Rule[] | undefined
  #closers: (() => void)[] | undefined
  #lasting: LastingIndications | undefined
  readonly #indications: Edge[][]
  readonly arities: Arities
  /** The handlers of each request, in the order of the module. */
  readonly requests: Token[]
  state: object = NO_STATE
  halted = false
  /** Π of this instance, by increasing rank. */
  members: readonly ProcessId[]
  /** The instance that holds the shared layers of this one: the nearest one above it with members of its own, or the root. */
  scope: Instance
  /** How the port behind this instance answers queries. */
  answers: Readonly<Record<string, (...attributes: unknown[]) => unknown>> | undefined
  readonly observed: boolean
  algorithm: string | undefined
  /** Has a rule fire for an observer to see; undefined where nobody looks. */
  fires: ((rule: string, action: () => void) => void) | undefined

  constructor(
    readonly path: string,
    readonly abstraction: Abstraction<Module> | undefined,
    readonly parent: Instance | undefined,
    readonly enqueue: Enqueue,
    readonly observes: Observes = () => false,
  ) {
    this.observed = abstraction !== undefined && observes(abstraction.name, path)
    this.members = parent?.members ?? []
    this.scope = parent?.scope ?? this
    parent?.addChild(this)
    this.arities = arities(abstraction)
    const { requests, indications } = this.arities
    this.requests = requests.map(toToken)
    this.#indications = indications.map(noEdges)
  }

  get children(): Iterable<Instance> {
    return this.#children?.values() ?? []
  }

  addChild(child: Instance): void {
    this.#children ??= new Map()
    this.#children.set(child.path, child)
  }

  hasChild(path: string): boolean {
    return this.#children?.has(path) ?? false
  }

  /** The instance at `path`, somewhere below this one. */
  find(path: string): Instance | undefined {
    const found = this.#children?.get(path)
    if (found !== undefined || this.#children === undefined) return found
    for (const child of this.#children.values()) if (path.startsWith(`${child.path}.`)) return child.find(path)
    return undefined
  }

  /** Does something when this instance ends. */
  onEnd(close: () => void): void {
    this.#closers ??= []
    this.#closers.push(close)
  }

  /** Connects the i-th indication to `user`, too. */
  subscribe(user: Instance, i: number, token: Token, index?: Index): Edge {
    const edge = new Edge(token, user, this, 'indication', index)
    this.#indications[i]?.push(edge)
    return edge
  }

  /** Triggers the i-th request of this instance. */
  requestTrigger(i: number): Handler {
    const edge = new Edge(this.requests[i] as Token, this, this, 'request', undefined)
    const { enqueue } = this
    return (a, b, c, d) => enqueue(edge, a, b, c, d)
  }

  /** Triggers the i-th indication of this instance, at all who use it. */
  indicationTrigger(i: number): Handler {
    const edges = this.#indications[i] as Edge[]
    const { enqueue } = this
    const trigger: Handler = (a, b, c, d) => {
      for (let i = 0; i < edges.length; i++) enqueue(edges[i] as Edge, a, b, c, d)
    }
    const lasting = this.#lasting
    const [event] = this.arities.indications[i] as Arity
    if (lasting?.concerns(event) !== true) return trigger
    return (a, b, c, d) => {
      lasting.note({ event, number: i, attributes: [a, b, c, d] })
      trigger(a, b, c, d)
    }
  }

  /** Keeps lasting indications for users that join later. Call it before the triggers are made, so that other instances pay nothing for it. */
  remember(): void {
    if (this.abstraction !== undefined) this.#lasting = LastingIndications.of(this.abstraction)
  }

  /** Gives the lasting indications to a user that joins. */
  replay(user: Instance): void {
    for (const { number, attributes } of this.#lasting?.held ?? []) {
      const edge = this.#indications[number]?.find(({ receiver }) => receiver === user)
      if (edge !== undefined) this.enqueue(edge, ...attributes)
    }
  }

  addRule(rule: Rule): void {
    this.#rules ??= []
    this.#rules.push(rule)
  }

  /** Fires rules, in their order, until none is enabled. */
  settle(): void {
    const rules = this.#rules
    if (rules === undefined) return
    for (let i = 0, fired = 0; i < rules.length && !this.halted; i++) {
      const rule = rules[i] as Rule
      const found = rule.find()
      if (found === undefined || found === false) continue
      if (++fired > RULE_LIMIT) throw new Error(`the condition of rule ${i + 1} holds forever: its action must end it`)
      if (this.fires === undefined) rule.action(found)
      else this.fires(`when ${i + 1}`, () => rule.action(found))
      i = -1
    }
  }

  /** Ends this instance and all below it. No event reaches it any more. */
  dispose(): void {
    this.halted = true
    if (this.#children !== undefined) for (const child of this.#children.values()) child.dispose()
    if (this.#closers !== undefined) for (const close of this.#closers) close()
    this.parent?.forget(this)
  }

  forget(child: Instance): void {
    this.#children?.delete(child.path)
  }

  /** A user that has ended gets no more indications. */
  leave(user: Instance): void {
    for (const edges of this.#indications) {
      for (let i = edges.length - 1; i >= 0; i--) if (edges[i]?.receiver === user) edges.splice(i, 1)
    }
  }
}

/** The names of a module's events, with how many attributes each has. */
export interface Arities {
  readonly requests: readonly Arity[]
  readonly indications: readonly Arity[]
  readonly queries: readonly Arity[]
}

export type Arity = readonly [name: string, attributes: number]

const NO_STATE = {}
export const toToken = ([name, attributes]: Arity) => new Token(name, attributes)
const noEdges = (): Edge[] => []

const NO_EVENTS: Arities = { requests: [], indications: [], queries: [] }
const known = new WeakMap<Abstraction<Module>, Arities>()

/** Worked out once a module: instances are many, and made while messages wait for them. */
export function arities(abstraction: Abstraction<Module> | undefined): Arities {
  if (abstraction === undefined) return NO_EVENTS
  let found = known.get(abstraction)
  if (found === undefined) {
    const { requests, indications, queries = {} } = abstraction
    found = { requests: counted(requests), indications: counted(indications), queries: counted(queries) }
    known.set(abstraction, found)
  }
  return found
}

const counted = (named: object): Arity[] =>
  Object.entries(named as Record<string, readonly string[]>).map(([name, attributes]) => [name, attributes.length])
