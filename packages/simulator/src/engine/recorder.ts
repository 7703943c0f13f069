import type { ProcessId } from '@upon/contract'
import type { Observation } from '@upon/runtime'
import type { FaultEvent, Trace, TraceEntry } from '@upon/trace'
import { combine, digits, hashOf } from '../plan/random'

/**
 * What goes into the trace of a run: everything; the requests and indications of the application; nothing but faults; or those of the
 * application and the events of some modules.
 */
export type RecordScope = 'everything' | 'application' | 'nothing' | readonly string[]

/** Which instances are recorded. */
export function recorded(record: RecordScope): (module: string, path: string) => boolean {
  if (record === 'everything') return () => true
  if (record === 'nothing') return () => false
  if (record === 'application') return (_module, path) => !path.includes('.')
  const modules = new Set(record)
  return (module, path) => !path.includes('.') || modules.has(module)
}

/** Whether rules are recorded: only in the full record. */
export const recordsRules = (record: RecordScope): boolean => record === 'everything'

/** The attributes of an event, to keep: the owner of a stored value goes on changing it. */
export const attributesOf = ({ module, attributes }: Observation): readonly unknown[] =>
  module === 'StableStorage' ? structuredClone(attributes) : attributes

interface OfMessage {
  readonly from: ProcessId
  readonly detail: string
  readonly sentEntry: number
}

/** Writes the trace of a run. */
export class Recorder {
  readonly entries: TraceEntry[] = []
  /** The entry of each event of each process, by the process's own count. */
  readonly #entryOf: Map<number, number>[]
  /** The entry being handled at each process. */
  readonly #current: number[]
  /** The sending of the message that is arriving now. */
  arriving = -1
  /** Messages that wait in a process for their instance, with their sendings. */
  readonly #held = new Map<string, { readonly message: unknown; readonly sentEntry: number }[]>()

  constructor(n: number) {
    this.#entryOf = Array.from({ length: n }, () => new Map())
    this.#current = new Array<number>(n).fill(-1)
  }

  /** The entry whose handler is running at process `host`. */
  currentAt(host: number): number {
    return this.#current[host] as number
  }

  /** The sending that is being handled at process `host`, if it is one of the instance at `path`. */
  sendingAt(host: number, path: string): number {
    const at = this.currentAt(host)
    const entry = this.entries[at]
    return entry?.type === 'event' && entry.event === 'send' && entry.path === path ? at : -1
  }

  /** The request to the layer at `path` that is being handled at process `host`, if there is one. */
  requestAt(host: number, path: string): number {
    const at = this.currentAt(host)
    const entry = this.entries[at]
    return entry?.type === 'event' && entry.direction === 'request' && entry.path === path ? at : -1
  }

  event(host: number, observation: Observation): TraceEntry {
    const { index: own, cause: ownCause, time: timeMs, process, path, module, direction, event, algorithm } = observation
    const attributes = attributesOf(observation)
    const index = this.entries.length
    const cause = this.#causeOf(host, ownCause, path, observation.attributes)
    this.#entryOf[host]?.set(own, index)
    if (direction !== 'query') this.#current[host] = index
    const what = { type: 'event', index, cause, timeMs, process, path, module, direction, event, attributes } as const
    const entry: TraceEntry = algorithm === undefined ? what : { ...what, algorithm }
    this.entries.push(entry)
    return entry
  }

  /** A process keeps a message that it has no instance for yet. */
  hold(host: number, path: string, message: unknown): void {
    const key = `${host} ${path}`
    const held = this.#held.get(key)
    const item = { message, sentEntry: this.arriving }
    if (held === undefined) this.#held.set(key, [item])
    else held.push(item)
  }

  fault(type: FaultEvent['type'], timeMs: number, process?: ProcessId, detail?: string): void {
    const index = this.entries.length
    this.entries.push({ type, index, timeMs, ...(process === undefined ? {} : { process }), ...(detail === undefined ? {} : { detail }) })
  }

  /** What the network does to one message. */
  ofMessage(type: 'loss' | 'duplicate', timeMs: number, { from, detail, sentEntry }: OfMessage): void {
    const about = { process: from, ...(sentEntry < 0 ? {} : { cause: sentEntry }), detail }
    this.entries.push({ type, index: this.entries.length, timeMs, ...about })
  }

  /** The process recovers, and counts its events from the start. */
  recover(host: number, timeMs: number, process: ProcessId): void {
    this.fault('recover', timeMs, process)
    this.#entryOf[host]?.clear()
    this.#current[host] = -1
    for (const key of this.#held.keys()) if (key.startsWith(`${host} `)) this.#held.delete(key)
  }

  #causeOf(host: number, own: number, path: string, attributes: readonly unknown[]): number {
    if (own === 0) return this.arriving
    const held = this.#held.size === 0 ? undefined : this.#held.get(`${host} ${path}`)
    if (held !== undefined) {
      const at = held.findIndex(({ message }) => message === attributes.at(-1))
      const [item] = at < 0 ? [] : held.splice(at, 1)
      if (item !== undefined) return item.sentEntry
    }
    return this.#entryOf[host]?.get(own) ?? -1
  }
}

/** ⊥ as the trace format writes it, and collections as lists. */
const plain = (_key: string, value: unknown): unknown => {
  if (value === undefined) return { '⊥': true }
  if (value instanceof Map || value instanceof Set) return [...value]
  return value
}

/** The entries as NDJSON, a line each. */
export const linesOf = (entries: readonly TraceEntry[]): string[] => entries.map((entry) => JSON.stringify(entry, plain))

/** 64 bits of a trace's text, as 16 hexadecimal digits: two runs with the same hash were the same. */
export function traceHash(trace: Trace): string {
  let a = hashOf(trace.end)
  let b = trace.processes.length
  for (const line of linesOf(trace.entries)) {
    const h = hashOf(line)
    a = combine(a, h)
    b = combine(b ^ line.length, h ^ a)
  }
  return digits(a) + digits(b)
}
