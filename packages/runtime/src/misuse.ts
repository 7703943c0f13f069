import { type Layer, type Module, misuse, moduleOf, printable } from '@upon/contract'

/** Checks what TypeScript would check: the arguments of an application in plain JavaScript. */
export function checkSupply(supply: unknown): void {
  if (!Array.isArray(supply)) throw misuse(`supply: expected a list of ports and transports, found ${described(supply)}`)
  supply.forEach((each, i) => {
    const sort = sortOf(each)
    if (sort !== 'port' && sort !== 'transport') throw misuse(`supply[${i}]: expected a port or a transport, found ${described(each)}`)
  })
  const given = (supply as readonly Layer<Module>[]).map((each) => moduleOf(each).name)
  const twice = given.find((name, i) => given.indexOf(name) !== i)
  if (twice !== undefined) throw misuse(`supply: two of these give ${twice}: keep one of them`)
}

export function checkOptions(options: unknown): void {
  if (typeof options !== 'object' || options === null)
    throw misuse(`Process: expected { self, processes, supply, ... }, found ${described(options)}`)
}

export function checkLayer(layer: unknown): void {
  const sort = sortOf(layer)
  if (typeof layer === 'object' && layer !== null && 'sharing' in layer)
    throw misuse(`run: expected a layer, found ${layer.sharing === 'shared' ? 'shared(...)' : 'a use'}, which only an algorithm can have`)
  if (sort !== 'algorithm' && sort !== 'abstraction' && sort !== 'port' && sort !== 'transport')
    throw misuse(`run: expected an algorithm, a module, a port or a transport, found ${described(layer)}`)
}

const sortOf = (value: unknown) => (typeof value === 'object' && value !== null ? (value as { readonly sort?: unknown }).sort : undefined)

/** Describes a value for an error message. */
export function described(value: unknown): string {
  if (value === null || value === undefined) return String(value)
  if (typeof (value as { readonly then?: unknown }).then === 'function') return 'a promise: is there an `await` missing?'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'string') return `the text '${printable(value)}'`
  if (typeof value !== 'object') return typeof value === 'function' ? 'a function' : `a ${typeof value}`
  const sort = sortOf(value)
  if (typeof sort === 'string') return `what is of sort '${sort}'`
  const made = Object.getPrototypeOf(value)?.constructor?.name
  if (typeof made === 'string' && made !== 'Object')
    return `an instance of ${printable(made)}${'transport' in value ? ': supply what its `transport(self)` gives' : ''}`
  const names = Object.keys(value)
  return names.length === 0 ? 'an empty object' : `an object with ${names.slice(0, 5).join(', ')}`
}
