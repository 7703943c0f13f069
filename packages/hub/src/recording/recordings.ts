import { accessSync, constants } from 'node:fs'
import type { Trace } from '@upon/trace'
import { makeFolder } from '@upon/trace/files'
import { HubError } from '../errors'
import type { Log } from '../events'
import { SystemRecorder } from './system-recorder'
import { TraceFile } from './trace-file'

/** What a hub has recorded. */
export interface RecordingCounts {
  /** Begun. */
  readonly files: number
  /** Systems that could not be recorded, or not to their end. */
  readonly failed: number
  /** The last failure: `cannot-record`. */
  readonly error?: HubError
}

/** Has each system recorded in a file of its own in `folder`; nothing if that is `undefined`. */
export class Recordings {
  counts: RecordingCounts = { files: 0, failed: 0 }

  /** Makes the folder. Throws HubError `cannot-record` if nothing can be written there. */
  constructor(
    private readonly folder: string | undefined,
    private readonly log: Log,
    private readonly nowMs: () => number,
  ) {
    if (folder === undefined) return
    try {
      makeFolder(folder)
      accessSync(folder, constants.W_OK | constants.X_OK)
    } catch (error) {
      throw new HubError('cannot-record', `cannot record in ${folder}: ${(error as Error).message}`)
    }
  }

  /** Never throws: what cannot be recorded is logged and counted. */
  begin(system: string, processes: Trace['processes']): SystemRecorder | undefined {
    const { folder, nowMs } = this
    if (folder === undefined) return undefined
    const file = new TraceFile({ folder, system, processes, nowMs, onFailure: (error) => this.#failed(error) })
    if (file.name === undefined) return undefined
    const isFirst = this.counts.files + this.counts.failed === 0
    this.counts = { ...this.counts, files: this.counts.files + 1 }
    this.log('info', `recording ${system} in ${file.name}`)
    return new SystemRecorder(file, isFirst)
  }

  #failed(error: HubError): void {
    this.counts = { ...this.counts, failed: this.counts.failed + 1, error }
    this.log('error', `${error.message}; going on without`)
  }
}
