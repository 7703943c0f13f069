import type { LimitedLog } from '@upon/transport'
import type { LimitedLevel } from '../log'
import type { Members } from '../members'
import { Recorder, RecordingError } from './recorder'

/** A process records at most so many systems: a hub that starts them without end does not fill the disk. */
export const LIMIT_RECORDINGS = 1_000

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
    readonly log: LimitedLog<LimitedLevel>,
  ) {}

  /** Never throws: what cannot be recorded is logged and counted. */
  begin(system: string, { self, all }: Members): Recorder | undefined {
    const { folder } = this
    if (folder === undefined) return undefined
    if (this.counts.files >= LIMIT_RECORDINGS) {
      const error = new RecordingError(system, folder, `a process has at most ${LIMIT_RECORDINGS} recordings`)
      this.#failed(error)
      return undefined
    }
    const processes = all.map(({ id, rank }) => ({ id, rank }))
    const recorder = new Recorder({ folder, process: self.id, system, processes, onFailure: (error) => this.#failed(error) })
    if (recorder.file === undefined) return undefined
    this.counts = { ...this.counts, files: this.counts.files + 1 }
    this.log.line('info', { kind: 'recordings' }, 'recording', { systemId: system, file: recorder.file })
    return recorder
  }

  #failed(error: RecordingError): void {
    this.counts = { ...this.counts, failed: this.counts.failed + 1, error }
    this.log.line('error', { kind: 'recordings failed' }, `${error.message}; going on without`, {
      systemId: error.system,
      file: error.file,
    })
  }
}
