import { Buffer } from 'node:buffer'
import { getHeapStatistics } from 'node:v8'

/** How many systems a process takes part in at a time. */
export const LIMIT_SYSTEMS = 100

/**
 * How many registers, and how many topics, a process has in all its systems together, whether the hub or a peer names them. There are fewer where its
 * heap is small: see `limitNames`.
 */
export const LIMIT_NAMES = 10_000

/** What each takes until its system ends, and which share of the heap all of a kind may take. */
const COSTS = { register: { bytes: 16 * 1024, share: 1 / 4 }, topic: { bytes: 60 * 1024, share: 1 / 3 } } // a topic's instances take three times 22 KiB while it is decided

/** How many names of a kind fit a heap of so many bytes; that of this process by default. */
export function limitNames(kind: 'register' | 'topic', heapBytes = getHeapStatistics().heap_size_limit): number {
  const { bytes, share } = COSTS[kind]
  return Math.min(LIMIT_NAMES, Math.floor((heapBytes * share) / bytes))
}

/** The longest name of a register or topic, in bytes of UTF-8: the paths made of it must fit a message. */
export const LIMIT_NAME_BYTES = 32 * 1024

/** The length of the names of all registers together, and of all topics, in characters. */
export const LIMIT_NAMES_CHARACTERS = 4 * 1024 * 1024

/** How many of the hub's reads and writes wait for their turn in one system. */
export const LIMIT_OPERATIONS = 100_000

/** Messages for epochs to come, of topics with names of more than `LONG_PATH` characters: how many are kept. Others: see the runtime. */
export const LIMIT_HELD_OF_LONG_PATHS = 1_000
export const LONG_PATH = 1_024

/** How many bytes of messages of unknown systems are kept; how many messages, and for how long. */
export const HOLD_BYTES = 8 * 1024 * 1024
export const HOLD_MESSAGES = 1_000
export const HOLD_MS = 2_000

/** Something was refused because a limit of this process was reached. */
export class LimitError extends Error {
  override readonly name = 'LimitError'
}

/** What the names of one kind take, in all systems of a process. */
export class NameBudget {
  names = 0
  characters = 0

  constructor(
    readonly kind: 'register' | 'topic',
    readonly limit = limitNames(kind),
  ) {}

  get isSpent(): boolean {
    return this.names >= this.limit || this.characters >= LIMIT_NAMES_CHARACTERS
  }
}

/** The names of one kind that a system has come to know. Within limits: each stands for instances that live as long as the system. */
export class Names {
  readonly #names = new Set<string>()
  #characters = 0

  constructor(readonly budget: NameBudget) {}

  get size(): number {
    return this.#names.size
  }

  has(name: string): boolean {
    return this.#names.has(name)
  }

  /** Adds a name; says whether it is new. Throws `LimitError` when there is no room for it. */
  add(name: string): 'new' | 'known' {
    if (this.#names.has(name)) return 'known'
    this.check(name)
    this.#names.add(name)
    this.#characters += name.length
    this.budget.names++
    this.budget.characters += name.length
    return 'new'
  }

  /** Throws `LimitError` when there is no room for a name that is not known yet. Costs next to nothing while there is room. */
  check(name: string): void {
    const { budget } = this
    if ((!budget.isSpent && !isTooLong(name)) || this.#names.has(name)) return
    const { kind } = budget
    if (isTooLong(name)) throw new LimitError(`a ${kind}'s name has at most ${LIMIT_NAME_BYTES} bytes, not ${Buffer.byteLength(name)}`)
    throw new LimitError(`a process has at most ${budget.limit} ${kind}s, with ${LIMIT_NAMES_CHARACTERS} characters in their names`)
  }

  /** The system has ended, and its names make room. */
  release(): void {
    this.budget.names -= this.#names.size
    this.budget.characters -= this.#characters
    this.#names.clear()
    this.#characters = 0
  }
}

const isTooLong = (name: string) => name.length > LIMIT_NAME_BYTES / 3 && Buffer.byteLength(name) > LIMIT_NAME_BYTES
