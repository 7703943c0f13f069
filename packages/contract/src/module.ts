import type { Attributes, Event, Trigger } from './event'

declare const opaque: unique symbol
declare const request: unique symbol
declare const indication: unique symbol

/** An event that goes down into a module: what its user may ask of it. */
export interface Request<A extends Attributes> {
  readonly [request]: A
}

/** An event that comes up out of a module: what it tells its user. */
export interface Indication<A extends Attributes> {
  readonly [indication]: A
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
 * `guarantees` makes modules of the same shape different types: a fair-loss link is no perfect link. A module that guarantees all
 * that another one does, and more, extends it, and may stand in its place.
 */
export interface Module {
  /** What the module carries for its user: the messages of a link or broadcast, the values of a register or consensus. */
  readonly payload: unknown
  readonly guarantees: object
  /** What an instance must be given when it is made, besides what every algorithm has. */
  readonly parameters: unknown
}

/** What a user's algorithm carries, as the algorithm below sees it: opaque, to be handed on and never looked into. */
export interface Payload {
  readonly [opaque]: never
}

type Carrying<M extends Module, P> = M & { readonly payload: P }
type AttributesOf<E> = E extends Request<infer A> ? A : E extends Indication<infer A> ? A : never

/** The names of a module's requests. */
export type RequestsOf<M> = { [N in keyof M]: M[N] extends Request<Attributes> ? N : never }[keyof M] & string
/** The names of a module's indications. */
export type IndicationsOf<M> = { [N in keyof M]: M[N] extends Indication<Attributes> ? N : never }[keyof M] & string
/** The attributes of event `N` of module `M` when it carries `P`. */
export type AttributesIn<M extends Module, N extends keyof M, P> = AttributesOf<Carrying<M, P>[N]>
/** The parameters of an instance of `M` when it carries `P`. */
export type Parameters<M extends Module, P> = Carrying<M, P>['parameters']

/** A module seen from above: its requests may be triggered, its indications reacted upon. */
export type Outside<M extends Module, P> = { readonly [N in RequestsOf<M>]: Trigger<AttributesIn<M, N, P>> } & {
  readonly [N in IndicationsOf<M>]: Event<AttributesIn<M, N, P>>
}

/** A module seen by the algorithm that implements it: its requests may be reacted upon, its indications triggered. */
export type Inside<M extends Module, P = Payload> = { readonly [N in RequestsOf<M>]: Event<AttributesIn<M, N, P>> } & {
  readonly [N in IndicationsOf<M>]: Trigger<AttributesIn<M, N, P>>
}

/** What tells instances of a family apart: `ep[ts]`, `nnar[x]`. */
export type Index = number | string

/** A family of instances of one module, as seen from above: each event has the index of its instance as its first attribute. */
export type Family<M extends Module, P, K extends Index> = {
  readonly [N in RequestsOf<M>]: Trigger<[index: K, ...AttributesIn<M, N, P>]>
} & {
  readonly [N in IndicationsOf<M>]: Event<[index: K, ...AttributesIn<M, N, P>]>
} & {
  /** Makes the instance, which then takes the messages that came for it before. */
  create(index: K, ...parameters: unknown extends Parameters<M, P> ? [] : [parameters: Parameters<M, P>]): void
  /** Ends the instance and all below it; messages that still come for it are dropped if the family is `increasing`. */
  dispose(index: K): void
  has(index: K): boolean
  /** A message has come for a member that is not there: it is kept, and delivered once the member is made, for instance now. */
  readonly missing: Event<[index: K]>
}
