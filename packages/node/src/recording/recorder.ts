import { PerfectPointToPointLinks, type ProcessId } from '@upon/contract'
import type { Observation } from '@upon/runtime'
import { type AlgorithmEvent, type Recording, recordingEnd, recordingHead } from '@upon/trace'
import { type Disk, RecordFile } from '@upon/trace/files'

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
  /** Called once, when the recording cannot begin or go on. */
  readonly onFailure: (error: RecordingError) => void
  readonly disk?: Disk
}

/**
 * Records one system of one process, in a file of its own: every event of every layer, as it happens.
 *
 * What is observed is in the file when `flush` returns, and without it when the turn of the event loop ends. With a `flush` before any message leaves,
 * other processes know nothing of this one that its file does not have, whatever ends it: a run in which processes were killed can be judged like any other.
 * (Not if the whole machine dies.) Nothing here throws. A file that cannot go on says so in its last line, and that the process went on.
 */
export class Recorder {
  readonly #file: RecordFile
  readonly #suspected = new Set<ProcessId>()

  constructor(options: RecorderOptions) {
    const { folder, process, system, disk, onFailure } = options
    const errorOf = (cause: unknown, file: string) => new RecordingError(system, file, cause)
    this.#file = new RecordFile({
      folder,
      names: [process, system],
      head: recordingHead(options),
      lastLine: (entries, cause, file) =>
        recordingEnd({ timeMs: nowMs(), how: 'failed', isQuiet: false, detail: errorOf(cause, file).message }, entries),
      onFailure: (cause, file) => onFailure(errorOf(cause, file)),
      ...(disk && { disk }),
    })
  }

  /** The file, while it is written. */
  get file(): string | undefined {
    return this.#file.name
  }

  /** Must be shown every event of the process. */
  observe(observation: Observation): void {
    this.#suspects(observation)
    this.#file.add(entryOf(observation))
  }

  /** Writes what was observed. */
  flush(): void {
    this.#file.flush()
  }

  /** Ends the recording. It was quiet if the process was, and its failure detector suspected nobody. */
  end(how: 'stopped' | 'crashed', isQuiet: boolean, detail?: string): void {
    const end = { timeMs: nowMs(), how, isQuiet: isQuiet && this.#suspected.size === 0, ...(detail !== undefined && { detail }) }
    this.#file.end(recordingEnd(end, this.#file.entries))
  }

  #suspects({ module, event, attributes: [p] }: Observation): void {
    if (module !== 'EventuallyPerfectFailureDetector') return
    if (event === 'suspect') this.#suspected.add(p as ProcessId)
    else if (event === 'restore') this.#suspected.delete(p as ProcessId)
  }
}

/** By the machine's clock, but never back. */
const nowMs = () => Math.round((performance.timeOrigin + performance.now()) * 1000) / 1000

/** What other processes sent has no cause here: its sending is in another recording. */
function entryOf({ index, cause, process, path, module, direction, event, attributes }: Observation): AlgorithmEvent {
  const isDelivery = event === 'deliver' && module === PerfectPointToPointLinks.name && attributes[0] !== process
  const at = { index: index - 1, cause: isDelivery ? -1 : cause - 1, timeMs: nowMs(), process }
  return { type: 'event', ...at, path, module, direction, event, attributes }
}
