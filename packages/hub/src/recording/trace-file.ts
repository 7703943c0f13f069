import { join } from 'node:path'
import { type AlgorithmEvent, entryLine, type Trace, type TraceEntry, traceLines } from '@upon/trace'
import { type Disk, LineFile } from '@upon/trace/files'
import { HubError } from '../errors'

/** A trace is at most so large: the checker reads it whole. */
export const LIMIT_TRACE_BYTES = 256 * 1024 * 1024

/** Lines are kept for at most one turn of the event loop, and at most so many characters of them. */
const LIMIT_KEPT_CHARACTERS = 64 * 1024

/** An event of the algorithms', as the hub sees it: what caused it is not known. */
export type SeenEvent = Omit<AlgorithmEvent, 'type' | 'index' | 'cause' | 'timeMs'>

export interface TraceFileOptions {
  readonly folder: string
  readonly system: string
  readonly processes: Trace['processes']
  readonly nowMs: () => number
  /** Told once, when the trace cannot begin or go on. */
  readonly onFailure: (error: HubError) => void
  readonly disk?: Disk
}

/**
 * The file of one trace, `sys-1.hub.ndjson`, written while the run goes on: whole lines, whenever a turn of the event loop ends. Nothing is kept for a
 * slow disk, which slows the hub down instead. A trace that cannot go on is renamed to `.failed`, so that nobody takes it for all of the run; up to there
 * it is right. Nothing here throws.
 */
export class TraceFile {
  readonly #options: TraceFileOptions
  #file: LineFile | undefined
  #lines = ''
  #entries = 0
  #isScheduled = false

  constructor(options: TraceFileOptions) {
    this.#options = options
    const { folder, system, processes, disk } = options
    const stem = join(folder, `${system.replaceAll(/[^\w-]/g, '_')}.hub`)
    try {
      this.#file = new LineFile(stem, disk)
      const [head = ''] = traceLines({ format: 'upon-trace/1', processes, end: 'cut', entries: [] })
      this.#lines = `${head}\n`
    } catch (error) {
      this.#failed(error, `${stem}.ndjson`)
    }
    this.#flush()
  }

  /** The file, while it is written. */
  get name(): string | undefined {
    return this.#file?.name
  }

  event(event: SeenEvent): void {
    this.#add({ type: 'event', index: this.#entries, cause: -1, timeMs: this.#timeMs(), ...event })
  }

  crash(process: string): void {
    this.#add({ type: 'crash', index: this.#entries, timeMs: this.#timeMs(), process })
  }

  end(): void {
    this.#flush()
    this.#close()
  }

  #timeMs(): number {
    return Math.round(this.#options.nowMs() * 1000) / 1000
  }

  #add(entry: TraceEntry): void {
    if (this.#file === undefined) return
    this.#lines += `${entryLine(entry)}\n`
    this.#entries += 1
    if (this.#lines.length > LIMIT_KEPT_CHARACTERS) this.#flush()
    else if (!this.#isScheduled) {
      this.#isScheduled = true
      setImmediate(() => {
        this.#isScheduled = false
        this.#flush()
      })
    }
  }

  #flush(): void {
    const file = this.#file
    if (file === undefined || this.#lines === '') return
    const lines = this.#lines
    this.#lines = ''
    try {
      if (file.bytes + Buffer.byteLength(lines) > LIMIT_TRACE_BYTES) throw new Error(`a trace has at most ${LIMIT_TRACE_BYTES} bytes`)
      file.write(lines)
    } catch (error) {
      const { name } = file
      attempt(() => file.disown())
      this.#close()
      this.#failed(error, name)
    }
  }

  #failed(cause: unknown, name: string): void {
    const why = cause instanceof Error ? cause.message : cause
    this.#options.onFailure(new HubError('cannot-record', `cannot record ${this.#options.system} in ${name}: ${why}`))
  }

  #close(): void {
    const file = this.#file
    this.#file = undefined
    attempt(() => file?.close())
  }
}

/** For what may fail without harm: what was wrong before has been said. */
function attempt(step: () => void): void {
  try {
    step()
  } catch {
    // nothing is lost by it
  }
}
