import type { ProcessId } from '@upon/contract'
import type { Recording } from './recording'
import type { AlgorithmEvent, FaultEvent, Trace, TraceEntry } from './trace'
import { canonical } from './values'

/** The recordings are not those of all processes of one run. */
export class JoinError extends Error {
  override readonly name = 'JoinError'
}

export interface Joined {
  readonly trace: Trace
  /** Remarks for readers of the verdicts. */
  readonly remarks: readonly string[]
}

/** A recording during the merge: its progress, and what its next entry waits for. */
interface Stream {
  readonly recording: Recording
  /** The indices of its entries in the trace. */
  readonly indices: number[]
  /** The sending that the next entry delivers: its key, and its number among equal ones. */
  awaited: { readonly from: ProcessId; readonly key: string; readonly copy: number } | undefined
  isCut: boolean
  /** How far its clock is known to be behind; added to its times. */
  behindMs: number
}

/**
 * Joins the recordings of all processes of a run to one trace. It keeps the order of each process, and a delivery comes after its sending; otherwise the order is
 * by time. So clocks that differ do no harm: no process could distinguish a run in this order from the real one. The n-th delivery of a
 * message over a link belongs to the n-th sending of an equal message on that link, even if messages were reordered on the way.
 *
 * - A process has crashed if its recording has no end, or ends with the error of a handler.
 * - If a recording failed and its process went on, everything that depends on the missing events is left out. The rest is a run too, and safety can be judged.
 * - The trace is `quiescent` only if all processes stopped normally with nothing pending, and all that was sent was delivered.
 *
 * Times count from the first entry and never decrease: a clock that is known to be behind is set forward from there on. Throws JoinError unless there is one recording per process.
 */
export function joinRecordings(recordings: readonly Recording[]): Joined {
  return new Join(byRank(recordings)).run()
}

function byRank(recordings: readonly Recording[]): readonly Recording[] {
  const [first] = recordings
  if (first === undefined) throw new JoinError('there is no recording')
  const { system, processes } = first
  const found = new Map<ProcessId, Recording>()
  for (const recording of recordings) {
    if (found.has(recording.process)) throw new JoinError(`two recordings of ${recording.process} in ${system}: they are of different runs`)
    if (recording.system !== system || canonical(recording.processes) !== canonical(processes))
      throw new JoinError(`${first.process} and ${recording.process} recorded different systems: they are of different runs`)
    found.set(recording.process, recording)
  }
  const missing = processes.filter(({ id }) => !found.has(id)).map(({ id }) => id)
  if (missing.length > 0)
    throw new JoinError(
      `${system} has no recording of ${missing.join(', ')}: without it, messages from there cannot be checked; what the hub recorded of the run (upon-hub --trace) can be judged alone`,
    )
  return processes.map(({ id }) => found.get(id) as Recording)
}

const isLink = (module: string): boolean => module.endsWith('PointToPointLinks')

const keyOf = (from: ProcessId, to: ProcessId, path: string, message: unknown): string =>
  JSON.stringify([from, to, path, canonical(message)])

class Join {
  readonly #entries: TraceEntry[] = []
  readonly #streams: readonly Stream[]
  /** The sendings that are already in the trace, by key. */
  readonly #sent = new Map<string, number[]>()
  /** The number of all sendings, by key. */
  readonly #sendings = new Map<string, number>()
  readonly #delivered = new Map<string, number>()
  readonly #startMs: number
  #timeMs = 0

  constructor(recordings: readonly Recording[]) {
    this.#streams = recordings.map((recording) => ({ recording, indices: [], awaited: undefined, isCut: false, behindMs: 0 }))
    this.#startMs = Math.min(...recordings.flatMap(({ entries: [first] }) => first?.timeMs ?? []))
    for (const { entries } of recordings)
      for (const event of entries) {
        const key = sendingKey(event)
        if (key !== undefined) this.#sendings.set(key, (this.#sendings.get(key) ?? 0) + 1)
      }
  }

