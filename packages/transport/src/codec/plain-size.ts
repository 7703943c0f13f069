import { entriesOf, membersOf, PAYLOAD_DEPTH, sortOf } from './plain-values'

const TOO_LARGE = Symbol('too large')
const encoder = new TextEncoder()

/**
 * Checks a value that an application submits: throws `TypeError` if it is not plain data, `RangeError` if it takes more bytes as JSON. It
 * encodes texts only if the value may be too large, and stops as soon as it is.
 */
export function checkPlain(value: unknown, limitBytes: number): void {
  if (fits(value, limitBytes, mostBytes) || fits(value, limitBytes, textBytes)) return
  throw new RangeError(`a value is too large: expected at most ${limitBytes} bytes as JSON`)
}

/** How many bytes a text takes as JSON; beyond `room`, any larger number will do. */
type TextBytes = (text: string, room: number) => number

const mostBytes: TextBytes = (text) => 2 + 6 * text.length
const textBytes: TextBytes = (text, room) => (text.length > room ? text.length : encoder.encode(JSON.stringify(text)).length)

function fits(value: unknown, limitBytes: number, bytesOf: TextBytes): boolean {
  try {
    new Measure(limitBytes, bytesOf).add(value)
    return true
  } catch (error) {
    if (error === TOO_LARGE) return false
    throw error
  }
}

/** Adds up the bytes of a value as JSON; throws `TOO_LARGE` beyond the limit. */
class Measure {
  readonly #keys: string[] = []
  readonly #limitBytes: number
  readonly #bytesOf: TextBytes
  #bytes = 0

  constructor(limitBytes: number, bytesOf: TextBytes) {
    this.#limitBytes = limitBytes
    this.#bytesOf = bytesOf
  }

  add(value: unknown): void {
    const sort = sortOf(value, this.#keys, PAYLOAD_DEPTH)
    if (sort === 'atom') this.#count(this.#atomBytes(value))
    else if (sort === 'bytes') this.#count(signBytes('$bytes') + 2 + 4 * Math.ceil((value as Uint8Array).length / 3))
    else if (sort === 'record') this.#record(value as Record<string, unknown>)
    else if (sort === 'map') this.#list(entriesOf(value), signBytes('$map'))
    else if (sort === 'set') this.#list(membersOf(value), signBytes('$set'))
    else this.#list(value as unknown[], 0)
  }

  #count(bytes: number): void {
    this.#bytes += bytes
    if (this.#bytes > this.#limitBytes) throw TOO_LARGE
  }

  #textBytes(text: string): number {
    return this.#bytesOf(text, this.#limitBytes - this.#bytes)
  }

  #atomBytes(value: unknown): number {
    if (typeof value === 'string') return this.#textBytes(value)
    if (value === undefined) return signBytes('$undefined') + 'true'.length
    if (typeof value === 'bigint') return signBytes('$bigint') + 2 + String(value).length
    if (Object.is(value, -0)) return signBytes('$number') + '"-0"'.length
    const bytes = String(value).length
    return typeof value === 'number' && !Number.isFinite(value) ? signBytes('$number') + 2 + bytes : bytes
  }

  #list(items: readonly unknown[], around: number): void {
    this.#count(around + 2 + Math.max(0, items.length - 1))
    for (let i = 0; i < items.length; i++) this.#item(String(i), items[i])
  }

  #record(value: Record<string, unknown>): void {
    const keys = Object.keys(value)
    const looksSigned = keys.length === 1 && keys[0]?.startsWith('$') === true
    this.#count((looksSigned ? signBytes('$object') : 0) + 2 + Math.max(0, keys.length - 1))
    for (const key of keys) {
      this.#count(this.#textBytes(key) + 1)
      this.#item(key, value[key])
    }
  }

  #item(key: string, value: unknown): void {
    this.#keys.push(key)
    this.add(value)
    this.#keys.pop()
  }
}

/** `{"$map":}` */
const signBytes = (sign: string) => 5 + sign.length
