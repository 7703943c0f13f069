/** Messages of one process that are remembered, and the longest name of one. */
const REMEMBERED = 64
const LIMIT_UUID = 100

/**
 * Tells messages that come a second time, by their uuid: a process that sends again what it is not sure of would otherwise answer the next command
 * with the answer to the last. Without a uuid nothing is known; and a process that has but one for all its messages says nothing with it.
 */
export class Repeats {
  readonly #seen = new Map<string, Set<string>>()

  isRepeated(process: string, uuid: string | undefined): boolean {
    if (uuid === undefined || uuid.length > LIMIT_UUID) return false
    const seen = this.#seen.get(process) ?? new Set<string>()
    this.#seen.set(process, seen)
    if (seen.has(uuid)) return seen.size > 1
    seen.add(uuid)
    if (seen.size > REMEMBERED) for (const oldest of seen) return !seen.delete(oldest)
    return false
  }
}
