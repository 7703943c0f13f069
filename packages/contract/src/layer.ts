import type { ProcessFailures } from './assumptions'
import type { Attributes } from './event'
import type { AttributesIn, IndicationsOf, Module, QueriesOf, RequestsOf } from './module'
import { checkName, misuse } from './names'

declare const implemented: unique symbol
declare const needed: unique symbol
declare const carried: unique symbol
declare const tolerated: unique symbol

/**
 * Something that gives module `M` to a user: the module itself, which must still be supplied; an algorithm that implements it; or
 * a port of the host. `N` is what must still be supplied below it, `P` what it carries for the user, `F` which failures it tolerates.
 */
export interface Layer<M extends Module, N extends Module = Module, P = unknown, F extends ProcessFailures = ProcessFailures> {
  readonly [implemented]?: M
  readonly [needed]?: N
  readonly [carried]?: P
  readonly [tolerated]?: F
}

/** The module that a layer gives. */
export type ModuleOf<L> = L extends { readonly [implemented]?: infer M extends Module } ? M : never
/** The modules that must still be supplied below a layer. */
export type NeedsOf<L> = L extends { readonly [needed]?: infer N extends Module } ? N : never
/** What a layer carries for its user. */
export type PayloadOf<L> = L extends { readonly [carried]?: infer P } ? P : never
/** Which failures of processes a layer tolerates. */
export type ToleratedBy<L> = L extends { readonly [tolerated]?: infer F } ? F : never

/** How long an indication holds for later users: until the next one, forever, or until another indication with the same first attribute. */
export type Lasting<M extends Module> = 'latest' | 'forever' | { readonly until: IndicationsOf<M> }

/** The facts of a module as a value: its name and place in the book, its events and numbered properties. */
export interface ModuleFacts<M extends Module> {
  /** The book's name of the module. */
  readonly name: string
  /** The book's name of an instance: `beb`. */
  readonly instance: string
  /** The number and page of the module in the book; absent for the ports that the book takes for granted. */
  readonly source?: string
  /** The names of the attributes of each request, indication and query. */
  readonly requests: { readonly [N in RequestsOf<M>]: Names<AttributesIn<M, N, unknown>> }
  readonly indications: { readonly [N in IndicationsOf<M>]: Names<AttributesIn<M, N, unknown>> }
  readonly queries?: { readonly [N in QueriesOf<M>]: Names<AttributesIn<M, N, unknown>> }
  /** Indications that last. Later users get those that hold: algorithms that join a shared instance, and later handlers of the application. */
  readonly lasting?: { readonly [N in IndicationsOf<M>]?: Lasting<M> }
  /** Requests that an application may make once per instance, with the message of the `TypeError` for the next one. */
  readonly once?: { readonly [N in RequestsOf<M>]?: string }
  /** What a request refuses, in words, by its name: an application that submits it gets a `TypeError`. */
  readonly refuses?: { readonly [N in RequestsOf<M>]?: (...attributes: readonly unknown[]) => string | undefined }
  /** The properties in words, by their names in the book. */
  readonly properties: Readonly<Record<string, string>>
}

type Names<A extends Attributes> = { readonly [N in keyof A]: string }
/** If a module has queries, its facts name them. */
type WithQueries<M extends Module> = [QueriesOf<M>] extends [never] ? unknown : { readonly queries: ModuleFacts<M>['queries'] & object }

/** A module as a value: its facts, and a layer that must still be supplied. */
export interface Abstraction<M extends Module, P = unknown> extends Layer<M, M, P, 'any'>, ModuleFacts<M> {
  readonly sort: 'abstraction'
  /** This module carrying `Q`: `PerfectPointToPointLinks.of<Reply>()`. It changes the types only. */
  of<Q>(): Abstraction<M, Q>
}

/** How many attributes an event has at most. */
const LIMIT_ATTRIBUTES = 4

/** Declares a module as a value beside its type of the same name. */
export function abstraction<M extends Module>(facts: ModuleFacts<M> & WithQueries<M>): Abstraction<M> {
  checkName(`module ${facts.name}`, facts.instance)
  const sorts: readonly object[] = [facts.requests, facts.indications, facts.queries ?? {}]
  const events = sorts.flatMap((sort) => Object.entries<readonly string[]>(sort as Readonly<Record<string, readonly string[]>>))
  const seen = new Set<string>()
  for (const [event, attributes] of events) {
    if (attributes.length > LIMIT_ATTRIBUTES)
      throw misuse(`module ${facts.name}: ${event} has ${attributes.length} attributes: an event has at most 4`)
    if (seen.has(event)) throw misuse(`module ${facts.name}: ${event} is declared twice`)
    seen.add(event)
  }
  for (const [event, lasting] of Object.entries<unknown>(facts.lasting ?? {})) {
    const until = (lasting as { readonly until?: string }).until ?? event
    for (const name of [event, until])
      if (!Object.hasOwn(facts.indications, name)) throw misuse(`module ${facts.name}: lasting: it indicates no '${name}'`)
  }
  const self: Abstraction<M> = { ...facts, sort: 'abstraction', of: <Q>() => self as Abstraction<M, Q> }
  return self
}
