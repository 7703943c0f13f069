import type { ProcessId, Upon, When } from '@upon/contract'
import type { Instance } from './instance'
import { react } from './port-token'

interface Surrounding {
  readonly self: ProcessId
  readonly rank: (p: ProcessId) => number
}

/** The context of an instance, before its ports are added. Control forms are made when an algorithm reads them. */
class Context {
  readonly #instance: Instance
  readonly upon = react as Upon
  readonly self: ProcessId
  readonly processes: readonly ProcessId[]
  readonly rank: (p: ProcessId) => number
  readonly l0: ProcessId | undefined
  state: object | undefined

  constructor(
    instance: Instance,
    { self, rank }: Surrounding,
    readonly f: number,
    readonly parameters: unknown,
    readonly options: unknown,
  ) {
    this.#instance = instance
    this.self = self
    this.rank = rank
    this.processes = instance.members
    this.l0 = instance.members[instance.members.length - 1]
  }

  get when(): When {
    return (find: () => unknown, action: (found: never) => void) =>
      this.#instance.addRule({ find, action: action as (found: unknown) => void })
  }

  get halt() {
    return () => {
      this.#instance.halted = true
    }
  }
}

/** The context of an instance. The caller adds its state and its ports. */
export const contextOf = (...parts: ConstructorParameters<typeof Context>): Record<string, unknown> =>
  new Context(...parts) as unknown as Record<string, unknown>
