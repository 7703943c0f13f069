import type { Log } from '../log'
import type { Members } from '../members'
import { clip } from '../refusals'
import { Recorder, type RecordingError } from './recorder'

/** What a process has recorded. */
export interface RecordingCounts {
  /** Begun. */
  readonly files: number
  /** Systems that could not be recorded, or not to their end. */
  readonly failed: number
  /** The last failure. */
  readonly error?: RecordingError
}

/** Has each system of a process recorded in a file of its own in `folder`; nothing if that is `undefined`. */
export class Recordings {
  counts: RecordingCounts = { files: 0, failed: 0 }

  constructor(
    readonly folder: string | undefined,
    readonly log: Log,
  ) {}

  /** Never throws: what cannot be recorded is logged and counted. */
  begin(system: string, { self, all }: Members): Recorder | undefined {
    const { folder } = this
    if (folder === undefined) return undefined
    const processes = all.map(({ id, rank }) => ({ id, rank }))
    const recorder = new Recorder({ folder, process: self.id, system, processes, onFailure: (error) => this.#failed(error) })
    if (recorder.file === undefined) return undefined
    this.counts = { ...this.counts, files: this.counts.files + 1 }
    this.log.info({ systemId: clip(system), file: recorder.file }, 'recording')
    return recorder
  }

  #failed(error: RecordingError): void {
    this.counts = { ...this.counts, failed: this.counts.failed + 1, error }
    this.log.error({ systemId: clip(error.system), file: error.file }, `${clip(error.message)}; going on without`)
  }
}
