import { type Index, misuse } from '@upon/contract'
import type { Instance } from './instance'

/** A function that takes the attributes of an event. */
export type Handler = (...attributes: unknown[]) => void

/** An event as its receiver knows it: where `upon` puts the handlers. This is what stands behind the contract's `UponEvent`. */
export class Token {
  handler: Handler | undefined
  kinds: Map<string, Handler> | undefined

  constructor(
    readonly name: string,
    /** How many attributes the event has: the last one may be a message with a kind. */
    readonly attributes: number,
  ) {}

  /** Adds a handler; there may be one for the event, or one for each kind of message. */
  add(kind: string | undefined, handler: Handler): void {
    const taken =
      kind === undefined ? this.handler !== undefined || this.kinds !== undefined : this.handler !== undefined || this.kinds?.has(kind)
    if (taken) throw misuse(`upon(${this.name}${kind === undefined ? '' : `, '${kind}'`}): there is a handler for it already`)
    if (kind === undefined) this.handler = handler
    else {
      this.kinds ??= new Map()
      this.kinds.set(kind, handler)
    }
  }
}

/** What becomes of a message that is none. */
export interface Check {
  readonly accepts: (message: unknown) => boolean
  readonly refuse: (message: unknown) => void
}

/** An event whose messages may come from processes that lie: handlers see those that are messages. */
export class CheckedToken extends Token {
  constructor(
    name: string,
    attributes: number,
    readonly check: Check,
  ) {
    super(name, attributes)
  }

  override add(kind: string | undefined, handler: Handler): void {
    const { accepts, refuse } = this.check
    super.add(kind, (...attributes) => {
      const message = attributes[this.attributes - 1 + (attributes.length - FIXED)]
      if (accepts(message)) handler(...attributes)
      else refuse(message)
    })
  }
}

/** The attributes that a handler gets, used or not; a family's handler gets its index before them. */
const FIXED = 4

/** The way of an event from the instance that triggers it to the one that reacts on it. */
export class Edge {
  constructor(
    readonly token: Token,
    readonly receiver: Instance,
    /** The instance whose event this is: the upper one's request goes to it, its indication comes from it. */
    readonly source: Instance,
    readonly direction: 'request' | 'indication',
    /** For events of a family's member: its index, which the handler gets first. */
    readonly index: Index | undefined,
  ) {}
}

/** Calls the handler of an event. Says whether there was one, or nobody asked for the event at all. */
export function dispatch(edge: Edge, a: unknown, b: unknown, c: unknown, d: unknown): 'handled' | 'ignored' | 'unknown kind' {
  const { token } = edge
  let handler = token.handler
  if (token.kinds !== undefined) {
    handler = token.kinds.get(kindOf(token.attributes, a, b, c, d) as string)
    if (handler === undefined) return 'unknown kind'
  }
  if (handler === undefined) return 'ignored'
  if (edge.index === undefined) handler(a, b, c, d)
  else handler(edge.index, a, b, c, d)
  return 'handled'
}

/** The kind of the message that an event carries as its last attribute. */
export function kindOf(attributes: number, a: unknown, b: unknown, c: unknown, d: unknown): unknown {
  const message = attributes === 2 ? b : attributes === 1 ? a : attributes === 3 ? c : d
  return (message as { readonly kind?: unknown } | undefined | null)?.kind
}
