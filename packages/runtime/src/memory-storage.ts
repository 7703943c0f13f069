import { type Port, StableStorage } from '@upon/contract'

/**
 * Stable storage in memory: it outlives the process, not the program. Give the same one to the process that recovers.
 * Variables are plain data, with Maps and Sets; what cannot be copied crashes the process that stores it.
 */
export function memoryStorage(): Port<StableStorage> {
  const records = new Map<string, object>()
  return {
    sort: 'port',
    abstraction: StableStorage,
    open: ({ path, indicate }) => {
      const stored = records.get(path)
      if (stored === undefined) indicate.init()
      else indicate.recovery(structuredClone(stored))
      return { upon: { store: (variables) => void records.set(path, { ...records.get(path), ...structuredClone(variables) }) } }
    },
  }
}
