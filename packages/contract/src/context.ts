import type { KindOf, OfKind, ProcessId, UponEvent } from './event'
import type { Abstraction, ModuleOf, PayloadOf } from './layer'
import type { Family, Inside, Module, Outside, ParametersIn, Payload, Witness } from './module'
import type { IndexOf, LayerOf, Many, Uses } from './use'

/** Registers the handler of an event, or of the messages of one kind. One handler per event and kind. */
export interface Upon {
  <A extends readonly unknown[]>(event: UponEvent<A>, handler: NoInfer<(...attributes: A) => void>): void
  <A extends readonly unknown[], K extends KindOf<A>>(
    event: UponEvent<A>,
    kind: K,
    handler: NoInfer<(...attributes: OfKind<A, K>) => void>,
  ): void
}

/** The book's two rules: `upon condition do`, and `upon exists w such that`. */
export interface When {
  /** Tested again after each event of this instance, until no condition holds. The action must end its condition. */
  (condition: () => boolean, action: () => void): void
  /** `find` returns a witness of what it looks for, or `undefined` if there is none. The action gets the witness, and must end what was found. */
  <W extends Witness>(find: () => W | undefined, action: (witness: W) => void): void
}

/** What every algorithm knows of its instance, whatever it implements and uses. */
export interface InstanceContext<Parameters, Options> {
  readonly self: ProcessId
  /** Π, by increasing rank. */
  readonly processes: readonly ProcessId[]
  rank(p: ProcessId): number
  /** How many of Π may be faulty: as the host says; by default, the most that the algorithm's resilience allows. */
  readonly f: number
  /** The first leader, which all processes trust at first: the process of the highest rank. */
  readonly l0: ProcessId
  readonly parameters: Parameters
  readonly options: Options
}

/** The control forms of an algorithm: those of the book, and no others. */
export interface Control {
  readonly upon: Upon
  readonly when: When
  /** Ends the instance: it handles no event from now on. */
  halt(): void
}

/** What an algorithm implements, by the name of its instance. */
export type Implements = Readonly<Record<string, Abstraction<Module>>>

type PortsAbove<I extends Implements> = { readonly [N in keyof I]: Inside<ModuleOf<I[N]>> }
type PortsBelow<U extends Uses> = {
  readonly [N in keyof U]: U[N] extends Many<infer L, infer _K>
    ? Family<ModuleOf<L>, PayloadOf<L>, IndexOf<U[N]>>
    : Outside<ModuleOf<LayerOf<U[N]>>, PayloadOf<LayerOf<U[N]>>>
}

export type ParametersOf<I extends Implements> = ParametersIn<ModuleOf<I[keyof I]>, Payload>

/** Everything that an algorithm sees: its ports by the names that it gave them, its state, its instance, and the control forms. */
export type Context<I extends Implements, U extends Uses, S, O> = PortsAbove<I> &
  PortsBelow<U> &
  InstanceContext<ParametersOf<I>, O> &
  Control & { readonly state: S }
