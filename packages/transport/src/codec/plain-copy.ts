import { entriesOf, MESSAGE_DEPTH, membersOf, sortOf } from './plain-values'

/** The message as the receiver would decode it with `plainData`, without encoding it. Throws `TypeError` for what `plainData` cannot encode. */
export const copyPlain = (message: unknown): unknown => copy(message, [])

function copy(value: unknown, keys: string[]): unknown {
  switch (sortOf(value, keys, MESSAGE_DEPTH)) {
    case 'atom':
      return value
    case 'array':
      return copyAll(value as unknown[], keys)
    case 'map':
      return new Map(copyAll(entriesOf(value), keys) as [unknown, unknown][])
    case 'set':
      return new Set(copyAll(membersOf(value), keys))
    case 'bytes':
      return Uint8Array.from(value as Uint8Array)
    case 'record':
      return copyRecord(value as Record<string, unknown>, keys)
  }
}

const copyAll = (values: readonly unknown[], keys: string[]) => Array.from(values, (item, i) => copyItem(item, String(i), keys))

function copyRecord(value: Record<string, unknown>, keys: string[]): object {
  const copied: Record<string, unknown> = {}
  for (const key of Object.keys(value)) {
    const item = copyItem(value[key], key, keys)
    if (key === '__proto__') Object.defineProperty(copied, key, { value: item, enumerable: true, configurable: true, writable: true })
    else copied[key] = item
  }
  return copied
}

function copyItem(item: unknown, key: string, keys: string[]): unknown {
  keys.push(key)
  const copied = copy(item, keys)
  keys.pop()
  return copied
}
