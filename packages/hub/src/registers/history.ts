import type { Operation } from '@upon/linearizability'

export type Kind = 'read' | 'write'

/** What the hub recorded of one operation: when it sent the command, and when the answer arrived. */
export interface RecordedOperation extends Operation {
  /** Operations of a register are numbered from 0 by invocation. */
  readonly index: number
}

const IS_WRITE = 1
const HAS_VALUE = 2
const HAS_RESPONSE = 4

/** The operations on one register, at 23 bytes each. */
export class History {
  #size = 0
  #invokedAtMs = new Float64Array(8)
  #respondedAtMs = new Float64Array(8)
  #values = new Int32Array(8)
  #ranks = new Uint16Array(8)
  #flags = new Uint8Array(8)

  /** `processes`: by rank, from 1. */
  constructor(private readonly processes: readonly { readonly name: string }[]) {}

  get size(): number {
    return this.#size
  }

  /** Returns the operation's index. */
  add(rank: number, kind: Kind, value: number | undefined, invokedAtMs: number): number {
    const index = this.#size++
    if (index === this.#flags.length) this.#grow()
    this.#ranks[index] = rank
    this.#invokedAtMs[index] = invokedAtMs
    this.#flags[index] = kind === 'write' ? IS_WRITE : 0
    if (value !== undefined) this.#setValue(index, value)
    return index
  }

  /** The value written, or read if the answer has come. */
  value(index: number): number | undefined {
    return this.#has(index, HAS_VALUE) ? this.#values[index] : undefined
  }

  /** The answer to a read. `sinceIndex`: an earlier operation whose answer it may be; its interval begins with that. */
  read(index: number, value: number | undefined, atMs: number, sinceIndex = index): void {
    if (value !== undefined) this.#setValue(index, value)
    this.#invokedAtMs[index] = this.#invokedAtMs[sinceIndex]!
    this.respond(index, atMs)
  }

  respond(index: number, atMs: number): void {
    this.#respondedAtMs[index] = atMs
    this.#flags[index]! |= HAS_RESPONSE
  }

  all(): RecordedOperation[] {
    return Array.from({ length: this.#size }, (_, index) => ({
      process: this.processes[this.#ranks[index]! - 1]!.name,
      kind: this.#has(index, IS_WRITE) ? 'write' : 'read',
      value: this.value(index),
      invokedAtMs: this.#invokedAtMs[index]!,
      index,
      ...(this.#has(index, HAS_RESPONSE) ? { respondedAtMs: this.#respondedAtMs[index]! } : {}),
    }))
  }

  #has(index: number, flag: number): boolean {
    return (this.#flags[index]! & flag) !== 0
  }

  #setValue(index: number, value: number): void {
    this.#values[index] = value
    this.#flags[index]! |= HAS_VALUE
  }

  #grow(): void {
    const size = Math.ceil(this.#flags.length * 1.5)
    const grown = <A extends Float64Array | Int32Array | Uint16Array | Uint8Array>(larger: A, old: A): A => {
      larger.set(old)
      return larger
    }
    this.#invokedAtMs = grown(new Float64Array(size), this.#invokedAtMs)
    this.#respondedAtMs = grown(new Float64Array(size), this.#respondedAtMs)
    this.#values = grown(new Int32Array(size), this.#values)
    this.#ranks = grown(new Uint16Array(size), this.#ranks)
    this.#flags = grown(new Uint8Array(size), this.#flags)
  }
}
