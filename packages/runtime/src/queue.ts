import type { Edge } from './edge'

const STRIDE = 6
const INITIAL_EVENTS = 16

/**
 * The one FIFO queue of a process. An event takes six slots of a ring instead of an object: its edge, up to four attributes, and the index of
 * the event that caused it. The ring doubles when it is full and never shrinks.
 */
export class EventQueue {
  #slots: unknown[] = new Array(INITIAL_EVENTS * STRIDE).fill(undefined)
  #head = 0
  #tail = 0
  #length = 0

  /** The attributes and cause of the event that `shift` took last. */
  a: unknown
  b: unknown
  c: unknown
  d: unknown
  cause = 0

  get length(): number {
    return this.#length
  }

  push(edge: Edge, a: unknown, b: unknown, c: unknown, d: unknown, cause: number): void {
    if (this.#length * STRIDE === this.#slots.length) this.#grow()
    const slots = this.#slots
    const at = this.#tail
    slots[at] = edge
    slots[at + 1] = a
    slots[at + 2] = b
    slots[at + 3] = c
    slots[at + 4] = d
    slots[at + 5] = cause
    this.#tail = at + STRIDE === slots.length ? 0 : at + STRIDE
    this.#length++
  }

  /** Takes the oldest event: returns its edge, and leaves the rest in the fields. */
  shift(): Edge | undefined {
    if (this.#length === 0) return undefined
    const slots = this.#slots
    const at = this.#head
    const edge = slots[at] as Edge
    this.a = slots[at + 1]
    this.b = slots[at + 2]
    this.c = slots[at + 3]
    this.d = slots[at + 4]
    this.cause = slots[at + 5] as number
    slots[at] = slots[at + 1] = slots[at + 2] = slots[at + 3] = slots[at + 4] = undefined // keep nothing alive
    this.#head = at + STRIDE === slots.length ? 0 : at + STRIDE
    this.#length--
    return edge
  }

  clear(): void {
    while (this.shift() !== undefined);
    this.a = this.b = this.c = this.d = undefined
  }

  #grow(): void {
    const slots = this.#slots
    const grown: unknown[] = new Array(slots.length * 2).fill(undefined)
    for (let i = 0; i < slots.length; i++) grown[i] = slots[(this.#head + i) % slots.length]
    this.#slots = grown
    this.#head = 0
    this.#tail = slots.length
  }
}
