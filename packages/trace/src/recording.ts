import type { ProcessId } from '@upon/contract'
import { found, hasField, knownOnly, parse, type Read } from './json/lines'
import { entryOf, FORMAT, headOf, isTraceHead, timeOf } from './ndjson'
import type { AlgorithmEvent, Trace } from './trace'
import { TraceError } from './trace-error'

/** How a recording ended. The last line on disk. */
export interface RecordingEnd {
  /** `stopped`: the process stopped normally. `crashed`: one of its handlers threw. `failed`: recording failed, but the process went on. */
  readonly how: 'stopped' | 'crashed' | 'failed'
  readonly timeMs: number
  /** Nothing was pending in the process: no operation, no kept message, no wrong suspicion. */
  readonly isQuiet: boolean
  /** Why. */
  readonly detail?: string
}

/**
 * The events of one process of a run, recorded by itself. `joinRecordings` makes a trace of the recordings of all. The format on disk
 * is that of a trace with `recordedBy` and `system` in the head.
 */
export interface Recording {
  readonly process: ProcessId
  /** The name of the run, the same at all its processes. */
  readonly system: string
  readonly processes: Trace['processes']
  /** By index, from 0. Deliveries from other processes have cause -1: the sending is in another recording. Times are those of the machine, since 1970. */
  readonly entries: readonly AlgorithmEvent[]
  /** Absent: the recording stops in the middle, as after `kill -9`, or still goes on. */
  readonly end?: RecordingEnd
  /** What was wrong with the last line, if it was left out. */
  readonly leftOut?: string
}

/** The first line of a recording, for writing during a run. */
export function recordingHead({ process, system, processes }: Pick<Recording, 'process' | 'system' | 'processes'>): string {
  return JSON.stringify({ format: FORMAT, recordedBy: process, system, processes, end: 'cut' })
}

/** The last line of a recording with `entries` entries. */
export function recordingEnd(end: RecordingEnd, entries: number): string {
  return JSON.stringify({ type: 'end', index: entries, ...end })
}

/** Whether a first line is the head of a recording. */
export function isRecordingHead(line: string): boolean {
  return isTraceHead(line) && hasField(line, 'recordedBy')
}

/**
 * Reads a recording. An incomplete last line, as a process leaves it that is killed during a write, is left out. Throws TraceError at the first
 * other malformed line.
 */
export function readRecording(text: string | Iterable<string>): Recording {
  const reader = new RecordingReader()
  let last: string | undefined
  for (const line of typeof text === 'string' ? text.split('\n') : text) {
    if (last !== undefined) reader.take(last)
    last = line
  }
  return reader.end(last ?? '')
}

class RecordingReader {
  #line = 0
  #head: Pick<Recording, 'process' | 'system' | 'processes'> | undefined
  #end: RecordingEnd | undefined
  readonly #entries: AlgorithmEvent[] = []

  take(text: string): void {
    this.#line += 1
    if (/^[ \t\r]*$/.test(text)) return
    const line = this.#line
    const read = parse(text, line)
    if (this.#head === undefined) this.#head = recordedHead(read, line)
    else if (this.#end !== undefined) throw new TraceError(line, 'something follows the end of the recording')
    else if (read.type === 'end') this.#end = endOf(read, this.#entries.length, line)
    else this.#entries.push(ownEntry(read, this.#head.process, this.#entries.length, line))
  }

  /** The recording. `last` is the last line, which may be incomplete. */
  end(last: string): Recording {
    const isHalf = this.#head !== undefined && !isWhole(last)
    if (isHalf) this.#line += 1
    else this.take(last)
    if (this.#head === undefined) throw new TraceError(1, 'the file is empty; expected the head of a recording')
    const leftOut = `line ${this.#line}, the last one, ends in the middle`
    return { ...this.#head, entries: this.#entries, ...(this.#end && { end: this.#end }), ...(isHalf && { leftOut }) }
  }
}

function isWhole(line: string): boolean {
  if (line.trim() === '') return true
  try {
    JSON.parse(line)
    return true
  } catch {
    return false
  }
}

const HEAD = new Set(['format', 'recordedBy', 'system', 'processes', 'end'])
const END = new Set(['type', 'index', 'how', 'timeMs', 'isQuiet', 'detail'])

function recordedHead(read: Read, line: number): Pick<Recording, 'process' | 'system' | 'processes'> {
  const { processes } = headOf(read, line, HEAD)
  const { recordedBy, system } = read
  if (!processes.some(({ id }) => id === recordedBy))
    throw new TraceError(line, `"recordedBy" is ${found(recordedBy)}; expected one of the processes`)
  if (typeof system !== 'string') throw new TraceError(line, `"system" is ${found(system)}; expected a text`)
  return { process: recordedBy as ProcessId, system, processes }
}

function ownEntry(read: Read, process: ProcessId, index: number, line: number): AlgorithmEvent {
  const entry = entryOf(read, index, line)
  if (entry.type === 'event' && entry.process === process) return entry
  throw new TraceError(line, `expected an event of ${process}, which recorded this`)
}

function endOf(read: Read, entries: number, line: number): RecordingEnd {
  knownOnly(read, END, 'the end', line)
  const { how, index, isQuiet, detail } = read
  if (index !== entries) throw new TraceError(line, `"index" is ${found(index)}; expected ${entries}, how many entries there are`)
  if (how !== 'stopped' && how !== 'crashed' && how !== 'failed')
    throw new TraceError(line, `"how" is ${found(how)}; expected "stopped", "crashed" or "failed"`)
  return { how, timeMs: timeOf(read, line), isQuiet: isQuiet === true, ...(typeof detail === 'string' && { detail }) }
}
