import { printable } from '@upon/contract'
import { type ExactNumber, numberOf } from './exact-number'

/** The values of JSON, with exact numbers. */
export type Json = null | boolean | number | string | ExactNumber | readonly Json[] | { readonly [name: string]: Json }

/** A text is not JSON, or an object in it has a name twice. */
export class JsonError extends Error {
  override readonly name = 'JsonError'
}

const LIMIT_DEPTH = 500
const QUOTE = 0x22
const BACKSLASH = 0x5c
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const WORDS: readonly (readonly [string, Json])[] = [
  ['true', true],
  ['false', false],
  ['null', null],
]

/**
 * Reads JSON without loss: `JSON.parse` rounds numbers, and takes the last of two equal names. Throws JsonError for text that is not JSON,
 * for a name given twice in an object, and for more than 500 levels of nesting.
 */
export function parseJson(text: string): Json {
  return new Parser(text).parse()
}

class Parser {
  #at = 0
  #depth = 0

  constructor(private readonly text: string) {}

  parse(): Json {
    const value = this.#value()
    this.#skip()
    if (this.#at < this.text.length) this.#fail('the end')
    return value
  }

  #value(): Json {
    this.#skip()
    const sign = this.text[this.#at]
    if (sign === '"') return this.#string()
    if (sign === '{' || sign === '[') {
      this.#depth += 1
      if (this.#depth > LIMIT_DEPTH) throw new JsonError(`nested deeper than ${LIMIT_DEPTH} levels`)
      const value = sign === '{' ? this.#object() : this.#array()
      this.#depth -= 1
      return value
    }
    NUMBER.lastIndex = this.#at
    const digits = NUMBER.exec(this.text)?.[0]
    if (digits !== undefined) {
      this.#at += digits.length
      return this.#number(digits)
    }
    const word = WORDS.find(([name]) => this.text.startsWith(name, this.#at))
    if (word === undefined) this.#fail('a value')
    this.#at += word[0].length
    return word[1]
  }

  #number(digits: string): number | ExactNumber {
    try {
      return numberOf(digits)
    } catch (error) {
      throw new JsonError((error as Error).message)
    }
  }

  #object(): Json {
    const object: Record<string, Json> = {}
    for (let more = this.#begin('}'); more; more = this.#more('}')) {
      this.#skip()
      if (this.text[this.#at] !== '"') this.#fail('a name in double quotes')
      const name = this.#string()
      if (Object.hasOwn(object, name)) throw new JsonError(`"${printable(name)}" is given twice in one object`)
      this.#skip()
      if (this.text[this.#at] !== ':') this.#fail("':'")
      this.#at += 1
      const value = this.#value()
      if (name === '__proto__') Object.defineProperty(object, name, { value, enumerable: true, writable: true, configurable: true })
      else object[name] = value
    }
    return object
  }

  #array(): Json {
    const array: Json[] = []
    for (let more = this.#begin(']'); more; more = this.#more(']')) array.push(this.#value())
    return array
  }

  /** Enters an object or array; returns whether it has items. */
  #begin(end: string): boolean {
    this.#at += 1
    this.#skip()
    if (this.text[this.#at] !== end) return true
    this.#at += 1
    return false
  }

  /** Whether another item follows. */
  #more(end: string): boolean {
    this.#skip()
    const sign = this.text[this.#at]
    if (sign !== ',' && sign !== end) this.#fail(`',' or '${end}'`)
    this.#at += 1
    return sign === ','
  }

  #string(): string {
    const start = this.#at
    let isEscaped = false
    for (this.#at += 1; ; this.#at += 1) {
      const code = this.text.charCodeAt(this.#at)
      if (code === QUOTE) break
      if (!(code >= 0x20)) this.#fail('the rest of a text')
      if (code !== BACKSLASH) continue
      isEscaped = true
      this.#at += 1
    }
    this.#at += 1
    const quoted = this.text.slice(start, this.#at)
    if (!isEscaped) return quoted.slice(1, -1)
    try {
      return JSON.parse(quoted)
    } catch {
      throw new JsonError(`the text at character ${start + 1} has an escape that JSON does not know`)
    }
  }

  #skip(): void {
    for (let sign = this.text[this.#at]; sign === ' ' || sign === '\t' || sign === '\n' || sign === '\r'; sign = this.text[this.#at])
      this.#at += 1
  }

  #fail(expected: string): never {
    const sign = this.text[this.#at]
    const found =
      sign === undefined ? 'the line ends' : `'${printable(String.fromCodePoint(this.text.codePointAt(this.#at) as number))}' is there`
    throw new JsonError(`expected ${expected} at character ${this.#at + 1}, but ${found}`)
  }
}
