/** How many messages of systems that we do not know are kept, and for how long. */
export const HOLD_MESSAGES = 1_000
export const HOLD_MS = 2_000

/**
 * Keeps messages of systems that have not started here: a peer may hear from the hub before we do, and what it then sends us is
 * sent once. What nobody has asked for in time is dropped. Those of a system that was destroyed are refused at once.
 */
export class UnknownSystems<T> {
  readonly #held = new Map<string, { readonly messages: T[]; readonly expiry: NodeJS.Timeout }>()
  readonly #destroyed = new Set<string>()
  #count = 0

  constructor(readonly onExpired: (systemId: string, messages: number) => void) {}

  /** Keeps a message; says what became of it. */
  hold(systemId: string, message: T): 'first' | 'held' | 'destroyed' | 'full' {
    if (this.#destroyed.has(systemId)) return 'destroyed'
    if (this.#count >= HOLD_MESSAGES) return 'full'
    const held = this.#held.get(systemId)
    this.#count++
    if (held !== undefined) {
      held.messages.push(message)
      return 'held'
    }
    const expiry = setTimeout(() => this.onExpired(systemId, this.take(systemId).length), HOLD_MS).unref()
    this.#held.set(systemId, { messages: [message], expiry })
    return 'first'
  }

  /** Gives up what was kept for a system, which has started. */
  take(systemId: string): readonly T[] {
    this.#destroyed.delete(systemId)
    const held = this.#held.get(systemId)
    if (held === undefined) return []
    clearTimeout(held.expiry)
    this.#held.delete(systemId)
    this.#count -= held.messages.length
    return held.messages
  }

  /** Remembers a system as destroyed: the last hundred of them. */
  destroyed(systemId: string): void {
    this.#destroyed.add(systemId)
    const [oldest] = this.#destroyed
    if (this.#destroyed.size > 100 && oldest !== undefined) this.#destroyed.delete(oldest)
  }

  clear(): void {
    for (const { expiry } of this.#held.values()) clearTimeout(expiry)
    this.#held.clear()
    this.#count = 0
  }
}
