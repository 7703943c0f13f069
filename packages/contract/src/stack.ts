import type { Algorithm } from './algorithm'
import { type Assumptions, together } from './assumptions'
import type { Port, Transport } from './host'
import type { Abstraction, Layer } from './layer'
import type { Module } from './module'
import type { Sharing } from './use'

/** A layer as a value: one of four sorts. */
export type AnyLayer = Abstraction<Module> | Algorithm<Module> | Port<Module> | Transport<Module>

/** A layer with its sort. */
export const anyLayer = (layer: Layer<Module>): AnyLayer => layer as AnyLayer

export const isAlgorithm = (layer: unknown): layer is Algorithm<Module> =>
  typeof layer === 'object' && layer !== null && (layer as { readonly sort?: unknown }).sort === 'algorithm'

/** The module that a layer gives. */
export function moduleOf(layer: Layer<Module>): Abstraction<Module> {
  const any = anyLayer(layer)
  return any.sort === 'abstraction' ? any : any.sort === 'transport' ? any.guarantees : any.abstraction
}

/** A layer at its place in an algorithm. */
export interface Below {
  /** The name that its user gives it: `beb`. */
  readonly name: string
  readonly sharing: Sharing
  readonly layer: AnyLayer
  readonly user: Algorithm<Module>
}

/** What an algorithm uses, in the order of its declaration; any other layer uses nothing. */
export const layersOf = (layer: Layer<Module>): readonly Below[] =>
  isAlgorithm(layer)
    ? Object.entries(layer.uses).map(([name, use]) => ({ name, sharing: use.sharing, layer: anyLayer(use.layer), user: layer }))
    : []

/** All layers below a layer by default, users before what they use. A layer with two users appears twice. */
export const stackOf = (layer: Layer<Module>): readonly Below[] => layersOf(layer).flatMap((below) => [below, ...stackOf(below.layer)])

/** What an algorithm and all layers below it assume together. */
export const assumptionsOf = (algorithm: Algorithm<Module>): Assumptions =>
  stackOf(algorithm).reduce((sum, { layer }) => (isAlgorithm(layer) ? together(sum, layer.assumes) : sum), algorithm.assumes)
