import type { ProcessId } from '@upon/contract'
import { found, hasField, knownOnly, parse, type Read } from './json/lines'
import { entryOf, FORMAT, headOf, isTraceHead, timeOf } from './ndjson'
import type { AlgorithmEvent, Trace } from './trace'
import { TraceError } from './trace-error'

/** How a recording ended; its last line on disk. */
export interface RecordingEnd {
  /** `stopped`: the process left the run in order. `crashed`: one of its handlers threw. `failed`: the recording had to end, but the process went on. */
  readonly how: 'stopped' | 'crashed' | 'failed'
  readonly timeMs: number
  /** Nothing was under way in the process: no operation, message kept or wrong suspicion. */
  readonly isQuiet: boolean
  /** Why. */
  readonly detail?: string
}

/**
 * What one process recorded of a run, while it ran: its own events alone. `joinRecordings` makes a trace of the recordings of all. On disk, the
 * format is that of a trace with `recordedBy` and `system` in the head.
 */
export interface Recording {
  readonly process: ProcessId
  /** The run that it took part in, which all processes of it know by that name. */
  readonly system: string
  readonly processes: Trace['processes']
  /** By index, from 0. What a link delivers from others has cause -1: its sending is in another recording. Times are the machine's, since 1970. */
  readonly entries: readonly AlgorithmEvent[]
  /** Absent: it ended in mid-run, as after `kill -9`, or still goes on. */
  readonly end?: RecordingEnd
  /** What was wrong with the last line, which is left out. */
  readonly leftOut?: string
}

/** The first line of a recording, for those who write while they run. */
export function recordingHead({ process, system, processes }: Pick<Recording, 'process' | 'system' | 'processes'>): string {
  return JSON.stringify({ format: FORMAT, recordedBy: process, system, processes, end: 'cut' })
}

/** The last line of a recording of so many entries. */
export function recordingEnd(end: RecordingEnd, entries: number): string {
  return JSON.stringify({ type: 'end', index: entries, ...end })
}

/** Whether a first line is the head of a recording. */
export function isRecordingHead(line: string): boolean {
  return isTraceHead(line) && hasField(line, 'recordedBy')
}

/**
 * Reads a recording. A last line that is not whole, as a process killed while it wrote leaves it, is left out. Throws TraceError at the first
 * other line that is not as it should be.
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

  /** What was recorded. `last` is the last line, which may be only half there. */
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
