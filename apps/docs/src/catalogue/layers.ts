import { type Abstraction, type Algorithm, isAlgorithm, layersOf, type Module, type Sharing } from '@upon/contract'

export type AnyAbstraction = Abstraction<Module>
export type AnyAlgorithm = Algorithm<Module>

const isOfSort = (value: unknown, sort: string): boolean =>
  typeof value === 'object' && value !== null && (value as { sort?: unknown }).sort === sort

export const isAbstraction = (value: unknown): value is AnyAbstraction => isOfSort(value, 'abstraction')
export { isAlgorithm }

/** A layer below an algorithm, and what stands there by default. */
export interface Below {
  /** The name that the algorithm gave it: `beb`. */
  readonly instance: string
  readonly sharing: Sharing
  readonly abstraction: AnyAbstraction
  /** The algorithm that is the default; without one, the host supplies the module. */
  readonly algorithm: AnyAlgorithm | undefined
}

/** What an algorithm uses, in the order of its declaration. */
export const layersBelow = (algorithm: AnyAlgorithm): Below[] =>
  layersOf(algorithm).map(({ name: instance, sharing, layer }) => {
    if (isAlgorithm(layer)) return { instance, sharing, abstraction: layer.abstraction, algorithm: layer }
    if (isAbstraction(layer)) return { instance, sharing, abstraction: layer, algorithm: undefined }
    throw new TypeError(`${algorithm.name} uses ${instance}, which is neither a module nor an algorithm`)
  })

/** The modules at the bottom of the default stack, each once: what a host must supply. */
export function suppliedBelow(algorithm: AnyAlgorithm): AnyAbstraction[] {
  const found = layersBelow(algorithm).flatMap((below) => (below.algorithm ? suppliedBelow(below.algorithm) : [below.abstraction]))
  return [...new Map(found.map((module) => [module.name, module])).values()]
}
