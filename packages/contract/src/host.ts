import type { Ask, ProcessId, Trigger } from './event'
import type { Abstraction, Layer } from './layer'
import type { AnswerIn, AttributesIn, IndicationsOf, Module, ParametersIn, QueriesOf, RequestsOf } from './module'

/** The place of a host's port in a process: its path, the parameters from its user, and how it indicates to its user. */
export interface PortContext<M extends Module> {
  readonly path: string
  readonly self: ProcessId
  /** Π, by increasing rank. */
  readonly processes: readonly ProcessId[]
  readonly parameters: ParametersIn<M, unknown>
  readonly indicate: { readonly [N in IndicationsOf<M>]: Trigger<AttributesIn<M, N, unknown>> }
}

/** How a port handles requests and answers queries. `close` frees everything that the instance holds. */
export interface Service<M extends Module> {
  readonly upon: { readonly [N in RequestsOf<M>]: Trigger<AttributesIn<M, N, unknown>> } & {
    readonly [N in QueriesOf<M>]: Ask<AttributesIn<M, N, unknown>, AnswerIn<M, N, unknown>>
  }
  close?(): void
}

/** A module that the host gives instead of an algorithm: a timer, random numbers, stable storage. Opened once per instance. */
export interface Port<M extends Module> extends Layer<M, never, unknown, 'any'> {
  readonly sort: 'port'
  readonly abstraction: Abstraction<M>
  open(context: PortContext<M>): Service<M>
}

/** The process that runs over a transport. */
export interface Attached {
  readonly self: ProcessId
  /** Π, by increasing rank. Processes that disagree about it must not communicate. */
  readonly processes: readonly ProcessId[]
  /** By default, 1 to N in the order of `processes`. */
  readonly rank?: (p: ProcessId) => number
}

/**
 * Back-pressure: whether an application should wait before it submits more. It holds back applications, never algorithms. What an algorithm
 * sends in response to a message must always fit, so both marks lie well below what the queues hold.
 */
export interface Pressure {
  /** The soft mark: an application should wait. Awaited calls of a face do so. */
  readonly isFull: boolean
  /** The hard mark, above the soft one: what an application submits now is refused, with an error at the call. */
  readonly isOverfull: boolean
  /** Calls `listener` once, as soon as `isFull` is false; at once if it is false now. */
  whenRoom(listener: () => void): void
}

/**
 * A network, as a host supplies it: it carries messages between instances of the same path. `guarantees` says which links these are, and
 * therefore which algorithms may run over them. It hands a message over as it is, or as a copy: never change a message after sending it.
 */
export interface Transport<L extends Module> extends Layer<L, never, unknown, 'any'> {
  readonly sort: 'transport'
  readonly guarantees: Abstraction<L>
  /** Sends to the instance at `path` in process `to`, which may be this process itself. Never blocks; throws only for what it cannot carry. */
  send(to: ProcessId, path: string, message: unknown): void
  /** Called once by the process that runs over this: where to deliver what arrives, and which process it is. */
  attach(receive: (from: ProcessId, path: string, message: unknown) => void, process: Attached): void
  /**
   * Checks a value that an application submits, with room for what algorithms add. Throws `TypeError` if the value cannot travel,
   * `RangeError` if it is too large. Over a transport without `check`, every value can travel.
   */
  check?(value: unknown): void
  /** A transport without it always has room. */
  readonly pressure?: Pressure
}
