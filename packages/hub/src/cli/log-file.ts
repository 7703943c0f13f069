import { createWriteStream, type WriteStream } from 'node:fs'
import type { LogLevel } from '../events'

const LIMIT_BUFFERED_BYTES = 16 * 1024 * 1024
const LIMIT_FLUSH_MS = 1_000

/** Writes lines to a file, which it empties first. A file that cannot be written is reported once and then ignored. */
export class LogFile {
  readonly #stream: WriteStream
  #isBroken = false
  #dropped = 0

  constructor(
    readonly path: string,
    onBroken: (reason: string) => void,
  ) {
    this.#stream = createWriteStream(path, { flags: 'w', mode: 0o600 })
    this.#stream.on('error', (error) => {
      if (!this.#isBroken) onBroken(error.message)
      this.#isBroken = true
    })
  }

  write(level: LogLevel, text: string): void {
    if (this.#isBroken) return
    if (this.#stream.writableLength > LIMIT_BUFFERED_BYTES) {
      this.#dropped += 1
      return
    }
    const gap = this.#dropped > 0 ? `(${this.#dropped} lines lost: the disk is too slow)\n` : ''
    this.#dropped = 0
    this.#stream.write(`${gap}${new Date().toISOString()} ${level.padEnd(5)} ${text}\n`)
  }

  /** Resolves when everything is written, or cannot be. */
  close(): Promise<void> {
    if (this.#isBroken) return Promise.resolve()
    return new Promise((resolve) => {
      setTimeout(resolve, LIMIT_FLUSH_MS).unref()
      this.#stream.once('close', () => resolve())
      this.#stream.end()
    })
  }
}
