import type { Assumptions, ProcessFailures, Tolerates } from './assumptions'
import type { Implements, InstanceContext, ParametersOf } from './context'
import type { Abstraction, Layer, ModuleOf, NeedsOf, ToleratedBy } from './layer'
import type { Module, ParametersIn, QueriesOf } from './module'
import type { ReservedName } from './names'
import type { LayerOf, Shared, Use, Uses } from './use'

/** An algorithm's declaration: everything about it except its behaviour. */
export interface Specification<I extends Implements, U extends Uses, S extends object, O, F extends ProcessFailures> {
  /** The algorithm's name in the book, in kebab-case. */
  readonly name: string
  /** The one module that it implements, by the name of its instance: `{ beb: BestEffortBroadcast }`. */
  readonly implements: I
  /** The layers that it uses, by the names of their instances; an algorithm given here is the default for its module. */
  readonly uses: U
  readonly assumes: Assumptions<F>
  /** Settings with their defaults; `with()` changes them. */
  readonly options?: O
  /** The state at ⟨Init⟩: one plain record, so that it can be shown, copied and compared. */
  readonly state?: (context: InstanceContext<ParametersOf<I>, O>) => S
}

/**
 * What must hold between the parts of a declaration: `unknown` if all is well, otherwise a sentence in the place of the wrong part. The
 * sentence is the last line of the compiler's message. The check mentions nothing that is inferred from a function.
 */
export type Sound<I extends Implements, U extends Uses, F> = {
  readonly implements: IsOne<keyof I> extends true ? { readonly [N in keyof I]: Implementable<ModuleOf<I[N]>> } : ImplementsOne
  readonly uses: { readonly [N in keyof U]: Usable<N, U[N], keyof I, F> }
}

type ImplementsOne = 'an algorithm implements exactly one module'
type IsOne<N> = [N] extends [never] ? false : true extends IsUnionOf<N, N> ? false : true
type IsUnionOf<N, All> = N extends unknown ? ([All] extends [N] ? false : true) : never

type Implementable<M> = [QueriesOf<M>] extends [never]
  ? unknown
  : `'${QueriesOf<M>}' is answered at once: only a port of the host can do that`

type Usable<N, U, Implemented, F> = N extends ReservedName
  ? `every algorithm has a '${N}' of its own: give the layer another name`
  : N extends Implemented & string
    ? `'${N}' is what the algorithm implements: give the layer another name`
    : U extends Use<Layer<Module>, 'many' | 'increasing'>
      ? Tolerant<LayerOf<U>, F>
      : unknown extends ParametersIn<ModuleOf<LayerOf<U>>, unknown>
        ? Tolerant<LayerOf<U>, F>
        : 'its instances have parameters: use a family of them, as in increasing(...)'

type Tolerant<L, F> =
  Tolerates<ToleratedBy<L>, F> extends true
    ? unknown
    : `below an algorithm that tolerates '${F & string}', a layer that tolerates only '${ToleratedBy<L> & string}'`

/** An algorithm with its layers: runs in any process that supplies what `N` names. */
export interface Algorithm<M extends Module, U extends Uses = Uses, O = unknown, P = unknown, F extends ProcessFailures = ProcessFailures>
  extends Layer<M, NeedsBelow<U>, P, F> {
  readonly sort: 'algorithm'
  readonly name: string
  readonly instance: string
  readonly abstraction: Abstraction<M>
  /** The layers that it uses, each in its normal form, with the replacements of its defaults. */
  readonly uses: Readonly<Record<string, Use>>
  readonly options: O
  readonly assumes: Assumptions<F>
  readonly state: (context: InstanceContext<never, never>) => object
  readonly behaviour: (context: never) => void
  /** This algorithm carrying `Q` for its user. It changes the types only. */
  of<Q>(): Algorithm<M, U, O, Q, F>
  /** This algorithm over other layers than its defaults. Each must guarantee as much as the layer that it replaces. */
  over<R extends Replacements<U>>(layers: R & Replaceable<U, R, F>): Algorithm<M, Replaced<U, R>, O, P, F>
  /** This algorithm with other settings. */
  with(options: Partial<O>): Algorithm<M, U, O, P, F>
}

type NeedsBelow<U extends Uses> = { [N in keyof U]: NeedsOf<LayerOf<U[N]>> }[keyof U]
/** A shared layer may be replaced by one that is shared under a name of its own: `shared(X, 'name')`. */
export type Replacements<U extends Uses> = { readonly [N in keyof U]?: Replacement<U[N], Layer<ModuleOf<LayerOf<U[N]>>>> }
type Replacement<Old, L extends Layer<Module>> = Old extends Shared<Layer<Module>> ? L | Shared<L> : L
export type Replaceable<U extends Uses, R, F> = { readonly [N in keyof R]: N extends keyof U ? Tolerant<LayerOf<R[N]>, F> : never }
export type Replaced<U extends Uses, R> = {
  readonly [N in keyof U]: N extends keyof R ? (R[N] extends Layer<Module> | Shared<Layer<Module>> ? R[N] : U[N]) : U[N]
}
