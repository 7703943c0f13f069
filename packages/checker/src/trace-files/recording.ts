import type { ProcessId } from '@upon/contract'
import type { AlgorithmEvent, Trace } from '../trace'
import { entryOf, FORMAT, headOf, parse, type Read } from './ndjson'
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
  return line.includes(`"${FORMAT}"`) && line.includes('"recordedBy"')
}

/**
 * Reads a recording. A last line that is not whole, as a process killed while it wrote leaves it, is left out. Throws TraceError at the first
 * other line that is not as it should be.
 */
export function readRecording(text: string): Recording {
  const lines = text.split('\n')
  const [leftOut, isHalf] = halfLine(lines)
  if (isHalf) lines.pop()
  let head: Pick<Recording, 'process' | 'system' | 'processes'> | undefined
  let end: RecordingEnd | undefined
  const entries: AlgorithmEvent[] = []
  lines.forEach((line, i) => {
    if (line.trim() === '') return
    const read = parse(line, i + 1)
    if (head === undefined) head = recordedHead(read, i + 1)
    else if (end !== undefined) throw new TraceError(i + 1, 'something follows the end of the recording')
    else if (read.type === 'end') end = endOf(read, entries.length, i + 1)
    else entries.push(ownEntry(read, head.process, entries.length, i + 1))
  })
  if (head === undefined) throw new TraceError(1, 'the file is empty; expected the head of a recording')
  return { ...head, entries, ...(end && { end }), ...(isHalf && { leftOut }) }
}

/** What is wrong with the last line if it is only half there; of a whole file, the last one is empty. */
function halfLine(lines: readonly string[]): [leftOut: string, isHalf: boolean] {
  const last = lines.at(-1) ?? ''
  if (last === '' || lines.length < 2) return ['', false]
  try {
    JSON.parse(last)
    return ['', false]
  } catch {
    return [`line ${lines.length}, the last one, ends in the middle`, true]
  }
}

function recordedHead(read: Read, line: number): Pick<Recording, 'process' | 'system' | 'processes'> {
  const { processes } = headOf(read, line)
  const { recordedBy, system } = read
  if (!processes.some(({ id }) => id === recordedBy))
    throw new TraceError(line, `"recordedBy" is ${JSON.stringify(recordedBy)}; expected one of the processes`)
  if (typeof system !== 'string') throw new TraceError(line, `"system" is ${JSON.stringify(system)}; expected a text`)
  return { process: recordedBy as ProcessId, system, processes }
}

function ownEntry(read: Read, process: ProcessId, index: number, line: number): AlgorithmEvent {
  const entry = entryOf(read, index, line)
  if (entry.type === 'event' && entry.process === process) return entry
  throw new TraceError(line, `expected an event of ${process}, which recorded this`)
}

function endOf(read: Read, entries: number, line: number): RecordingEnd {
  const { how, index, timeMs, isQuiet, detail } = read
  if (index !== entries) throw new TraceError(line, `"index" is ${JSON.stringify(index)}; expected ${entries}, how many entries there are`)
  if (how !== 'stopped' && how !== 'crashed' && how !== 'failed')
    throw new TraceError(line, `"how" is ${JSON.stringify(how)}; expected "stopped", "crashed" or "failed"`)
  if (typeof timeMs !== 'number') throw new TraceError(line, `"timeMs" is ${JSON.stringify(timeMs)}; expected a number`)
  return { how, timeMs, isQuiet: isQuiet === true, ...(typeof detail === 'string' && { detail }) }
}
