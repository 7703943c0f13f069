import type { ProcessId } from '@upon/contract'
import type { Edge, End } from './edge'
import type { Observation } from './process-options'

/** What the host gives to observe a process. */
interface Observing {
  readonly self: ProcessId
  readonly clock?: () => number
  readonly observe?: (observation: Observation) => void
}

type What = Pick<Observation, 'index' | 'cause' | 'direction' | 'event' | 'attributes'>

/** Shows what happens in a process to the host. */
export class Observer {
  constructor(readonly options: Observing) {}

  event(index: number, cause: number, { source, receiver, direction, token }: Edge, attributes: readonly unknown[]): void {
    this.#show(
      { index, cause, direction, event: token.name, attributes: attributes.slice(0, token.attributes) },
      source,
      receiver.algorithm,
    )
  }

  query(index: number, cause: number, of: End, name: string, attributes: readonly unknown[]): void {
    this.#show({ index, cause, direction: 'query', event: name, attributes }, of, undefined)
  }

  rule(index: number, cause: number, of: End, name: string): void {
    this.#show({ index, cause, direction: 'rule', event: name, attributes: [] }, of, of.algorithm)
  }

  #show(what: What, { path, abstraction }: End, algorithm: string | undefined): void {
    const { options } = this
    const place = { time: options.clock?.() ?? 0, process: options.self, path, module: abstraction?.name ?? '' }
    options.observe?.(algorithm === undefined ? { ...what, ...place } : { ...what, ...place, algorithm })
  }
}
