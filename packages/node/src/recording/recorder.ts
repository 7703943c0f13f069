import { join } from 'node:path'
import { PerfectPointToPointLinks, type ProcessId } from '@upon/contract'
import type { Observation } from '@upon/runtime'
import { entryLine, type Recording, type RecordingEnd, recordingEnd, recordingHead } from '@upon/trace'
import { type Disk, LineFile, makeFolder } from '@upon/trace/files'

/** A recording is at most so large: the checker reads it whole. */
export const LIMIT_RECORDING_BYTES = 256 * 1024 * 1024

/** Lines are kept for at most one turn of the event loop, and at most so many characters of them. */
const LIMIT_KEPT_CHARACTERS = 64 * 1024

/** So many bytes are given up, when the disk is full, for the line that says so. */
const RESERVE_BYTES = 8 * 1024

/** A run cannot be recorded, or no further; the process goes on. */
export class RecordingError extends Error {
  override readonly name = 'RecordingError'

  constructor(
    readonly system: string,
    /** The file, or where it was to be. */
    readonly file: string,
    cause: unknown,
  ) {
    super(`cannot record ${system} in ${file}: ${cause instanceof Error ? cause.message : cause}`, { cause })
  }
}

export interface RecorderOptions extends Pick<Recording, 'process' | 'system' | 'processes'> {
  readonly folder: string
  /** Told once, when the recording cannot begin or go on. */
  readonly onFailure: (error: RecordingError) => void
  readonly disk?: Disk
}

/**
 * Records one system of one process, in a file of its own: every event of every layer, as it happens, in the checker's trace format.
 *
 * What is observed is in the file at the latest when `flush` returns or the turn of the event loop ends. With a `flush` before any message leaves,
 * others know nothing of us that our file does not have, whatever ends us: a run in which processes were killed can be judged like any other. (Not so
 * when the whole machine dies.) Nothing here throws.
 */
export class Recorder {
  readonly #options: RecorderOptions
  #file: LineFile | undefined
  #lines = ''
  /** Entries observed, and those of them in the file. */
  #entries = 0
  #written = 0
  /** Earlier ends of the file: the first at least `RESERVE_BYTES` before now, once there is so much. */
  #earlier: readonly { readonly bytes: number; readonly entries: number }[] = []
  #scheduled = false
  readonly #suspected = new Set<ProcessId>()

  constructor(options: RecorderOptions) {
    this.#options = options
    const { folder, process, system, disk } = options
    const stem = join(folder, `${fileName(process)}.${fileName(system)}`)
    try {
      makeFolder(folder)
      this.#file = new LineFile(stem, disk)
      this.#add(recordingHead(options))
      this.flush()
    } catch (error) {
      this.#fail(error, stem)
    }
  }

  /** The file, while it is written. */
  get file(): string | undefined {
    return this.#file?.name
  }

  /** Must be shown every event of the process. */
  observe(observation: Observation): void {
    if (this.#file === undefined) return
    try {
      this.#add(lineOf(observation))
      this.#entries = observation.index
      this.#suspects(observation)
      if (this.#lines.length > LIMIT_KEPT_CHARACTERS) this.flush()
      else if (!this.#scheduled) this.#schedule()
    } catch (error) {
      this.flush()
      this.#fail(error)
    }
  }

  /** Writes what was observed. */
  flush(): void {
    if (this.#lines === '' || this.#file === undefined) return
    const lines = this.#lines
    this.#lines = ''
    try {
      if (this.#file.bytes + lines.length > LIMIT_RECORDING_BYTES) throw new Error(`a recording has at most ${LIMIT_RECORDING_BYTES} bytes`)
      this.#file.write(lines)
      this.#written = this.#entries
      this.#remember(this.#file.bytes)
    } catch (error) {
      this.#fail(error)
    }
  }

  /** Ends the recording. It was quiet if the process was, and its failure detector suspected nobody. */
  end(how: 'stopped' | 'crashed', isQuiet: boolean, detail?: string): void {
    this.flush()
    if (this.#file === undefined) return
    try {
      this.#file.write(
        `${this.#endLine({ how, isQuiet: isQuiet && this.#suspected.size === 0, ...(detail !== undefined && { detail }) })}\n`,
      )
      this.#close()
    } catch (error) {
      this.#fail(error)
    }
  }

  #add(line: string): void {
    this.#lines += `${line}\n`
  }

  #schedule(): void {
    this.#scheduled = true
    process.nextTick(() => {
      this.#scheduled = false
      this.flush()
    })
  }

  #suspects({ module, event, attributes: [p] }: Observation): void {
    if (module !== 'EventuallyPerfectFailureDetector') return
    if (event === 'suspect') this.#suspected.add(p as ProcessId)
    else if (event === 'restore') this.#suspected.delete(p as ProcessId)
  }

  /** The file is to say that the process went on: if there is no room, in place of its last entries; and if that fails, too, by its name. */
  #fail(cause: unknown, stem?: string): void {
    const file = this.#file
    if (file === undefined && stem === undefined) return // it has failed already
    const { system, onFailure } = this.#options
    const error = new RecordingError(system, file?.name ?? `${stem}.ndjson`, cause)
    if (file !== undefined) this.#confess(file, error.message)
    this.#close()
    onFailure(error)
  }

  #confess(file: LineFile, detail: string): void {
    const line = () => `${this.#endLine({ how: 'failed', isQuiet: false, detail })}\n`
    try {
      file.write(line())
    } catch {
      const [{ bytes, entries } = { bytes: file.bytes, entries: this.#written }] = this.#earlier
      attempt(
        () => {
          file.rewind(bytes)
          this.#written = entries
          file.write(line())
        },
        () => file.disown(),
      )
    }
  }

  #remember(bytes: number): void {
    const [, newer] = this.#earlier
    if (newer !== undefined && bytes - newer.bytes < RESERVE_BYTES) return
    this.#earlier = [...this.#earlier.slice(-1), { bytes, entries: this.#written }]
  }

  #endLine(end: Omit<RecordingEnd, 'timeMs'>): string {
    return recordingEnd({ timeMs: nowMs(), ...end }, this.#written)
  }

  #close(): void {
    const file = this.#file
    this.#file = undefined
    this.#lines = ''
    attempt(() => file?.close())
  }
}

/** For what may fail without harm: what was wrong before has been said. */
function attempt(step: () => void, otherwise?: () => void): void {
  try {
    step()
  } catch {
    if (otherwise !== undefined) attempt(otherwise)
  }
}

/** By the machine's clock, but never back. */
const nowMs = () => Math.round((performance.timeOrigin + performance.now()) * 1000) / 1000

function lineOf({ index, cause, process, path, module, direction, event, attributes }: Observation): string {
  const isDelivery = event === 'deliver' && module === PerfectPointToPointLinks.name && attributes[0] !== process
  const common = { type: 'event', index: index - 1, cause: isDelivery ? -1 : cause - 1, timeMs: nowMs(), process } as const
  return entryLine({ ...common, path, module, direction, event, attributes })
}

/** A name that others chose, as part of a file's. */
const fileName = (name: string) => name.replaceAll(/[^\w-]/g, '_').slice(0, 100)
