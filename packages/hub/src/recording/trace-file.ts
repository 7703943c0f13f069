import { type AlgorithmEvent, type Trace, traceLines } from '@upon/trace'
import { type Disk, RecordFile } from '@upon/trace/files'
import { HubError } from '../errors'

/** An event of an algorithm, as the hub sees it: what caused it is not known. */
export type SeenEvent = Omit<AlgorithmEvent, 'type' | 'index' | 'cause' | 'timeMs'>

export interface TraceFileOptions {
  readonly folder: string
  readonly system: string
  readonly processes: Trace['processes']
  readonly nowMs: () => number
  /** Called once, when the trace cannot begin or go on. */
  readonly onFailure: (error: HubError) => void
  readonly disk?: Disk
}

/** The file of one trace, `sys-1.hub.ndjson`, written while the run goes on. A trace that cannot go on is renamed to `.failed`. Nothing here throws. */
export class TraceFile {
  readonly #file: RecordFile
  readonly #nowMs: () => number

  constructor({ folder, system, processes, nowMs, onFailure, disk }: TraceFileOptions) {
    this.#nowMs = nowMs
    const [head = ''] = traceLines({ format: 'upon-trace/1', processes, end: 'cut', entries: [] })
    const failed = (cause: unknown, file: string) => {
      const why = cause instanceof Error ? cause.message : cause
      onFailure(new HubError('cannot-record', `cannot record ${system} in ${file}: ${why}`))
    }
    this.#file = new RecordFile({ folder, names: [system, 'hub'], head, onFailure: failed, ...(disk && { disk }) })
  }

  /** The file, while it is written. */
  get name(): string | undefined {
    return this.#file.name
  }

  event(event: SeenEvent): void {
    this.#file.add({ type: 'event', index: this.#file.entries, cause: -1, timeMs: this.#timeMs(), ...event })
  }

  crash(process: string): void {
    this.#file.add({ type: 'crash', index: this.#file.entries, timeMs: this.#timeMs(), process })
  }

  end(): void {
    this.#file.end()
  }

  #timeMs(): number {
    return Math.round(this.#nowMs() * 1000) / 1000
  }
}
