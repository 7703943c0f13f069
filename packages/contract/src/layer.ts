import type { Attributes } from './event'
import type { AttributesIn, Index, IndicationsOf, Module, RequestsOf } from './module'
import { checkName, misuse } from './names'

declare const implemented: unique symbol
declare const needed: unique symbol
declare const carried: unique symbol

/**
 * Something that gives module `M` to a user: the module itself, to be supplied by somebody; an algorithm that implements it; or
 * a port of the host. `N` is what is still to be supplied below it, `P` what the user has it carry.
 */
export interface Layer<M extends Module, N extends Module = Module, P = unknown> {
  readonly [implemented]?: M
  readonly [needed]?: N
  readonly [carried]?: P
}

/** The module that a layer gives. */
export type ModuleOf<L> = L extends { readonly [implemented]?: infer M extends Module } ? M : never
/** The modules that must still be supplied below a layer. */
export type NeedsOf<L> = L extends { readonly [needed]?: infer N extends Module } ? N : never
/** What a user has a layer carry. */
export type PayloadOf<L> = L extends { readonly [carried]?: infer P } ? P : never

/** The facts of a module as a value: its name and place in the book, its events and numbered properties. */
export interface ModuleFacts<M extends Module> {
  /** The book's name of the module. */
  readonly name: string
  /** The book's name of an instance: `beb`. */
  readonly instance: string
  /** The number and page of the module in the book; absent for the ports that the book takes for granted. */
  readonly source?: string
  /** The names of the attributes of each request and indication. */
  readonly requests: { readonly [N in RequestsOf<M>]: Names<AttributesIn<M, N, unknown>> }
  readonly indications: { readonly [N in IndicationsOf<M>]: Names<AttributesIn<M, N, unknown>> }
  /**
   * Indications that hold for ever, as a decision does: at a port of the application, a handler that is registered later gets them, too,
   * though others have had them.
   */
  readonly lasting?: { readonly [N in IndicationsOf<M>]?: 'forever' }
  /** What a request does not take, in words, by its name: an application that hands it in gets a `TypeError`. */
  readonly refuses?: { readonly [N in RequestsOf<M>]?: (...attributes: readonly unknown[]) => string | undefined }
  /** The properties in words, by their names in the book. */
  readonly properties: Readonly<Record<string, string>>
}

type Names<A extends Attributes> = { readonly [N in keyof A]: string }

/** A module as a value: its facts, and a layer that is still to be supplied. */
export interface Abstraction<M extends Module, P = unknown> extends Layer<M, M, P>, ModuleFacts<M> {
  readonly sort: 'abstraction'
  /** This module carrying `Q`: `PerfectPointToPointLinks.of<Reply>()`. A matter of types only. */
  of<Q>(): Abstraction<M, Q>
}

/** The most attributes that an event has. */
const LIMIT_ATTRIBUTES = 4

/** Declares a module as a value beside its type of the same name. */
export function abstraction<M extends Module>(facts: ModuleFacts<M>): Abstraction<M> {
  checkName(`module ${facts.name}`, facts.instance)
  for (const [event, attributes] of Object.entries<readonly string[]>({ ...facts.requests, ...facts.indications }))
    if (attributes.length > LIMIT_ATTRIBUTES)
      throw misuse(`module ${facts.name}: ${event} has ${attributes.length} attributes; put some of them in one, an event has at most 4`)
  const twice = Object.keys(facts.requests).find((name) => Object.hasOwn(facts.indications, name))
  if (twice !== undefined) throw misuse(`module ${facts.name}: ${twice} is both a request and an indication`)
  const self: Abstraction<M> = { ...facts, sort: 'abstraction', of: <Q>() => self as Abstraction<M, Q> }
  return self
}

/** A use of many instances of a layer, told apart by an index. */
export interface Many<L extends Layer<Module>, K extends Index> {
  readonly sort: 'many'
  readonly layer: L
  readonly order: 'any' | 'increasing'
  readonly [indexed]?: K
}
declare const indexed: unique symbol

/** The type of a family's index. */
export type IndexOf<F> = F extends { readonly [indexed]?: infer K extends Index } ? K : never

/** Uses a family of instances made and ended at will: `nnar[x]`. Messages for one that is not made yet are kept for it. */
export const many = <L extends Layer<Module>>(layer: L): Many<L, string> => ({ sort: 'many', layer, order: 'any' })

/** Uses a family of instances made in increasing order, as epochs are: messages for those below the newest that are no more are dropped. */
export const increasing = <L extends Layer<Module>>(layer: L): Many<L, number> => ({ sort: 'many', layer, order: 'increasing' })

/** A use of the one instance of a layer that serves the whole process. */
export interface Shared<L extends Layer<Module>> {
  readonly sort: 'shared'
  readonly layer: L
  /** The name of the instance; by default the one that its user has for it. */
  readonly name?: string
}

/**
 * Uses the one instance of a layer that serves all who share it in a process, as the book has one failure detector for all. It stands
 * at the root, under `name`, by default the name that its users have for it: `pfd`. Layers that are equal, settings and all, share one
 * instance however often they are written; for different ones under one name, give one a name of its own. A port of the host in its place
 * is opened for each user: what is behind it is the host's business.
 */
export function shared<L extends Layer<Module>>(layer: L, name?: string): Shared<L> {
  if (name === undefined) return { sort: 'shared', layer }
  checkName('shared', name)
  return { sort: 'shared', layer, name }
}

/** What an algorithm may use: one instance of a layer, a family, or the process's shared instance. */
export type Use = Layer<Module> | Many<Layer<Module>, Index> | Shared<Layer<Module>>
export type Uses = Readonly<Record<string, Use>>

/** The layer below a use. */
export type LayerOf<U> = U extends Many<infer L, Index> ? L : U extends Shared<infer L> ? L : U
