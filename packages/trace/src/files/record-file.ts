import { Buffer } from 'node:buffer'
import { join } from 'node:path'
import { entryLine } from '../ndjson'
import type { TraceEntry } from '../trace'
import { type Disk, LineFile, makeFolder } from './line-file'

/** The largest file that is written: `upon-check` reads it whole. */
export const LIMIT_FILE_BYTES = 256 * 1024 * 1024

/** Lines are kept for at most one turn of the event loop, and at most so many characters of them. */
const LIMIT_KEPT_CHARACTERS = 64 * 1024

/** So many bytes are given up, when the disk is full, for the line that says so. */
const RESERVE_BYTES = 8 * 1024

const LIMIT_NAME_CHARACTERS = 100

export interface RecordFileOptions {
  /** Made if it is not there. */
  readonly folder: string
  /** The parts of the file's name, whatever others chose: `sys-1`, `hub` for `sys-1.hub.ndjson`. */
  readonly names: readonly string[]
  /** The first line. */
  readonly head: string
  /**
   * The last line of a file that cannot go on after so many entries. Without it, or if there is no room for it either, the file is renamed to `.failed`, so that
   * nobody takes it for the whole run.
   */
  readonly lastLine?: (entries: number, cause: unknown, file: string) => string
  /** Called once, if the file cannot be made or cannot go on. */
  readonly onFailure: (cause: unknown, file: string) => void
  readonly disk?: Disk
}

/**
 * The file of one trace or recording, written while the run goes on. An entry is in the file when `flush` returns, and without it when the turn of the event
 * loop ends. Nothing is kept for a slow disk, which slows the writer down instead. Up to a failure, the file is right. Nothing here throws.
 */
export class RecordFile {
  readonly #options: RecordFileOptions
  #file: LineFile | undefined
  #lines: string
  /** Entries added, and those of them in the file. */
  #entries = 0
  #written = 0
  /** Earlier ends of the file: the first at least `RESERVE_BYTES` before now, once there is so much. */
  #earlier: readonly { readonly bytes: number; readonly entries: number }[] = []
  #isScheduled = false

  constructor(options: RecordFileOptions) {
    this.#options = options
    const { folder, names, head, disk, onFailure } = options
    const stem = join(folder, names.map((name) => name.replaceAll(/[^\w-]/g, '_').slice(0, LIMIT_NAME_CHARACTERS)).join('.'))
    this.#lines = `${head}\n`
    try {
      makeFolder(folder)
      this.#file = new LineFile(stem, disk)
    } catch (error) {
      onFailure(error, `${stem}.ndjson`)
    }
    this.flush()
  }

  /** The file, while it is written. */
  get name(): string | undefined {
    return this.#file?.name
  }

  /** How many entries were added. */
  get entries(): number {
    return this.#entries
  }

  add(entry: TraceEntry): void {
    if (this.#file === undefined) return
    try {
      this.#lines += `${entryLine(entry)}\n`
    } catch (error) {
      this.flush()
      this.#fail(error)
      return
    }
    this.#entries += 1
    if (this.#lines.length > LIMIT_KEPT_CHARACTERS) this.flush()
    else if (!this.#isScheduled) this.#schedule()
  }

  /** Writes what was added. */
  flush(): void {
    const file = this.#file
    if (this.#lines === '' || file === undefined) return
    const lines = this.#lines
    this.#lines = ''
    try {
      if (file.bytes + Buffer.byteLength(lines) > LIMIT_FILE_BYTES) throw new Error(`the file has at most ${LIMIT_FILE_BYTES} bytes`)
      file.write(lines)
      this.#written = this.#entries
      this.#remember(file.bytes)
    } catch (error) {
      this.#fail(error)
    }
  }

  /** Ends the file, with a last line if there is one. */
  end(line = ''): void {
    this.flush()
    try {
      if (line !== '') this.#file?.write(`${line}\n`)
      this.#close()
    } catch (error) {
      this.#fail(error)
    }
  }

  #schedule(): void {
    this.#isScheduled = true
    setImmediate(() => {
      this.#isScheduled = false
      this.flush()
    })
  }

  #fail(cause: unknown): void {
    const file = this.#file
    if (file === undefined) return // it has failed already
    if (!this.#confess(file, cause)) attempt(() => file.disown())
    this.#close()
    this.#options.onFailure(cause, file.name)
  }

  /** Writes the last line: if there is no room, in place of the last entries. Says whether it did. */
  #confess(file: LineFile, cause: unknown): boolean {
    const { lastLine } = this.#options
    if (lastLine === undefined) return false
    const write = (entries: number) => file.write(`${lastLine(entries, cause, file.name)}\n`)
    if (attempt(() => write(this.#written))) return true
    const [{ bytes, entries } = { bytes: file.bytes, entries: this.#written }] = this.#earlier
    return attempt(() => {
      file.rewind(bytes)
      write(entries)
    })
  }

  #remember(bytes: number): void {
    const [, newer] = this.#earlier
    if (newer !== undefined && bytes - newer.bytes < RESERVE_BYTES) return
    this.#earlier = [...this.#earlier.slice(-1), { bytes, entries: this.#written }]
  }

  #close(): void {
    const file = this.#file
    this.#file = undefined
    this.#lines = ''
    attempt(() => file?.close())
  }
}

/** For what may fail without harm, because what was wrong before has been said. Says whether it succeeded. */
function attempt(step: () => void): boolean {
  try {
    step()
    return true
  } catch {
    return false
  }
}
