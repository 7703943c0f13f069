import { misuse } from '@upon/contract'

/** A function that takes the attributes of an event. */
export type Handler = (...attributes: unknown[]) => void

/** An event at its receiver, with the handlers that `upon` registers. The implementation of the contract's `UponEvent`. */
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

/** Handles a malformed message. */
export interface Check {
  readonly accepts: (message: unknown) => boolean
  readonly refuse: (message: unknown) => void
}

/** An event whose messages may come from processes that lie. Handlers get only well-formed messages. */
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

/** The attributes that a handler gets, used or not; the handler of a family gets the index before them. */
const FIXED = 4

/** The kind of the message that an event carries as its last attribute. */
export function kindOf(attributes: number, a: unknown, b: unknown, c: unknown, d: unknown): unknown {
  const message = attributes === 2 ? b : attributes === 1 ? a : attributes === 3 ? c : d
  return (message as { readonly kind?: unknown } | undefined | null)?.kind
}
