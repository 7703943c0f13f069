import { misuse, type Port, StableStorage } from '@upon/contract'

/** The variables of one instance: a record, and lists that grow by an entry at a time. */
type Stored = Record<string, unknown>

/**
 * Stable storage in memory: it outlives the process, not the program. Give the same one to the process that recovers.
 * Variables are plain data, with Maps and Sets; what cannot be copied crashes the process that stores it.
 */
export function memoryStorage(): Port<StableStorage> {
  const records = new Map<string, Stored>()
  return {
    sort: 'port',
    abstraction: StableStorage,
    open: ({ path }) => ({
      upon: storageOf(
        () => records.get(path),
        (stored) => void records.set(path, stored),
      ),
    }),
  }
}

/** How a record that is read and kept in this way implements StableStorage. */
export function storageOf(read: () => Stored | undefined, keep: (stored: Stored) => void) {
  return {
    retrieve: () => structuredClone(read()),
    store: (variables: object) => keep({ ...read(), ...structuredClone(variables) }),
    append: (variable: string, entry: unknown) => {
      const stored = read() ?? {}
      const list = Object.hasOwn(stored, variable) ? stored[variable] : []
      if (!Array.isArray(list)) throw misuse(`append: '${variable}' is stored already, and is not a list`)
      list.push(structuredClone(entry))
      keep({ ...stored, [variable]: list })
    },
  }
}
