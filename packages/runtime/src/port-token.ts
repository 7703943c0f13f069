import { misuse } from '@upon/contract'
import type { Edge } from './edge'
import type { Happened, LastingIndications } from './lasting'
import { type Handler, kindOf, Token } from './token'

interface Reaction {
  readonly kind: string | undefined
  readonly handler: Handler
}

/** How many indications of an event are kept for the application's first handler. */
export const LIMIT_KEPT = 10_000

export interface TokenHost {
  /** The number of the event that is being handled. */
  current(): number
  /** Schedules `handOver` for when no event is being handled. */
  schedule(token: PortToken): void
}

/**
 * An event at a port of the application. Occurrences before the first handler are kept for it, in their order. There may be any number of
 * handlers. Each gets all later occurrences; if the event lasts, it first gets what holds.
 */
export class PortToken extends Token {
  readonly #reactions: Reaction[] = []
  /** Handlers that must get what was kept before anything new. Then they are added. */
  #coming: Reaction[] = []
  #kept: Happened[] = []
  /** The edge of this event. */
  edge: Edge | undefined

  constructor(
    name: string,
    attributes: number,
    readonly host: TokenHost,
    /** The port's lasting indications that hold, if this one lasts or ends another. */
    readonly lasting: LastingIndications | undefined = undefined,
  ) {
    super(name, attributes)
  }

  override add(kind: string | undefined, handler: Handler): void {
    const reaction = { kind, handler }
    if (this.#kept.length === 0 && this.#held.length === 0 && this.#coming.length === 0) this.#install(reaction)
    else {
      this.#coming.push(reaction)
      if (this.#coming.length === 1) this.host.schedule(this)
    }
  }

  /** Keeps what no handler has taken. Returns whether there was room. */
  keep(kept: Happened): boolean {
    this.lasting?.note(kept)
    if (this.#kept.length >= LIMIT_KEPT) return false
    this.#kept.push(kept)
    return true
  }

  get kept(): number {
    return this.#kept.length
  }

  /** Adds the new handlers, and gives each what lasts and what was kept for it. `give` returns whether to go on. */
  handOver(give: (handler: Handler, kept: Happened) => boolean): void {
    for (const reaction of this.#coming) {
      this.#install(reaction)
      const isMeant = (each: Happened) => reaction.kind === undefined || this.#kind(each) === reaction.kind
      const first = this.#kept.filter(isMeant)
      const again = this.#held.filter((each) => isMeant(each) && !this.#kept.includes(each))
      this.#kept = this.#kept.filter((each) => !isMeant(each))
      for (const each of [...again, ...first]) if (!give(reaction.handler, each)) return
    }
    this.#coming = []
  }

  /** Drops what is kept. */
  forget(): void {
    this.#kept = []
    this.lasting?.forget()
    this.#coming = []
  }

  /** What holds of this event. */
  get #held(): readonly Happened[] {
    return this.lasting?.held.filter(({ event }) => event === this.name) ?? []
  }

  #kind({ attributes: [a, b, c, d] }: Happened): unknown {
    return kindOf(this.attributes, a, b, c, d)
  }

  #install(reaction: Reaction): void {
    this.#reactions.push(reaction)
    const all = this.#reactions
    if (this.lasting !== undefined) {
      this.handler = this.#noting(this.lasting, all)
      return
    }
    const kinds = new Set(all.map(({ kind }) => kind))
    this.kinds = kinds.has(undefined)
      ? undefined
      : new Map([...kinds].map((kind) => [kind as string, inTurn(all.filter((each) => each.kind === kind))]))
    if (this.kinds === undefined) this.handler = kinds.size === 1 ? inTurn(all) : this.#byKind(all)
  }

  #noting(lasting: LastingIndications, all: readonly Reaction[]): Handler {
    const react = this.#byKind(all)
    return (a, b, c, d) => {
      lasting.note({ event: this.name, number: this.host.current(), attributes: [a, b, c, d] })
      react(a, b, c, d)
    }
  }

  /** Handlers of all messages and of one kind, mixed. */
  #byKind(all: readonly Reaction[]): Handler {
    return (a, b, c, d) => {
      const found = kindOf(this.attributes, a, b, c, d)
      for (const { kind, handler } of [...all]) if (kind === undefined || kind === found) handler(a, b, c, d)
    }
  }
}

function inTurn(reactions: readonly Reaction[]): Handler {
  const handlers = reactions.map(({ handler }) => handler)
  const [only] = handlers
  if (handlers.length === 1 && only !== undefined) return only
  return (a, b, c, d) => {
    for (const handler of handlers) handler(a, b, c, d)
  }
}

/** The implementation of `upon`. */
export function react(token: unknown, kind: unknown, handler?: unknown): void {
  if (!(token instanceof Token))
    throw misuse(`upon: ${token === undefined ? 'there is no such event; is its name misspelt?' : notAnEvent(token)}`)
  const isOfKind = typeof kind === 'string'
  const given = isOfKind ? handler : kind
  if (typeof given !== 'function')
    throw misuse(`upon(${token.name}): the handler is a function, not ${given === null ? 'null' : typeof given}`)
  token.add(isOfKind ? kind : undefined, given as Handler)
}

const notAnEvent = (token: unknown) =>
  typeof token === 'function'
    ? 'this event is for triggering: `upon` takes only events that come from below'
    : `expected an event, found ${token === null ? 'null' : typeof token}`
