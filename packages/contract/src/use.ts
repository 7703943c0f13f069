import type { Layer } from './layer'
import type { Index, Module } from './module'
import { checkName, misuse } from './names'

/**
 * How many instances of a layer an algorithm uses: one of its own; one that serves the whole process; or a family, made in any order or in
 * increasing order.
 */
export type Sharing = 'own' | 'shared' | 'many' | 'increasing'

declare const indexed: unique symbol

/** A use of a layer. A bare layer in `uses` is one instance of the user's own. */
export interface Use<L extends Layer<Module> = Layer<Module>, S extends Sharing = Sharing, K extends Index = Index> {
  readonly sharing: S
  readonly layer: L
  /** The name of a shared instance; by default, the name that its user gives it. */
  readonly name?: string
  /** Whether an index has two parts, a number that increases and a name. */
  readonly isEach?: true
  /** Which messages its users accept. */
  readonly accepts?: (message: unknown) => boolean
  readonly [indexed]?: K
}

/** Any number of instances, distinguished by an index. */
export type Many<L extends Layer<Module>, K extends Index> = Use<L, 'many' | 'increasing', K>
/** The one instance of a layer that serves the whole process. */
export type Shared<L extends Layer<Module>> = Use<L, 'shared'>
/** The layers that an algorithm uses, by the names of their instances, as they are declared. */
export type Uses = Readonly<Record<string, Layer<Module> | Use>>

/** The type of a family's index. */
export type IndexOf<F> = F extends { readonly [indexed]?: infer K extends Index } ? K : never
/** The layer below a use. */
export type LayerOf<U> = U extends Use<infer L> ? L : U

/** Uses a family of instances, made and ended in any order: `nnar[x]`. Messages for an instance that is not made yet are kept for it. */
export const many = <L extends Layer<Module>>(layer: L): Use<L, 'many', string> => ({ sharing: 'many', layer })

/** Uses a family of instances made in increasing order, such as epochs. Messages for ended instances below the newest are dropped. */
export const increasing = <L extends Layer<Module>>(layer: L): Use<L, 'increasing', number> => ({ sharing: 'increasing', layer })

/** Uses a family with an index of two parts, a number that increases and a name: `utrb[vid][p]`. */
export const increasingEach = <L extends Layer<Module>>(layer: L): Use<L, 'increasing', readonly [number, string]> => ({
  sharing: 'increasing',
  isEach: true,
  layer,
})

/**
 * Uses one instance of a layer for all its users in a process, as the book has one failure detector for all. The instance is at the root, under
 * `name`; by default, under the name that its users give it: `pfd`. Equal layers, with equal settings, share one instance. Different layers
 * under one name are refused: give one of them another name. A port of the host is opened once per user instead; the host decides what they
 * share. Below an instance with members of its own (`create`), the shared instance serves these members.
 */
export function shared<L extends Layer<Module>>(layer: L, name?: string): Use<L, 'shared'> {
  if (name === undefined) return { sharing: 'shared', layer }
  checkName('shared', name)
  return { sharing: 'shared', layer, name }
}

/**
 * Uses a layer whose messages may come from processes that lie. If `isMessage` does not accept a message (`m`, the last attribute of an
 * indication), the message is dropped and counted (`malformed`) before any handler gets it.
 */
export function checked<const U extends Layer<Module> | Use>(use: U, isMessage: (message: unknown) => boolean): Checked<U> {
  if (typeof isMessage !== 'function') throw misuse(`checked: expected a function that recognises messages, found ${typeof isMessage}`)
  return { ...useOf(use), accepts: isMessage } as unknown as Checked<U>
}

type Checked<U> = U extends Use ? U : U extends Layer<Module> ? Use<U, 'own'> : never

export const isUse = (use: Layer<Module> | Use): use is Use => 'sharing' in use

/** A use in its normal form. */
export const useOf = (use: Layer<Module> | Use): Use => (isUse(use) ? use : { sharing: 'own', layer: use })
