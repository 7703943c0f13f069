import type { ProcessId } from '@upon/contract'

/** What only one process may do: the first one that does it. */
export class Role {
  #process: ProcessId | undefined

  isOf(p: ProcessId): boolean {
    this.#process ??= p
    return this.#process === p
  }
}
