import { Buffer, isUtf8 } from 'node:buffer'
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { TraceError } from '@upon/trace'

/** The size of a read. */
const CHUNK_BYTES = 1 << 20
/** Longer lines are refused. */
export const LIMIT_LINE_BYTES = 64 << 20

const NEWLINE = 0x0a
const BRACE = 0x7b
const BLANK = new Set([0x20, 0x09, 0x0d, NEWLINE])

/**
 * A file of lines, read piece by piece, so that its size does not matter. A file that does not begin with a JSON object in UTF-8 is refused
 * at its first bytes. A byte order mark is skipped. Throws TraceError for a file that is not text, and the errors of the system.
 */
export class TextFile {
  /** The lines read so far of a stream that can be read only once. */
  #seen: string[] = []
  #rest: Iterator<string> | undefined

  constructor(private readonly name: string) {}

  /** The first line that is not blank; '' if there is none. */
  first(): string {
    const fd = this.name === '-' ? 0 : openSync(this.name, 'r')
    const canReopen = this.name !== '-' && fstatSync(fd).isFile()
    const lines = linesOf(fd)
    const seen: string[] = []
    let first = ''
    for (let next = lines.next(); !next.done && first === ''; next = first === '' ? lines.next() : next) {
      seen.push(next.value)
      first = next.value
    }
    if (canReopen) closeSync(fd)
    else {
      this.#seen = seen
      this.#rest = lines
    }
    return first
  }

  /** All lines, blank ones as ''. Call it once, after `first`. With `anywhere`, a last line that ends in the middle of a character is cut before it. */
  *lines(end: 'whole' | 'anywhere' = 'whole'): Generator<string> {
    if (this.#rest !== undefined) {
      yield* this.#seen
      this.#seen = []
      for (let next = this.#rest.next(); !next.done; next = this.#rest.next()) yield next.value
      return
    }
    const fd = openSync(this.name, 'r')
    try {
      yield* linesOf(fd, end)
    } finally {
      closeSync(fd)
    }
  }
}

function* linesOf(fd: number, ending: 'whole' | 'anywhere' = 'whole'): Generator<string, undefined> {
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES)
  const pieces: Buffer[] = []
  let pending = 0
  let line = 1
  let isBeginning = true
  let hasBegun = false
  for (let size = readMark(fd, chunk); size > 0; size = readSome(fd, chunk, 0)) {
    const bytes = isBeginning ? withoutMark(chunk.subarray(0, size)) : chunk.subarray(0, size)
    isBeginning = false
    if (!hasBegun) hasBegun = begins(bytes, line)
    const end = bytes.lastIndexOf(NEWLINE) + 1
    if (end > 0) {
      const lines = textOf(Buffer.concat([...pieces, bytes.subarray(0, end)]), line).split('\n')
      lines.pop()
      for (const text of lines) yield isBlank(text) ? '' : text
      line += lines.length
      pieces.length = 0
      pending = 0
    }
    pieces.push(Buffer.from(bytes.subarray(end)))
    pending += bytes.length - end
    if (pending > LIMIT_LINE_BYTES) throw new TraceError(line, `the line is longer than ${LIMIT_LINE_BYTES >> 20} MiB`)
  }
  const rest = Buffer.concat(pieces)
  const last = ending === 'whole' || isUtf8(rest) ? textOf(rest, line) : rest.toString('utf8').replace(/\ufffd.*$/s, '')
  if (last !== '') yield isBlank(last) ? '' : last
  return undefined
}

const isBlank = (line: string): boolean => /^[ \t\r]*$/.test(line)

/** The longest byte order mark. */
const MARK_BYTES = 4

/** Reads the first bytes: if the file has them, enough to detect the encoding. */
function readMark(fd: number, into: Buffer): number {
  let size = 0
  for (let more = -1; size < MARK_BYTES && more !== 0; size += more) more = readSome(fd, into, size)
  return size
}

/** Reads some bytes, and waits for an empty pipe. */
function readSome(fd: number, into: Buffer, offset: number): number {
  for (;;) {
    try {
      return readSync(fd, into, offset, into.length - offset, null)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'EOF') return 0
      if (code !== 'EAGAIN') throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10)
    }
  }
}

/** The first bytes of a file without their byte order mark. */
function withoutMark(bytes: Buffer): Buffer {
  const [first, second, third] = bytes
  const isWide = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)
  if (isWide || (first === BRACE && second === 0) || (first === 0 && second === BRACE))
    throw new TraceError(1, 'the file is UTF-16; expected UTF-8: convert it, for example with iconv -f UTF-16 -t UTF-8')
  return first === 0xef && second === 0xbb && third === 0xbf ? bytes.subarray(3) : bytes
}

/** Whether the bytes contain the beginning of the first line that is not blank, which must be that of an object. */
function begins(bytes: Buffer, line: number): boolean {
  const at = bytes.findIndex((byte) => !BLANK.has(byte))
  if (at < 0) return false
  if (bytes[at] === BRACE) return true
  const end = bytes.indexOf(NEWLINE, at)
  const found = bytes.subarray(at, Math.min(at + 16, end < 0 ? bytes.length : end))
  const isText = found.every((byte) => byte >= 0x20 && byte < 0x7f)
  const lines = bytes.subarray(0, at).reduce((count, byte) => count + (byte === NEWLINE ? 1 : 0), 0)
  const shown = isText ? `'${found.toString('latin1')}'` : `the bytes ${found.toString('hex').replaceAll(/(..)(?=.)/g, '$1 ')}`
  throw new TraceError(line + lines, `not JSON: begins with ${shown}; expected an object, as {"client":1,...}`)
}

function textOf(bytes: Buffer, line: number): string {
  if (isUtf8(bytes)) return bytes.toString('utf8')
  let at = line
  for (let start = 0, end = 0; start < bytes.length; start = end, at += 1) {
    end = bytes.indexOf(NEWLINE, start) + 1 || bytes.length
    if (!isUtf8(bytes.subarray(start, end))) break
  }
  throw new TraceError(at, 'not UTF-8')
}
