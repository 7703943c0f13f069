import { Buffer } from 'node:buffer'
import { closeSync, existsSync, ftruncateSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

/** The system calls that a file of lines needs. */
export interface Disk {
  /** Creates a new file; throws `EEXIST` if there is one. */
  create(file: string): number
  /** Writes some of the bytes from `offset` on at `position` of the file; returns how many. */
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

/** The number of names tried for a file. */
const LIMIT_NAMES = 1_000

/**
 * A new file of lines. Writes are synchronous: when they return, the system has the lines. A slow disk slows the
 * writer down, instead of filling its memory.
 */
export class LineFile {
  readonly name: string
  readonly #disk: Disk
  readonly #fd: number
  /** The size of the whole lines. */
  #bytes = 0

  /** Takes the first free name of `stem.ndjson`, `stem.2.ndjson` and so on. Throws the errors of the system. */
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

  /** Writes whole lines, all or none of them. Throws the errors of the system. */
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

  /** Removes all after the first `bytes` bytes. */
  rewind(bytes: number): void {
    this.#disk.truncate(this.#fd, bytes)
    this.#bytes = bytes
  }

  /** Renames the file, so that it is not taken for a complete one. */
  abandon(): void {
    this.#disk.rename(this.name, `${this.name}.failed`)
  }

  close(): void {
    this.#disk.close(this.#fd)
  }
}

/**
 * Creates a folder and its parents unless they exist. Throws the errors of the system. It does so one by one, since `recursive` of Node never
 * returns if the kernel says ENOENT, as under /proc.
 */
export function makeFolder(folder: string, mode?: number): void {
  const path = resolve(folder)
  if (existsSync(path)) return
  makeFolder(dirname(path), mode)
  try {
    mkdirSync(path, { mode })
  } catch (error) {
    if (!existsSync(path)) throw error // otherwise another process was faster
  }
}
