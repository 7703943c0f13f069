import type { Abstraction, Algorithm, Layer, Module, Port, Transport, Use } from '@upon/contract'

export type AnyLayer = Abstraction<Module> | Algorithm<Module> | Port<Module> | Transport<Module>

/** The module that a layer gives. */
export function moduleOf(layer: Layer<Module>): Abstraction<Module> {
  const made = layer as AnyLayer
  return made.sort === 'abstraction' ? made : made.sort === 'transport' ? made.guarantees : made.abstraction
}

/** The module of the same name and events may come from another copy of the contract. */
export const isSameModule = (a: Abstraction<Module>, b: Abstraction<Module>) =>
  a === b || (a.name === b.name && eventsOf(a) === eventsOf(b))

const eventsOf = ({ requests, indications }: Abstraction<Module>) => JSON.stringify([requests, indications])

/** Whether two layers are the same algorithm with the same settings over the same layers, however often they were written. */
export function isSameLayer(one: Layer<Module>, other: Layer<Module>): boolean {
  if (one === other) return true
  const [a, b] = [one as AnyLayer, other as AnyLayer]
  if (a.sort === 'abstraction' && b.sort === 'abstraction') return isSameModule(a, b)
  return a.sort === 'algorithm' && b.sort === 'algorithm' && isSameAlgorithm(a, b)
}

function isSameAlgorithm(a: Algorithm<Module>, b: Algorithm<Module>): boolean {
  const isOne = a.behaviour === b.behaviour && a.state === b.state && a.name === b.name && a.instance === b.instance
  return isOne && isSameData(a.options ?? {}, b.options ?? {}) && isSameRecord(a.uses, b.uses, isSameUse)
}

function isSameUse(one: Use | undefined, other: Use | undefined): boolean {
  if (one === undefined || other === undefined) return one === other
  if (isWrapped(one) && isWrapped(other)) {
    const { layer, ...how } = one
    const { layer: otherLayer, ...otherHow } = other
    return isSameData(how, otherHow) && isSameLayer(layer, otherLayer)
  }
  return !isWrapped(one) && !isWrapped(other) && isSameLayer(one, other)
}

const isWrapped = (use: Use) => 'sort' in use && (use.sort === 'many' || use.sort === 'shared')

/** Settings are plain data; what is not, is the same only if it is one. */
function isSameData(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  const isPlain = Array.isArray(a) ? Array.isArray(b) : isPlainObject(a) && isPlainObject(b)
  return isPlain && isSameRecord(a as Record<string, unknown>, b as Record<string, unknown>, isSameData)
}

function isPlainObject(value: object): boolean {
  const prototype = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype
}

function isSameRecord<T>(
  a: Readonly<Record<string, T>>,
  b: Readonly<Record<string, T>>,
  isSame: (a: T | undefined, b: T | undefined) => boolean,
) {
  const names = Object.keys(a)
  return names.length === Object.keys(b).length && names.every((name) => Object.hasOwn(b, name) && isSame(a[name], b[name]))
}
