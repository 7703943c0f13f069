import type { Abstraction, Index, Module } from '@upon/contract'
import { kindOf, type Token } from './token'

/** What an event needs to know of an instance at one end of its way. */
export interface End {
  readonly path: string
  readonly abstraction: Abstraction<Module> | undefined
  readonly observed: boolean
  readonly halted: boolean
  readonly state: object
  /** Fires the rules that an event has enabled. */
  settle(): void
}

/** The way of an event from the instance that triggers it to the one that reacts on it. */
export class Edge {
  constructor(
    readonly token: Token,
    readonly receiver: End,
    /** The instance whose event this is: the upper one's request goes to it, its indication comes from it. */
    readonly source: End,
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
