import type { ProcessId } from '@upon/contract'
import type { States } from '@upon/simulator'

/** The answers that a process has collected, as the state has them: `ack` is {p2, p3}. */
export interface Pips {
  readonly variable: string
  /** By process; undefined for one that has crashed. */
  readonly of: Readonly<Record<ProcessId, ReadonlySet<ProcessId> | undefined>>
}

const LIKELY = /ack|read|answer|accept|state|vote|propos|repl|from|received|correct|suspect|detected/i

/** The variables of an instance that are about processes, with the largest set of processes that each has. */
function setsIn(value: unknown, processes: ReadonlySet<unknown>, name = '', found = new Map<string, Set<ProcessId>>()) {
  if (typeof value !== 'object' || value === null) return found
  const isOfProcesses = (keys: readonly unknown[]) => keys.length > 0 && keys.every((key) => processes.has(key))
  const keys = value instanceof Set || value instanceof Map ? [...value.keys()] : Array.isArray(value) ? [] : Object.keys(value)
  const isIndex = value instanceof Map && [...value.values()].some((each) => typeof each === 'object' && each !== null)
  if (isOfProcesses(keys) && !isIndex && keys.length >= (found.get(name)?.size ?? 0)) found.set(name, new Set(keys as ProcessId[]))
  const inner =
    value instanceof Map ? [...value.values()].map((each) => [name, each] as const) : value instanceof Set ? [] : Object.entries(value)
  for (const [field, each] of inner) setsIn(each, processes, Array.isArray(value) ? name : field, found)
  return found
}

/** Which answers each process has, for the variable that says most: one that looks like a quorum, and is at work. If none is, that from before. */
export function pipsOf(states: States, path: string, processes: readonly ProcessId[], before?: string): Pips | undefined {
  const all = new Set<unknown>(processes)
  const sets = processes.map((p) => (states[p] === undefined ? undefined : setsIn(states[p]?.[path], all)))
  const names = new Map<string, number>()
  for (const found of sets)
    for (const [name, { size }] of found ?? [])
      if (LIKELY.test(name)) names.set(name, (names.get(name) ?? 0) + (size < processes.length ? 2 : 1))
  const [best] = [...names].sort(([a, ofA], [b, ofB]) => rank(a) - rank(b) || ofB - ofA)
  const variable = best?.[0] ?? before
  if (variable === undefined) return undefined
  return { variable, of: Object.fromEntries(processes.map((p, i) => [p, sets[i] && (sets[i].get(variable) ?? new Set<ProcessId>())])) }
}

const rank = (name: string): number => (/correct|suspect|detected/i.test(name) ? 1 : 0)
