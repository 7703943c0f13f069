/**
 * A value as it arrives elsewhere: it has nothing in common with what was sent, so no process sees what another one does to it, or knows it
 * by its identity. Throws a TypeError for what does not travel.
 */
export function copyOf<T>(value: T): T {
  if (typeof value === 'function' || typeof value === 'symbol') throw new TypeError(`a ${typeof value} cannot travel`)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(copyOf) as T
  const prototype = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null ? copyOfRecord(value) : structuredClone(value)
}

function copyOfRecord<T extends object>(record: T): T {
  const copied = { ...record }
  for (const key in copied) {
    const item = copied[key]
    if (typeof item === 'object' || typeof item === 'function') copied[key] = copyOf(item)
  }
  return copied
}
