import type { ProcessId } from '@upon/contract'
import type { Edge, End } from './edge'
import type { Observation } from './process-options'

/** What the host gives to observe a process. */
interface Observing {
  readonly self: ProcessId
  readonly clock?: () => number
  readonly observe?: (observation: Observation) => void
}

/** Shows what happens in a process to the host. */
export class Observer {
  constructor(readonly options: Observing) {}

  event(index: number, cause: number, { source, direction, token }: Edge, attributes: readonly unknown[]): void {
    this.#show(index, cause, source, direction, token.name, attributes.slice(0, token.attributes))
  }

  query(index: number, cause: number, of: End, name: string, attributes: readonly unknown[]): void {
    this.#show(index, cause, of, 'query', name, attributes)
  }

  #show(
    index: number,
    cause: number,
    { path, abstraction }: End,
    direction: Observation['direction'],
    event: string,
    attributes: readonly unknown[],
  ): void {
    const { options } = this
    const module = abstraction?.name ?? ''
    const time = options.clock?.() ?? 0
    options.observe?.({ index, cause, time, process: options.self, path, module, direction, event, attributes })
  }
}
