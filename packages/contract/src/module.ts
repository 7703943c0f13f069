import type { Ask, Attributes, ProcessId, Trigger, UponEvent } from './event'

declare const opaque: unique symbol
declare const request: unique symbol
declare const indication: unique symbol
declare const query: unique symbol

/** An event that goes down into a module: a request of its user. */
export interface Request<A extends Attributes> {
  readonly [request]: A
}

/** An event that comes up out of a module: it informs the user. */
export interface Indication<A extends Attributes> {
  readonly [indication]: A
}

/**
 * A question to a module that is answered at once: `sign`, `verify`, `retrieve`. Only ports of the host answer queries. A module that exchanges
 * messages for its answer, such as a common coin, has a request and an indication instead.
 */
export interface Query<A extends Attributes, R> {
  readonly [query]: readonly [attributes: A, answer: R]
}

/**
 * A module of the book, as a type: what may be requested of it, what it indicates, and what it guarantees.
 *
 * Declare one as an interface that extends this, and write `this['payload']` for what it carries:
 *
 *     export interface BestEffortBroadcast extends Module {
 *       readonly guarantees: { readonly bestEffortBroadcast: true }
 *       readonly broadcast: Request<[m: this['payload']]>
 *       readonly deliver: Indication<[p: ProcessId, m: this['payload']]>
 *     }
 *
 * `guarantees` makes modules of the same shape different types: a fair-loss link is not a perfect link. A module that guarantees everything
 * that another one does, and more, extends it and can replace it.
 */
export interface Module {
  /** What the module carries for its user: the messages of a link or broadcast, the values of a register or consensus. */
  readonly payload: unknown
  readonly guarantees: object
  /** The parameters that an instance needs when it is made. */
  readonly parameters: unknown
}

/** What the algorithm above carries, as the algorithm below sees it: opaque. The algorithm passes it on and never looks into it. */
export interface Payload {
  readonly [opaque]: true
}

/** What a rule of `when` may find. It is never a payload, because a payload may be anything, even `undefined` or `false`: find what holds the payload. */
export type Witness = string | number | bigint | (object & { readonly [opaque]?: never })

type Carrying<M extends Module, P> = M & { readonly payload: P }
type AttributesOf<E> = E extends Request<infer A> ? A : E extends Indication<infer A> ? A : E extends Query<infer A, unknown> ? A : never

/** The names of a module's requests. */
export type RequestsOf<M> = { [N in keyof M]: M[N] extends Request<Attributes> ? N : never }[keyof M] & string
/** The names of a module's indications. */
export type IndicationsOf<M> = { [N in keyof M]: M[N] extends Indication<Attributes> ? N : never }[keyof M] & string
/** The names of a module's queries. */
export type QueriesOf<M> = { [N in keyof M]: M[N] extends Query<Attributes, unknown> ? N : never }[keyof M] & string
/** The attributes of event `N` of module `M` when it carries `P`. */
export type AttributesIn<M extends Module, N extends keyof M, P> = AttributesOf<Carrying<M, P>[N]>
/** The answer to query `N` of module `M` when it carries `P`. */
export type AnswerIn<M extends Module, N extends keyof M, P> = Carrying<M, P>[N] extends Query<Attributes, infer R> ? R : never
/** The parameters of an instance of `M` when it carries `P`. */
export type ParametersIn<M extends Module, P> = Carrying<M, P>['parameters']

/** A module seen from above: it triggers requests, handles indications and asks queries. */
export type Outside<M extends Module, P> = { readonly [N in RequestsOf<M>]: Trigger<AttributesIn<M, N, P>> } & {
  readonly [N in IndicationsOf<M>]: UponEvent<AttributesIn<M, N, P>>
} & { readonly [N in QueriesOf<M>]: Ask<AttributesIn<M, N, P>, AnswerIn<M, N, P>> }

/** A module seen by the algorithm that implements it: it handles requests and triggers indications. */
export type Inside<M extends Module, P = Payload> = { readonly [N in RequestsOf<M>]: UponEvent<AttributesIn<M, N, P>> } & {
  readonly [N in IndicationsOf<M>]: Trigger<AttributesIn<M, N, P>>
}

/** The index that distinguishes the instances of a family: `ep[ts]`, `nnar[x]`, `utrb[vid][p]`. */
export type Index = number | string | readonly [number, string]

/** A family of instances of one module, as seen from above: each event has the index of its instance as its first attribute. */
export type Family<M extends Module, P, K extends Index> = {
  readonly [N in RequestsOf<M>]: Trigger<[index: K, ...AttributesIn<M, N, P>]>
} & {
  readonly [N in IndicationsOf<M>]: UponEvent<[index: K, ...AttributesIn<M, N, P>]>
} & {
  readonly [N in QueriesOf<M>]: Ask<[index: K, ...AttributesIn<M, N, P>], AnswerIn<M, N, P>>
} & {
  /**
   * Makes the instance. It then gets the messages that came for it before. `members` is Π of the instance and of all layers below it, and
   * includes this process; by default, Π of the instance that makes it.
   */
  create(
    index: K,
    ...more: unknown extends ParametersIn<M, P>
      ? [parameters?: undefined, members?: readonly ProcessId[]]
      : [parameters: ParametersIn<M, P>, members?: readonly ProcessId[]]
  ): void
  /** Ends the instance and all below it; messages that still come for it are dropped if the family is `increasing`. */
  dispose(index: K): void
  has(index: K): boolean
  /** A message has come for a member that does not exist. It is kept, and delivered once the member is made, for instance now. */
  readonly missing: UponEvent<[index: K]>
}
