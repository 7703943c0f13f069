import { InvalidHistory, type Operation } from '../linearizability'
import { canonical, decode } from '../values'
import { JoinError } from './join'
import { parse } from './ndjson'
import { TraceError } from './trace-error'

/** What a client's operation wrote or read: numbers and texts as they are, other data by its canonical text, `undefined` for ⊥. */
export type FileValue = string | number | undefined

/** Operations of the registers in a file, by their key; one register, of key '', where lines have none. */
export type Histories = ReadonlyMap<string, readonly Operation<FileValue>[]>

/**
 * Reads lines `{"client","op":"write"|"read","value","call","return"}`: `return` null or absent for an operation that never returned, `value` null for the
 * initial one, and an optional `"key"` that tells registers apart. Times are numbers of any unit, or whole numbers of any size. Empty lines
 * are skipped. Throws TraceError at the first line that is not as it should be.
 */
export function readHistories(text: string): Histories {
  const lines = text.split('\n')
  const histories = new Map<string, Operation<FileValue>[]>()
  const base = baseOf(lines)
  lines.forEach((line, i) => {
    if (line.trim() === '') return
    const read = parse(line, i + 1)
    const key = read.key === undefined ? '' : String(read.key)
    const operation = operationOf(read, base === undefined ? undefined : exactTimes(line, base), i + 1)
    const others = histories.get(key)
    if (others) others.push(operation)
    else histories.set(key, [operation])
  })
  if (histories.size === 0) histories.set('', [])
  return histories
}

type Read = Readonly<Record<string, unknown>>
type Times = Partial<Record<'call' | 'return', number>>

function operationOf(read: Read, exact: Times | undefined, line: number): Operation<FileValue> {
  const { op: kind, client } = read
  if (kind !== 'write' && kind !== 'read')
    throw new TraceError(line, `"op" is ${JSON.stringify(kind) ?? 'missing'}; expected "write" or "read"`)
  if (typeof client !== 'string' && typeof client !== 'number')
    throw new TraceError(line, `"client" is ${JSON.stringify(client) ?? 'missing'}; expected a text or a number`)
  const call = exact?.call ?? read.call
  const end = read.return === null || read.return === undefined ? undefined : (exact?.return ?? read.return)
  if (typeof call !== 'number') throw new TraceError(line, `"call" is ${JSON.stringify(call) ?? 'missing'}; expected a number`)
  if (end !== undefined && typeof end !== 'number')
    throw new TraceError(line, `"return" is ${JSON.stringify(end)}; expected a number or null`)
  if (end !== undefined && end < call)
    throw new TraceError(line, `"return" is ${end}, before "call", ${call}; expected it to be no earlier`)
  const value = valueOfLine(read.value)
  return { process: String(client), kind, value, invokedAtMs: call, respondedAtMs: end }
}

function valueOfLine(value: unknown): FileValue {
  if (value === null || value === undefined) return undefined
  if (typeof value === 'number' || typeof value === 'string') return value
  return canonical(decode(value))
}

const TIME = /"(call|return)"\s*:\s*(-?\d+)(?=\s*[,}])/g

/** The first time in the file, if times are whole numbers too large for a double: then all are counted from it. */
function baseOf(lines: readonly string[]): bigint | undefined {
  const first = lines.find((line) => line.trim() !== '') ?? ''
  const [time] = [...first.matchAll(TIME)].map(([, , digits]) => BigInt(digits!))
  return time !== undefined && (time > Number.MAX_SAFE_INTEGER || time < Number.MIN_SAFE_INTEGER) ? time : undefined
}

const exactTimes = (line: string, base: bigint): Times =>
  Object.fromEntries([...line.matchAll(TIME)].map(([, name, digits]) => [name, Number(BigInt(digits!) - base)]))

/** Whether an error says what is wrong with a file, rather than with us. */
export const isAboutInput = (error: unknown): error is Error =>
  error instanceof TraceError || error instanceof InvalidHistory || error instanceof JoinError
