import { ExactNumber } from './json/exact-number'
import { forEachObject, found, hasField, knownOnly, type Read } from './json/lines'
import type { AlgorithmEvent, FaultEvent, Trace, TraceEntry } from './trace'
import { TraceError } from './trace-error'
import { decode, encode } from './values'

export const FORMAT = 'upon-trace/1'
const faults = new Set(['crash', 'recover', 'pause', 'resume', 'partition', 'heal', 'loss', 'duplicate'])

/** The lines of a trace's file, without line ends: the head, then a line per entry. ⊥ is kept. */
export function* traceLines(trace: Trace): Generator<string> {
  const { entries, ...head } = trace
  yield JSON.stringify(head)
  for (const entry of entries) yield entryLine(entry)
}

/** One entry as a line, for writing during a run. */
export function entryLine(entry: TraceEntry): string {
  return JSON.stringify(entry.type === 'event' ? { ...entry, attributes: entry.attributes.map(encode) } : entry)
}

/** A whole trace as NDJSON. */
export function writeTrace(trace: Trace): string {
  return `${[...traceLines(trace)].join('\n')}\n`
}

/** Whether a first line is the head of a trace of any format. No operation of a history has its field `format`. */
export const isTraceHead = (line: string): boolean => hasField(line, 'format')

/**
 * Reads what `writeTrace` wrote. Blank lines are skipped. Throws TraceError at the first malformed line, and for a recording.
 * Whether a run can have these entries is a question for `@upon/checker`.
 */
export function readTrace(text: string | Iterable<string>): Trace {
  let head: Omit<Trace, 'entries'> | undefined
  const entries: TraceEntry[] = []
  const number = forEachObject(text, (read, line) => {
    if (head !== undefined) entries.push(entryOf(read, entries.length, line))
    else if (read.recordedBy === undefined) head = headOf(read, line, HEAD)
    else
      throw new TraceError(
        line,
        `this is the recording of ${found(read.recordedBy)} alone; expected a whole trace, joined from the recordings of all processes`,
      )
  })
  if (head === undefined) throw new TraceError(Math.max(number, 1), 'the file is empty; expected the head of a trace')
  return { ...(head as Omit<Trace, 'entries'>), entries }
}

const HEAD = new Set(['format', 'processes', 'origin', 'end'])
const PROCESS = new Set(['id', 'rank'])
const ORIGIN = new Set(['seed', 'command'])
const EVENT = new Set(['type', 'index', 'cause', 'timeMs', 'process', 'path', 'module', 'direction', 'event', 'attributes', 'algorithm'])
const DIRECTIONS: ReadonlySet<unknown> = new Set(['request', 'indication', 'query', 'rule'])
const FAULT = new Set(['type', 'index', 'timeMs', 'process', 'cause', 'detail'])

/** The head on the first line, with the processes by rank. */
export function headOf(read: Read, line: number, known: ReadonlySet<string>): Omit<Trace, 'entries'> {
  const { format, processes, origin, end } = read
  if (format !== FORMAT) throw new TraceError(line, `expected the head of a trace, with "format":"${FORMAT}"`)
  knownOnly(read, known, 'the head', line)
  if (end !== 'quiescent' && end !== 'cut') throw new TraceError(line, `"end" is ${found(end)}; expected "quiescent" or "cut"`)
  const sorted = processesOf(processes, line).sort((a, b) => a.rank - b.rank)
  return { format, processes: sorted, end, ...(origin === undefined ? {} : { origin: originOf(origin, line) }) }
}

function processesOf(processes: unknown, line: number): { id: string; rank: number }[] {
  const isProcess = (p: unknown): p is { id: string; rank: number } =>
    isObject(p) && typeof p.id === 'string' && p.id !== '' && typeof p.rank === 'number'
  if (!Array.isArray(processes) || processes.length === 0 || !processes.every(isProcess))
    throw new TraceError(line, '"processes" is not a list of {"id": a name, "rank": a number}')
  for (const process of processes) knownOnly(process as unknown as Read, PROCESS, 'a process', line)
  if (new Set(processes.map(({ id }) => id)).size < processes.length) throw new TraceError(line, 'two processes have the same name')
  if (new Set(processes.map(({ rank }) => rank)).size < processes.length) throw new TraceError(line, 'two processes have the same rank')
  return processes.map(({ id, rank }) => ({ id, rank }))
}

function originOf(origin: unknown, line: number): NonNullable<Trace['origin']> {
  if (!isObject(origin)) throw new TraceError(line, `"origin" is ${found(origin)}; expected an object`)
  knownOnly(origin, ORIGIN, 'the origin', line)
  for (const name of ORIGIN)
    if (origin[name] !== undefined && typeof origin[name] !== 'string')
      throw new TraceError(line, `"${name}" is ${found(origin[name])}; expected a text`)
  return origin
}

const isObject = (value: unknown): value is Read => typeof value === 'object' && value !== null && !Array.isArray(value)

/** The entry on another line. Its index must be `index`. */
export function entryOf(read: Read, index: number, line: number): TraceEntry {
  if (read.index !== index) throw new TraceError(line, `"index" is ${found(read.index)}; expected ${index}: entries are numbered from 0`)
  const timeMs = timeOf(read, line)
  if (read.type === 'event') return eventOf(read, timeMs, line)
  if (typeof read.type !== 'string' || !faults.has(read.type))
    throw new TraceError(line, `"type" is ${found(read.type)}; expected "event" or one of ${[...faults].join(', ')}`)
  knownOnly(read, FAULT, `a ${read.type}`, line)
  for (const name of ['process', 'detail'])
    if (read[name] !== undefined && typeof read[name] !== 'string') throw new TraceError(line, `"${name}" is not a text`)
  if (read.cause !== undefined) checkCause(read, line)
  return { ...read, timeMs } as unknown as FaultEvent
}

/** The time of an entry. The nearest double is enough, since it keeps the order. */
export function timeOf({ timeMs }: Read, line: number): number {
  const time = timeMs instanceof ExactNumber ? Number(timeMs.text) : timeMs
  if (typeof time !== 'number' || !Number.isFinite(time)) throw new TraceError(line, `"timeMs" is ${found(timeMs)}; expected a number`)
  return time
}

function eventOf(read: Read, timeMs: number, line: number): AlgorithmEvent {
  knownOnly(read, EVENT, 'an event', line)
  for (const name of ['process', 'path', 'module', 'event'])
    if (typeof read[name] !== 'string') throw new TraceError(line, `"${name}" is ${found(read[name])}; expected a text`)
  if (read.algorithm !== undefined && typeof read.algorithm !== 'string') throw new TraceError(line, '"algorithm" is not a text')
  if (!DIRECTIONS.has(read.direction))
    throw new TraceError(line, `"direction" is ${found(read.direction)}; expected "request", "indication", "query" or "rule"`)
  checkCause(read, line)
  if (!Array.isArray(read.attributes)) throw new TraceError(line, '"attributes" is not a list')
  return { ...read, timeMs, attributes: attributesOf(read.attributes, line) } as unknown as AlgorithmEvent
}

function checkCause({ cause, index }: Read, line: number): void {
  if (!Number.isInteger(cause) || (cause as number) < -1 || (cause as number) >= (index as number))
    throw new TraceError(line, `"cause" is ${found(cause)}; expected -1 or the index of an earlier entry`)
}

function attributesOf(attributes: readonly unknown[], line: number): unknown[] {
  try {
    return attributes.map(decode)
  } catch (error) {
    if (error instanceof RangeError) throw new TraceError(line, `an attribute is wrong: ${error.message}`)
    throw error
  }
}
