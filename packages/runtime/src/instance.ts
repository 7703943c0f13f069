import type { Abstraction, Index, Module } from '@upon/contract'
import { Edge, type Handler, Token } from './edge'

/** Appends an event to the process's queue. */
export type Enqueue = (edge: Edge, a: unknown, b: unknown, c: unknown, d: unknown) => void

interface Rule {
  readonly condition: () => boolean
  readonly action: () => void
}

/** Whether the observer is shown the events of the instance at `path`. */
export type Observes = (module: string, path: string) => boolean

/** How often the rules of one instance may fire after one event before we say that they never stop. */
const RULE_LIMIT = 100_000

/**
 * One instance of a layer in a process: its path, state, rules and place in the tree. It gives a module to the instances that use
 * it: their requests come in through `requests`, its indications go out to all of them.
 */
export class Instance {
  /** Most instances have none of what is undefined here at first, and there are many instances. */
  #children: Map<string, Instance> | undefined
  #rules: Rule[] | undefined
  #closers: (() => void)[] | undefined
  #newcomer: Instance | undefined
  readonly #indications: Edge[][]
  readonly arities: Arities
  /** What reacts on each request, in the order of the module. */
  readonly requests: Token[]
  state: object = NO_STATE
  halted = false
  /** What to do when a further user joins; set by `welcome`. */
  greeting: (() => void) | undefined
  readonly observed: boolean

  constructor(
    readonly path: string,
    readonly abstraction: Abstraction<Module> | undefined,
    readonly parent: Instance | undefined,
    readonly enqueue: Enqueue,
    readonly observes: Observes = () => false,
  ) {
    this.observed = abstraction !== undefined && observes(abstraction.name, path)
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

  /** Has the i-th indication go to `user`, too. */
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
    return (a, b, c, d) => {
      for (let i = 0; i < edges.length; i++) {
        const edge = edges[i] as Edge
        if (this.#newcomer === undefined || this.#newcomer === edge.receiver) enqueue(edge, a, b, c, d)
      }
    }
  }

  /** Tells a user that joins what those who came before were told. */
  welcome(user: Instance): void {
    this.#newcomer = user
    this.greeting?.()
    this.#newcomer = undefined
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
      if (!rule.condition()) continue
      if (++fired > RULE_LIMIT) throw new Error(`the condition of rule ${i + 1} holds for ever: its action must end it`)
      rule.action()
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

  /** A user that has ended is told nothing any more. */
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
}

export type Arity = readonly [name: string, attributes: number]

const NO_STATE = {}
export const toToken = ([name, attributes]: Arity) => new Token(name, attributes)
const noEdges = (): Edge[] => []

const NO_EVENTS: Arities = { requests: [], indications: [] }
const known = new WeakMap<Abstraction<Module>, Arities>()

/** Worked out once a module: instances are many, and made while messages wait for them. */
export function arities(abstraction: Abstraction<Module> | undefined): Arities {
  if (abstraction === undefined) return NO_EVENTS
  let found = known.get(abstraction)
  if (found === undefined) {
    found = { requests: counted(abstraction.requests), indications: counted(abstraction.indications) }
    known.set(abstraction, found)
  }
  return found
}

const counted = (named: object): Arity[] =>
  Object.entries(named as Record<string, readonly string[]>).map(([name, attributes]) => [name, attributes.length])
