import type { Ask, ProcessId, Trigger } from './event'
import type { Abstraction, Layer } from './layer'
import type { AnswerIn, AttributesIn, IndicationsOf, Module, ParametersIn, QueriesOf, RequestsOf } from './module'

/** Where a host's port stands in a process: its path, what its user gave it when it was made, and how it indicates to its user. */
export interface PortContext<M extends Module> {
  readonly path: string
  readonly self: ProcessId
  /** Π, by increasing rank. */
  readonly processes: readonly ProcessId[]
  readonly parameters: ParametersIn<M, unknown>
  readonly indicate: { readonly [N in IndicationsOf<M>]: Trigger<AttributesIn<M, N, unknown>> }
}

/** What a port does upon requests, and answers to queries; `close` frees whatever the instance holds. */
export interface Service<M extends Module> {
  readonly upon: { readonly [N in RequestsOf<M>]: Trigger<AttributesIn<M, N, unknown>> } & {
    readonly [N in QueriesOf<M>]: Ask<AttributesIn<M, N, unknown>, AnswerIn<M, N, unknown>>
  }
  close?(): void
}

/** A module that the host gives instead of an algorithm: a timer, random numbers, stable storage. Opened once an instance. */
export interface Port<M extends Module> extends Layer<M, never, unknown, 'any'> {
  readonly sort: 'port'
  readonly abstraction: Abstraction<M>
  open(context: PortContext<M>): Service<M>
}

/** The process that runs over a transport. */
export interface Attached {
  readonly self: ProcessId
  /** Π, by increasing rank. Processes that disagree about it must not talk to each other. */
  readonly processes: readonly ProcessId[]
  /** 1 to N in the order of `processes` without it. */
  readonly rank?: (p: ProcessId) => number
}

/**
 * Back-pressure: whether an application should wait before it hands in more. It holds back applications, never algorithms: what they
 * send because of something that came in must always fit, so both marks lie well below what the queues hold.
 */
export interface Pressure {
  /** The soft mark: an application should wait. A face that is awaited does. */
  readonly isFull: boolean
  /** The hard mark, above the soft one: what an application hands in now is refused, with an error where it hands it in. */
  readonly isOverfull: boolean
  /** Calls `listener` once, as soon as `isFull` is false; at once if it is false now. */
  whenRoom(listener: () => void): void
}

/**
 * A network as a host gives it: carries messages between instances of the same path. `guarantees` says which links these are, and
 * so which algorithms may run over them. A message is handed over as it is, or as a copy: never change one after it was sent.
 */
export interface Transport<L extends Module> extends Layer<L, never, unknown, 'any'> {
  readonly sort: 'transport'
  readonly guarantees: Abstraction<L>
  /** Sends to the instance at `path` in process `to`, which may be this process itself. Never blocks; throws only for what it cannot carry. */
  send(to: ProcessId, path: string, message: unknown): void
  /** Called once by the process that runs over this: where to hand in what arrives, and which process it is. */
  attach(receive: (from: ProcessId, path: string, message: unknown) => void, process: Attached): void
  /**
   * Checks a value that an application hands in, with room for what algorithms add: throws `TypeError` for what cannot travel,
   * `RangeError` for what is too large. Everything can travel over a transport without it.
   */
  check?(value: unknown): void
  /** A transport without it always has room. */
  readonly pressure?: Pressure
}
