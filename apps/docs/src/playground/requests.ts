import type { Entry } from '@upon/catalogue'
import type { ProcessId } from '@upon/contract'
import type { Command } from '@upon/simulator'
import { shown } from '@upon/trace'

/** Something that a client may ask a process for. */
export interface Offer {
  /** `broadcast 2`. */
  readonly words: string
  readonly command: Command & { readonly do: 'request' }
}

type Fields = Readonly<Record<string, unknown>>
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value)

/** `write 3`, `send 1 to p2`, `broadcast 1`: an operation of a suite's client in words. */
export function operationWords({ suite }: Entry, operation: unknown): string {
  const [first = 'ask'] = Object.keys(suite.module.requests)
  if (typeof operation === 'string' && Object.hasOwn(suite.module.requests, operation)) return operation
  if (!isFields(operation)) return `${first} ${shown(operation)}`
  const { kind, to, m, value, propose, s } = operation
  if (typeof kind === 'string') return 'value' in operation ? `${kind} ${shown(value)}` : kind
  if ('propose' in operation) return `propose ${shown(propose)}`
  if (typeof to === 'string') return `${first} ${shown(m)} to ${to}`
  if (typeof s === 'string' && 'm' in operation) return `${first} ${shown(m)}, sender ${s}`
  const fields = Object.entries(operation).map(([name, field]) => `${name} ${shown(field)}`)
  return [first, ...fields].join(' ')
}

/** With which fields an operation is like another: what a button stands for. */
const sortOf = (operation: unknown): string =>
  isFields(operation) ? `${operation.kind ?? ''} ${Object.keys(operation)}` : typeof operation === 'string' ? operation : typeof operation

/**
 * What the client of each process may ask for: the sorts of operations that the suite's few are of, each with a value that was not requested for
 * yet.
 */
export function offersAt(entry: Entry, processes: readonly ProcessId[], process: ProcessId, requested: number): Offer[] {
  const few = entry.suite.few(processes).map(({ operation, process: by }) => ({ operation, by }))
  const writers = new Set(few.flatMap(({ operation, by }) => (isFields(operation) && operation.kind === 'write' ? [by] : [])))
  const isAnyWriter = entry.suite.module.name === 'AtomicRegister'
  const sorts = new Map<string, unknown>()
  for (const { operation, by } of few) {
    const isWrite = isFields(operation) && operation.kind === 'write'
    if (isWrite && !isAnyWriter && !writers.has(process)) continue
    if (!sorts.has(sortOf(operation)) || by === process) sorts.set(sortOf(operation), operation)
  }
  if (sorts.size === 0 && few.length > 0 && writers.size > 0) sorts.set('read', { kind: 'read' })
  return [...sorts.values()].flatMap((operation) => {
    const fresh = freshOf(operation, { processes, process, requested })
    return fresh === undefined ? [] : [{ words: operationWords(entry, fresh), command: { do: 'request', process, operation: fresh } }]
  })
}

interface Asking {
  readonly processes: readonly ProcessId[]
  readonly process: ProcessId
  readonly requested: number
}

/** The same operation with a value of its own, to another process if it goes to one. */
function freshOf(operation: unknown, { processes, process, requested }: Asking): unknown {
  if (typeof operation === 'number') return operation >= 10 ? operation : requested + 1
  if (!isFields(operation)) return operation
  if (operation.kind === 'write') return { ...operation, value: requested + 1 }
  if ('propose' in operation) return { propose: requested + 1 }
  if ('to' in operation) return { ...operation, m: requested + 1, to: processes.find((p) => p !== process) ?? process }
  return operation
}

/** What happens at the start if the reader only steps: the suite's few operations. */
export const fewOf = (entry: Entry, processes: readonly ProcessId[]): Command[] =>
  entry.suite.few(processes).map(({ process, operation }) => ({ do: 'request', process, operation }))
