import type { Layer } from './layer'
import type { Index, Module } from './module'
import { checkName, misuse } from './names'

/**
 * How many instances of a layer an algorithm uses: one of its own; the one that serves the whole process; or a family, made in any order or
 * in increasing order.
 */
export type Sharing = 'own' | 'shared' | 'many' | 'increasing'

declare const indexed: unique symbol

/** A use of a layer. A bare layer in `uses` is one instance of the user's own. */
export interface Use<L extends Layer<Module> = Layer<Module>, S extends Sharing = Sharing, K extends Index = Index> {
  readonly sharing: S
  readonly layer: L
  /** The name of a shared instance; by default the one that its user has for it. */
  readonly name?: string
  /** Whether an index has two parts, a number that increases and a name. */
  readonly isEach?: true
  /** What messages must be that its users take. */
  readonly accepts?: (message: unknown) => boolean
  readonly [indexed]?: K
}

/** Any number of instances, told apart by an index. */
export type Many<L extends Layer<Module>, K extends Index> = Use<L, 'many' | 'increasing', K>
/** The one instance of a layer that serves the whole process. */
export type Shared<L extends Layer<Module>> = Use<L, 'shared'>
/** The layers that an algorithm uses, by the names of their instances, as they are declared. */
export type Uses = Readonly<Record<string, Layer<Module> | Use>>

/** The type of a family's index. */
export type IndexOf<F> = F extends { readonly [indexed]?: infer K extends Index } ? K : never
/** The layer below a use. */
export type LayerOf<U> = U extends Use<infer L> ? L : U

/** Uses a family of instances made and ended at will: `nnar[x]`. Messages for one that is not made yet are kept for it. */
export const many = <L extends Layer<Module>>(layer: L): Use<L, 'many', string> => ({ sharing: 'many', layer })

/** Uses a family of instances made in increasing order, as epochs are: messages for those below the newest that no longer exist are dropped. */
export const increasing = <L extends Layer<Module>>(layer: L): Use<L, 'increasing', number> => ({ sharing: 'increasing', layer })

/** Uses a family with an instance for each of several names under each number, of which the numbers increase: `utrb[vid][p]`. */
export const increasingEach = <L extends Layer<Module>>(layer: L): Use<L, 'increasing', readonly [number, string]> => ({
  sharing: 'increasing',
  isEach: true,
  layer,
})

/**
 * Uses the one instance of a layer that serves all who share it in a process, as the book has one failure detector for all. It stands
 * at the root, under `name`, by default the name that its users have for it: `pfd`. Layers that are equal, settings and all, share one
 * instance however often they are written; for different ones under one name, give one a name of its own. A port of the host in its place
 * is opened for each user: what is behind it is the host's business. Among instances with members of their own (`create`), it serves these.
 */
export function shared<L extends Layer<Module>>(layer: L, name?: string): Use<L, 'shared'> {
  if (name === undefined) return { sharing: 'shared', layer }
  checkName('shared', name)
  return { sharing: 'shared', layer, name }
}

/**
 * Uses a layer whose messages may come from processes that lie: a message (`m`, the last attribute of an indication) that `isMessage` does
 * not accept is dropped and counted (`malformed`) before any handler sees it.
 */
export function checked<const U extends Layer<Module> | Use>(use: U, isMessage: (message: unknown) => boolean): Checked<U> {
  if (typeof isMessage !== 'function') throw misuse(`checked: expected a function that says what a message is, found ${typeof isMessage}`)
  return { ...useOf(use), accepts: isMessage } as unknown as Checked<U>
}

type Checked<U> = U extends Use ? U : U extends Layer<Module> ? Use<U, 'own'> : never

export const isUse = (use: Layer<Module> | Use): use is Use => 'sharing' in use

/** A use in its one form. */
export const useOf = (use: Layer<Module> | Use): Use => (isUse(use) ? use : { sharing: 'own', layer: use })
