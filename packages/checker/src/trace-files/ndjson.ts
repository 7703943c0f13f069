import type { AlgorithmEvent, FaultEvent, Trace, TraceEntry } from '../trace'
import { decode, encode } from '../values'
import { TraceError } from './trace-error'

export const FORMAT = 'upon-trace/1'
const faults = new Set(['crash', 'recover', 'pause', 'resume', 'partition', 'heal', 'loss', 'duplicate'])

/** The lines of a trace's file, without line ends: the head, then an entry each. ⊥ is kept. */
export function* traceLines(trace: Trace): Generator<string> {
  const { entries, ...head } = trace
  yield JSON.stringify(head)
  for (const entry of entries) yield entryLine(entry)
}

/** One entry as a line, for those who write while they run. */
export function entryLine(entry: TraceEntry): string {
  return JSON.stringify(entry.type === 'event' ? { ...entry, attributes: entry.attributes.map(encode) } : entry)
}

/** A whole trace as NDJSON. */
export function writeTrace(trace: Trace): string {
  return `${[...traceLines(trace)].join('\n')}\n`
}

/** Whether a first line is the head of a trace. */
export function isTraceHead(line: string): boolean {
  return /^\s*\{/.test(line) && line.includes(`"${FORMAT}"`)
}

/** Reads what `writeTrace` wrote. Empty lines are skipped. Throws TraceError at the first line that is not as it should be, and for a recording. */
export function readTrace(text: string | Iterable<string>): Trace {
  let head: Omit<Trace, 'entries'> | undefined
  const entries: TraceEntry[] = []
  let number = 0
  for (const line of typeof text === 'string' ? text.split('\n') : text) {
    number += 1
    if (line.trim() === '') continue
    const read = parse(line, number)
    if (head !== undefined) entries.push(entryOf(read, entries.length, number))
    else if (read.recordedBy === undefined) head = headOf(read, number)
    else
      throw new TraceError(number, `only what ${read.recordedBy} saw of the run; expected a whole trace, joined of the recordings of all`)
  }
  if (head === undefined) throw new TraceError(Math.max(number, 1), 'the file is empty; expected the head of a trace')
  return { ...head, entries }
}

export type Read = Readonly<Record<string, unknown>>

/** The object on a line of NDJSON. */
export function parse(line: string, number: number): Read {
  let read: unknown
  try {
    read = JSON.parse(line)
  } catch (error) {
    throw new TraceError(number, `not JSON: ${(error as Error).message}`)
  }
  if (typeof read !== 'object' || read === null || Array.isArray(read)) throw new TraceError(number, 'expected an object')
  return read as Read
}

/** What the first line says, the processes by rank. */
export function headOf(read: Read, line: number): Omit<Trace, 'entries'> {
  const { format, processes, origin, end } = read
  if (format !== FORMAT) throw new TraceError(line, `expected the head of a trace, with "format":"${FORMAT}"`)
  if (end !== 'quiescent' && end !== 'cut') throw new TraceError(line, `"end" is ${JSON.stringify(end)}; expected "quiescent" or "cut"`)
  const isProcess = (p: unknown): p is { id: string; rank: number } =>
    typeof (p as Read | null)?.id === 'string' && typeof (p as Read).rank === 'number'
  if (!Array.isArray(processes) || processes.length === 0 || !processes.every(isProcess))
    throw new TraceError(line, '"processes" is not a list of {"id": a name, "rank": a number}')
  if (new Set(processes.map(({ id }) => id)).size < processes.length) throw new TraceError(line, 'two processes have one name')
  const sorted = processes.map(({ id, rank }) => ({ id, rank })).sort((a, b) => a.rank - b.rank)
  return { format, processes: sorted, end, ...(typeof origin === 'object' && origin !== null ? { origin: origin as object } : {}) }
}

/** What another line says; it must be entry number `index`. */
export function entryOf(read: Read, index: number, line: number): TraceEntry {
  if (read.index !== index) throw new TraceError(line, `"index" is ${JSON.stringify(read.index)}; expected ${index}, entries count from 0`)
  if (typeof read.timeMs !== 'number') throw new TraceError(line, `"timeMs" is ${JSON.stringify(read.timeMs)}; expected a number`)
  if (read.type === 'event') return eventOf(read, line)
  if (typeof read.type !== 'string' || !faults.has(read.type))
    throw new TraceError(line, `"type" is ${JSON.stringify(read.type)}; expected "event" or one of ${[...faults].join(', ')}`)
  for (const name of ['process', 'detail'])
    if (read[name] !== undefined && typeof read[name] !== 'string') throw new TraceError(line, `"${name}" is not a text`)
  return read as unknown as FaultEvent
}

function eventOf(read: Read, line: number): AlgorithmEvent {
  for (const name of ['process', 'path', 'module', 'event'])
    if (typeof read[name] !== 'string') throw new TraceError(line, `"${name}" is ${JSON.stringify(read[name])}; expected a text`)
  if (read.direction !== 'request' && read.direction !== 'indication')
    throw new TraceError(line, `"direction" is ${JSON.stringify(read.direction)}; expected "request" or "indication"`)
  const { cause, index } = read
  if (!Number.isInteger(cause) || (cause as number) < -1 || (cause as number) >= (index as number))
    throw new TraceError(line, `"cause" is ${JSON.stringify(cause)}; expected -1 or the index of an earlier entry`)
  if (!Array.isArray(read.attributes)) throw new TraceError(line, '"attributes" is not a list')
  return { ...read, attributes: read.attributes.map(decode) } as unknown as AlgorithmEvent
}
