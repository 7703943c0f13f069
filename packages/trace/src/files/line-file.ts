import { Buffer } from 'node:buffer'
import { closeSync, existsSync, ftruncateSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

/** What a file of lines needs of the system. */
export interface Disk {
  /** Makes a file that is not there yet; throws `EEXIST` if it is. */
  create(file: string): number
  /** Writes some of the bytes from `offset` on to that place of the file; says how many. */
  write(fd: number, bytes: Uint8Array, offset: number, position: number): number
  truncate(fd: number, length: number): void
  rename(file: string, name: string): void
  close(fd: number): void
}

export const systemDisk: Disk = {
  create: (file) => openSync(file, 'wx'),
  write: (fd, bytes, offset, position) => writeSync(fd, bytes, offset, bytes.length - offset, position),
  truncate: ftruncateSync,
  rename: renameSync,
  close: closeSync,
}

/** Names tried for a file, if there are others of its name. */
const LIMIT_NAMES = 1_000

/**
 * A new file of lines. They are written at once and by this very thread: whoever goes on knows that the system has them, and a slow disk slows the
 * writer down, instead of filling its memory.
 */
export class LineFile {
  readonly name: string
  readonly #disk: Disk
  readonly #fd: number
  /** Bytes of whole lines. */
  #bytes = 0

  /** Takes the first free one of `stem.ndjson`, `stem.2.ndjson` and so on. Throws what the system says. */
  constructor(stem: string, disk: Disk = systemDisk) {
    this.#disk = disk
    for (let n = 1; ; n++) {
      const name = n === 1 ? `${stem}.ndjson` : `${stem}.${n}.ndjson`
      try {
        this.#fd = disk.create(name)
        this.name = name
        return
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || n === LIMIT_NAMES) throw error
      }
    }
  }

  get bytes(): number {
    return this.#bytes
  }

  /** Writes whole lines, all or none of them. Throws what the system says. */
  write(text: string): void {
    const bytes = Buffer.from(text)
    try {
      for (let offset = 0; offset < bytes.length; ) {
        const written = this.#disk.write(this.#fd, bytes, offset, this.#bytes + offset)
        if (written === 0) throw new Error('the system writes nothing')
        offset += written
      }
    } catch (error) {
      this.#disk.truncate(this.#fd, this.#bytes)
      throw error
    }
    this.#bytes += bytes.length
  }

  /** Takes back what was written after the first so many bytes. */
  rewind(bytes: number): void {
    this.#disk.truncate(this.#fd, bytes)
    this.#bytes = bytes
  }

  /** Gives it another name, so that nobody takes it for a whole one. */
  disown(): void {
    this.#disk.rename(this.name, `${this.name}.failed`)
  }

  close(): void {
    this.#disk.close(this.#fd)
  }
}

/**
 * Makes a folder, with those around it, unless it is there. Throws what the system says: one by one, since Node's `recursive` never
 * returns where the kernel says ENOENT, as under /proc.
 */
export function makeFolder(folder: string, mode?: number): void {
  const path = resolve(folder)
  if (existsSync(path)) return
  makeFolder(dirname(path), mode)
  try {
    mkdirSync(path, { mode })
  } catch (error) {
    if (!existsSync(path)) throw error // else somebody else was quicker
  }
}
