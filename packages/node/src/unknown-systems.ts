import { HOLD_BYTES, HOLD_MESSAGES, HOLD_MS } from './limits'

interface Held<T> {
  readonly messages: T[]
  readonly expiry: NodeJS.Timeout
  bytes: number
}

/**
 * Keeps messages of systems that have not started here: a peer may hear from the hub before we do, and what it then sends us is
 * sent once. What nobody has asked for in time is dropped. Those of a system that was destroyed are refused at once.
 */
export class UnknownSystems<T> {
  readonly #held = new Map<string, Held<T>>()
  readonly #destroyed = new Set<string>()
  #messages = 0
  #bytes = 0

  constructor(readonly onExpired: (systemId: string, messages: number) => void) {}

  /** Keeps a message that came in so many bytes; says what became of it. */
  hold(systemId: string, message: T, bytes: number): 'first' | 'held' | 'destroyed' | 'full' {
    if (this.#destroyed.has(systemId)) return 'destroyed'
    if (this.isFull(systemId, bytes)) return 'full'
    const known = this.#held.get(systemId)
    const held = known ?? this.#begin(systemId)
    held.messages.push(message)
    held.bytes += bytes
    this.#messages++
    this.#bytes += bytes
    return known === undefined ? 'first' : 'held'
  }

  /** Whether there is no room for a message of so many bytes, of a system that was not destroyed. */
  isFull(systemId: string, bytes: number): boolean {
    return !this.#destroyed.has(systemId) && (this.#messages >= HOLD_MESSAGES || this.#bytes + bytes > HOLD_BYTES)
  }

  /** Gives up what was kept for a system, which has started. */
  take(systemId: string): readonly T[] {
    this.#destroyed.delete(systemId)
    const held = this.#held.get(systemId)
    if (held === undefined) return []
    clearTimeout(held.expiry)
    this.#held.delete(systemId)
    this.#messages -= held.messages.length
    this.#bytes -= held.bytes
    return held.messages
  }

  /** Remembers a system as destroyed: the last hundred of them. */
  destroyed(systemId: string): void {
    this.#destroyed.add(systemId)
    const [oldest] = this.#destroyed
    if (this.#destroyed.size > 100 && oldest !== undefined) this.#destroyed.delete(oldest)
  }

  /** The hub may start to count its systems again: names of destroyed systems may return. */
  forgetDestroyed(): void {
    this.#destroyed.clear()
  }

  clear(): void {
    for (const systemId of [...this.#held.keys()]) this.take(systemId)
  }

  #begin(systemId: string): Held<T> {
    const expiry = setTimeout(() => this.onExpired(systemId, this.take(systemId).length), HOLD_MS).unref()
    const held: Held<T> = { messages: [], expiry, bytes: 0 }
    this.#held.set(systemId, held)
    return held
  }
}
