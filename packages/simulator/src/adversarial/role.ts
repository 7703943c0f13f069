import type { ProcessId } from '@upon/contract'

/** What one process alone may do: the first that does it. */
export class Role {
  #process: ProcessId | undefined

  isOf(p: ProcessId): boolean {
    this.#process ??= p
    return this.#process === p
  }
}
