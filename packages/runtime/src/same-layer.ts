import { type Abstraction, type Algorithm, anyLayer, type Layer, type Module, type Use } from '@upon/contract'

/** The module of the same name and events may come from another copy of the contract. */
export const isSameModule = (a: Abstraction<Module>, b: Abstraction<Module>) =>
  a === b || (a.name === b.name && eventsOf(a) === eventsOf(b))

const eventsOf = ({ requests, indications, queries = {} }: Abstraction<Module>) => JSON.stringify([requests, indications, queries])

/** Whether two layers are the same algorithm with the same settings over the same layers, even if they are different objects. */
export function isSameLayer(one: Layer<Module>, other: Layer<Module>): boolean {
  if (one === other) return true
  const [a, b] = [anyLayer(one), anyLayer(other)]
  if (a.sort === 'abstraction' && b.sort === 'abstraction') return isSameModule(a, b)
  return a.sort === 'algorithm' && b.sort === 'algorithm' && isSameAlgorithm(a, b)
}

function isSameAlgorithm(a: Algorithm<Module>, b: Algorithm<Module>): boolean {
  const isOne = a.behaviour === b.behaviour && a.state === b.state && a.name === b.name && a.instance === b.instance
  return isOne && isSameData(a.options ?? {}, b.options ?? {}) && isSameRecord(a.uses, b.uses, isSameUse)
}

function isSameUse(one: Use | undefined, other: Use | undefined): boolean {
  if (one === undefined || other === undefined) return one === other
  const { layer, ...how } = one
  const { layer: otherLayer, ...otherHow } = other
  return isSameData(how, otherHow) && isSameLayer(layer, otherLayer)
}

/** Settings are plain data. Other values are equal only if they are identical. */
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
