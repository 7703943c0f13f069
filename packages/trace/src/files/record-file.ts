import { Buffer } from 'node:buffer'
import { join } from 'node:path'
import { entryLine } from '../ndjson'
import type { TraceEntry } from '../trace'
import { type Disk, LineFile, makeFolder } from './line-file'

/** The largest file: `upon-check` reads it whole. */
export const LIMIT_FILE_BYTES = 256 * 1024 * 1024

/** Lines are kept for at most one turn of the event loop, and at most this many characters of them. */
const LIMIT_KEPT_CHARACTERS = 64 * 1024

/** Bytes that are given up when the disk is full, for the line that says so. */
const RESERVE_BYTES = 8 * 1024

const LIMIT_NAME_CHARACTERS = 100

export interface RecordFileOptions {
  /** Created if it does not exist. */
  readonly folder: string
  /** The parts of the file's name: `sys-1` and `hub` for `sys-1.hub.ndjson`. Any text is made a valid name. */
  readonly names: readonly string[]
  /** The first line. */
  readonly head: string
  /**
   * The last line of a file that cannot go on after `entries` entries. Without it, or if there is no room for it, the file is renamed to `.failed`, so that
   * it is not taken for the whole run.
   */
  readonly lastLine?: (entries: number, cause: unknown, file: string) => string
  /** Called once, if the file cannot be created or cannot go on. */
  readonly onFailure: (cause: unknown, file: string) => void
  readonly disk?: Disk
}

/**
 * The file of one trace or recording, written during the run. An entry is in the file when `flush` returns, or at the latest at the end of the turn of the event
 * loop. Nothing is buffered for a slow disk, which slows the writer down instead. Up to a failure, the file is correct. No method throws.
 */
export class RecordFile {
  readonly #options: RecordFileOptions
  #file: LineFile | undefined
  #lines: string
  /** The number of entries added, and of those in the file. */
  #entries = 0
  #written = 0
  /** Earlier ends of the file. The first is at least `RESERVE_BYTES` back, once the file is that long. */
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

  /** The name of the file, as long as it is written. */
  get name(): string | undefined {
    return this.#file?.name
  }

  /** The number of entries added. */
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

  /** Writes the entries added so far. */
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
    if (!this.#writeLastLine(file, cause)) attempt(() => file.abandon())
    this.#close()
    this.#options.onFailure(cause, file.name)
  }

  /** Writes the last line; if there is no room, in place of the last entries. Returns whether it did. */
  #writeLastLine(file: LineFile, cause: unknown): boolean {
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

/** Runs a step that may fail, since an earlier error is reported. Returns whether it succeeded. */
function attempt(step: () => void): boolean {
  try {
    step()
    return true
  } catch {
    return false
  }
}
