import type { Abstraction, Index, Module } from '@upon/contract'
import { kindOf, type Token } from './token'

/** What an event needs from the instance at one end of its edge. */
export interface End {
  readonly path: string
  readonly abstraction: Abstraction<Module> | undefined
  readonly observed: boolean
  /** The name of the algorithm that it runs; a port or a transport runs none. */
  readonly algorithm: string | undefined
  readonly halted: boolean
  readonly state: object
  /** Fires the rules that an event has enabled. */
  settle(): void
}

/** The edge of an event, from the instance that triggers it to the instance that handles it. */
export class Edge {
  constructor(
    readonly token: Token,
    readonly receiver: End,
    /** The instance whose event this is: the upper one's request goes to it, its indication comes from it. */
    readonly source: End,
    readonly direction: 'request' | 'indication',
    /** For events of a family's member: its index, which is the handler's first argument. */
    readonly index: Index | undefined,
  ) {}
}

/** Calls the handler of an event. Returns whether there was one, or whether nobody handles the event at all. */
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