  run(): Joined {
    for (const stream of this.#streams) {
      this.#look(stream)
      if (nextOf(stream) === undefined && hasCrashed(stream)) this.#crash(stream)
    }
    for (let next = this.#next(); next !== undefined; next = this.#next()) {
      this.#take(next)
      this.#look(next)
    }
    const { processes } = (this.#streams[0] as Stream).recording
    const end = this.#isQuiescent() ? 'quiescent' : 'cut'
    return { trace: { format: 'upon-trace/1', processes, end, entries: this.#entries }, remarks: this.#streams.flatMap(remarksOn) }
  }

  /** The stream to go on with: of those that can, the one whose entry is the earliest by its clock. */
  #next(): Stream | undefined {
    const going = this.#streams.filter((stream) => !stream.isCut && nextOf(stream) !== undefined)
    const free = going.filter((stream) => !this.#waits(stream))
    if (free.length > 0) return earliest(free)
    const lost = going.find((stream) => this.#isLost(stream))
    if (lost === undefined) return earliest(going) // they wait for each other, which no run does: the checks will say what is wrong
    lost.isCut = true
    if (hasCrashed(lost)) this.#crash(lost)
    return this.#next()
  }

  #waits({ awaited }: Stream): boolean {
    return awaited !== undefined && (this.#sent.get(awaited.key)?.length ?? 0) < awaited.copy
  }

  /** Whether the sending that a stream waits for may be missing. */
  #isLost({ awaited }: Stream): boolean {
    const sender = this.#streams.find(({ recording }) => recording.process === awaited?.from)
    return sender !== undefined && (sender.isCut || (sender.recording.end?.how === 'failed' && nextOf(sender) === undefined))
  }

  /** Finds the sending that the next entry of a stream waits for. A delivery of a message that no recording sends waits for nothing. */
  #look(stream: Stream): void {
    stream.awaited = undefined
    const event = nextOf(stream)
    const [from, message] = event?.attributes ?? []
    const { process } = stream.recording
    if (event?.event !== 'deliver' || !isLink(event.module) || typeof from !== 'string' || from === process) return
    const key = keyOf(from, process, event.path, message)
    const copy = (this.#delivered.get(key) ?? 0) + 1
    this.#delivered.set(key, copy)
    const sender = this.#streams.find(({ recording }) => recording.process === from)
    if (copy <= (this.#sendings.get(key) ?? 0) || sender?.recording.end?.how === 'failed') stream.awaited = { from, key, copy }
  }

  #take(stream: Stream): void {
    const { recording, indices, awaited } = stream
    const event = nextOf(stream) as AlgorithmEvent
    const index = this.#entries.length
    const cause = awaited ? (this.#sent.get(awaited.key)?.[awaited.copy - 1] ?? -1) : (indices[event.cause] ?? -1)
    this.#entries.push({ ...event, index, cause, timeMs: this.#timeOf(stream, event.timeMs) })
    indices.push(index)
    const key = sendingKey(event)
    if (key !== undefined) {
      const others = this.#sent.get(key)
      if (others) others.push(index)
      else this.#sent.set(key, [index])
    }
    if (indices.length === recording.entries.length && hasCrashed(stream)) this.#crash(stream)
  }

  #crash(stream: Stream): void {
    const { recording, indices } = stream
    const { process, entries, end } = recording
    const timeMs = this.#timeOf(stream, entries[indices.length - 1]?.timeMs ?? this.#startMs)
    const detail = end?.detail ?? 'its recording ends here'
    this.#entries.push({ type: 'crash', index: this.#entries.length, timeMs, process, detail } satisfies FaultEvent)
  }

  /** The time in the trace of an entry of a recording. */
  #timeOf(stream: Stream, recordedMs: number): number {
    const timeMs = Number.isFinite(recordedMs) ? recordedMs - this.#startMs + stream.behindMs : 0
    stream.behindMs += Math.max(0, this.#timeMs - timeMs)
    this.#timeMs = Math.max(this.#timeMs, Math.round(timeMs * 1000) / 1000)
    return this.#timeMs
  }

  #isQuiescent(): boolean {
    const areQuiet = this.#streams.every(({ recording: { end }, isCut }) => !isCut && end?.how === 'stopped' && end.isQuiet)
    return areQuiet && [...this.#sendings].every(([key, count]) => this.#delivered.get(key) === count)
  }
}

/** The key of a sending to another process; `undefined` for other events. */
function sendingKey({ process, path, module, event, attributes: [to, message] }: AlgorithmEvent): string | undefined {
  if (event !== 'send' || !isLink(module) || to === process) return undefined
  return keyOf(process, to as ProcessId, path, message)
}

const nextOf = ({ recording, indices }: Stream): AlgorithmEvent | undefined => recording.entries[indices.length]

const hasCrashed = ({ recording: { end } }: Stream): boolean => end === undefined || end.how === 'crashed'

function earliest(streams: readonly Stream[]): Stream | undefined {
  const [first, ...others] = streams
  const timeOf = (stream: Stream) => (nextOf(stream)?.timeMs ?? 0) + stream.behindMs
  return others.reduce((a, b) => (timeOf(b) < timeOf(a as Stream) ? b : a), first)
}

function remarksOn({ recording: { process, entries, end, leftOut }, indices, isCut }: Stream): string[] {
  const because = end?.detail === undefined ? '' : `: ${end.detail}`
  return [
    ...(end === undefined ? [`${process} crashed: its recording has no end`] : []),
    ...(end?.how === 'crashed' ? [`${process} crashed${because}`] : []),
    ...(end?.how === 'failed' ? [`${process} went on, but could not record it${because}`] : []),
    ...(leftOut === undefined ? [] : [`${process}: ${leftOut}, and is left out`]),
    ...(isCut
      ? [
          `${entries.length - indices.length} of the ${entries.length} entries of ${process} depend on events that were not recorded, and are left out`,
        ]
      : []),
  ]
}
