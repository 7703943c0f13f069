import type { Abstraction, Index, Module } from '@upon/contract'
import { type Edge, type Handler, Token } from './edge'

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
  readonly children = new Set<Instance>()
  /** What reacts on each request. */
  readonly requests = new Map<string, Token>()
  state: object = {}
  halted = false
  /** What to do when a further user joins; set by `welcome`. */
  greeting: (() => void) | undefined
  /** What to do when this instance ends. */
  readonly closers: (() => void)[] = []

  readonly observed: boolean

  readonly #indications = new Map<string, Edge[]>()
  readonly #rules: Rule[] = []
  #newcomer: Instance | undefined

  constructor(
    readonly path: string,
    readonly abstraction: Abstraction<Module> | undefined,
    readonly parent: Instance | undefined,
    readonly enqueue: Enqueue,
    readonly observes: Observes = () => false,
  ) {
    this.observed = abstraction !== undefined && observes(abstraction.name, path)
    parent?.children.add(this)
    for (const [name, attributes] of arities(abstraction).requests) this.requests.set(name, new Token(name, attributes))
    for (const [name] of arities(abstraction).indications) this.#indications.set(name, [])
  }

  hasChild(path: string): boolean {
    for (const child of this.children) if (child.path === path) return true
    return false
  }

  /** Has the indication of the token's name go to `user`, too. */
  subscribe(user: Instance, token: Token, index?: Index): void {
    this.#indications.get(token.name)?.push(this.#edge(token, user, 'indication', index))
  }

  /** Triggers request `name` of this instance. */
  requestTrigger(name: string): Handler {
    const token = this.requests.get(name) as Token
    const edge = this.#edge(token, this, 'request', undefined)
    const { enqueue } = this
    return (a, b, c, d) => enqueue(edge, a, b, c, d)
  }

  #edge(token: Token, receiver: Instance, direction: Edge['direction'], index: Index | undefined): Edge {
    const { path, abstraction, observed } = this
    return { token, receiver, path, direction, module: abstraction?.name ?? '', observed, index }
  }

  /** Triggers indication `name` of this instance, at all who use it. */
  indicationTrigger(name: string): Handler {
    const edges = this.#indications.get(name) as Edge[]
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
    this.#rules.push(rule)
  }

  /** Fires rules, in their order, until none is enabled. */
  settle(): void {
    const rules = this.#rules
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
    for (const child of this.children) child.dispose()
    for (const close of this.closers) close()
    this.parent?.children.delete(this)
  }

  /** A user that has ended is told nothing any more. */
  leave(user: Instance): void {
    for (const edges of this.#indications.values()) {
      for (let i = edges.length - 1; i >= 0; i--) if (edges[i]?.receiver === user) edges.splice(i, 1)
    }
  }
}

/** The names of a module's events, with how many attributes each has. */
export interface Arities {
  readonly requests: readonly (readonly [name: string, attributes: number])[]
  readonly indications: readonly (readonly [name: string, attributes: number])[]
}

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

const counted = (named: object) =>
  Object.entries(named as Record<string, readonly string[]>).map(([name, attributes]) => [name, attributes.length] as const)
