import * as contract from '@upon/contract'
import { type AlgorithmEvent, shown, type Trace, type TraceEntry } from '@upon/trace'

/** An entry that no run can have, and why. Such a trace cannot be judged. */
export interface IllFormed {
  readonly entry: TraceEntry
  readonly why: string
}

interface EventFacts {
  readonly direction: Exclude<AlgorithmEvent['direction'], 'rule'>
  readonly attributes: readonly string[]
}

type ModuleFacts = Pick<contract.Abstraction<contract.Module>, 'name' | 'requests' | 'indications'> & { readonly queries?: object }

const isAbstraction = (value: unknown): value is ModuleFacts => (value as { readonly sort?: unknown } | null)?.sort === 'abstraction'

/** The events of each module: by module name, then by event name. */
const modules: ReadonlyMap<string, ReadonlyMap<string, EventFacts>> = new Map(
  Object.values(contract as object)
    .filter(isAbstraction)
    .map(({ name, requests, indications, queries = {} }) => [
      name,
      new Map([...eventsOf(requests, 'request'), ...eventsOf(indications, 'indication'), ...eventsOf(queries, 'query')]),
    ]),
)

function eventsOf(events: object, direction: EventFacts['direction']): [string, EventFacts][] {
  const answer = direction === 'query' ? ['answer'] : []
  return Object.entries(events).map(([event, attributes]) => [event, { direction, attributes: [...attributes, ...answer] }])
}

const ARTICLES = { request: 'a request', indication: 'an indication', query: 'a query' } as const

/** Our applications: that of the node, a family of registers by key, the users of epochs and of terminating broadcasts. They have no properties. */
const APPLICATIONS: ReadonlySet<string> = new Set(['HubApplication', 'Registers', 'Epochs', 'TerminatingBroadcasts'])

/** Whether a trace may have this module. A misspelt name must not be skipped silently. */
export const isKnownModule = (name: string): boolean => modules.has(name) || APPLICATIONS.has(name)

/** Examines the entries of a trace in order and finds the first that no run can have. */
export class WellFormedness {
  readonly #processes: ReadonlySet<unknown>
  readonly #down = new Set<unknown>()
  readonly #modules = new Map<string, string>()
  #count = 0
  #timeMs = Number.NEGATIVE_INFINITY

  constructor({ processes }: Trace) {
    this.#processes = new Set(processes.map(({ id }) => id))
  }

  /** What is wrong with the next entry, if anything. */
  problemOf(entry: TraceEntry): string | undefined {
    const { process, timeMs, index } = entry
    if (index !== this.#count) return `its index is ${index}; expected ${this.#count}: entries are numbered from 0`
    this.#count += 1
    if (!(timeMs >= this.#timeMs)) return `its time is ${timeMs} ms, but the entry before it is at ${this.#timeMs} ms`
    this.#timeMs = timeMs
    if (process !== undefined && !this.#processes.has(process)) return `${shown(process)} is not one of the processes`
    if (entry.type === 'event') return this.#problemOfEvent(entry)
    if (entry.type !== 'crash' && entry.type !== 'recover') return undefined
    if (process === undefined) return `it does not name the process of the ${entry.type}`
    if (entry.type === 'recover') return this.#down.delete(process) ? undefined : `${process} recovers, but had not crashed`
    if (this.#down.has(process)) return `${process} crashes, but had already crashed`
    this.#down.add(process)
    return undefined
  }

  #problemOfEvent(entry: AlgorithmEvent): string | undefined {
    const { process, path, module, event, direction, attributes, cause, index } = entry
    if (!(Number.isInteger(cause) && cause >= -1 && cause < index))
      return `its cause is ${cause}; expected -1 or the index of an earlier entry`
    if (this.#down.has(process)) return `${process} has an event after its crash`
    const other = this.#modules.get(path)
    if (other === undefined) this.#modules.set(path, module)
    else if (other !== module) return `${path} is of module ${shown(module)}, but was of ${shown(other)} before`
    if (direction === 'rule') return undefined
    const known = modules.get(module)
    if (known === undefined) return undefined
    const facts = known.get(event)
    if (facts === undefined) return `${module} has no event ${shown(event)}; expected ${[...known.keys()].join(', ')}`
    if (facts.direction !== direction)
      return `${event} of ${module} is ${ARTICLES[facts.direction]}, but is recorded as ${ARTICLES[direction]}`
    return facts.attributes.length === attributes.length ? problemOfAttributes(entry, facts) : countProblem(entry, facts)
  }
}

function countProblem({ module, event, attributes }: AlgorithmEvent, facts: EventFacts): string {
  const names = facts.attributes.length === 0 ? 'none' : `${facts.attributes.length}: ${facts.attributes.join(', ')}`
  return `${event} of ${module} has ${attributes.length} attributes; expected ${names}`
}

const PROCESS_NAMES: ReadonlySet<string> = new Set(['p', 'q', 'l'])

/** Processes are names and timestamps are numbers. Other types would be compared wrongly. */
function problemOfAttributes({ module, event, attributes }: AlgorithmEvent, { attributes: names }: EventFacts): string | undefined {
  for (let i = 0; i < names.length; i += 1) {
    const name = names[i] as string
    const isRight = PROCESS_NAMES.has(name) ? typeof attributes[i] === 'string' : name !== 'ts' || typeof attributes[i] === 'number'
    if (!isRight)
      return `${name} in ${event} of ${module} is ${shown(attributes[i])}; expected ${name === 'ts' ? 'a number' : 'the name of a process'}`
  }
  return undefined
}
