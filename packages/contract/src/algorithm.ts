import { type Assumptions, type ProcessFailures, type Tolerates, tolerates, wrongAssumptions } from './assumptions'
import type { KindOf, OfKind, ProcessId, UponEvent } from './event'
import type { Abstraction, Layer, ModuleOf, NeedsOf, PayloadOf, ToleratedBy } from './layer'
import type { Family, Inside, Module, Outside, ParametersIn, Payload, QueriesOf, Witness } from './module'
import { checkLayerName, misuse, type ReservedName } from './names'
import { isAlgorithm, moduleOf } from './stack'
import { type IndexOf, isUse, type LayerOf, type Many, type Shared, type Use, type Uses, useOf } from './use'

/** Registers what to do upon an event; for messages, upon those of one kind. One handler per event and kind. */
export interface Upon {
  <A extends readonly unknown[]>(event: UponEvent<A>, handler: (...attributes: NoInfer<A>) => void): void
  <A extends readonly unknown[], K extends KindOf<A>>(
    event: UponEvent<A>,
    kind: K,
    handler: (...attributes: OfKind<NoInfer<A>, K>) => void,
  ): void
}

/** The book's two rules: `upon condition do`, and `upon exists w such that`. */
export interface When {
  /** Tested again after each event of this instance, until no condition holds. The action must end its condition. */
  (condition: () => boolean, action: () => void): void
  /** `find` gives a witness of what it looks for, or `undefined` if there is none; the action gets it, and must end what was found. */
  <W extends Witness>(find: () => W | undefined, action: (witness: W) => void): void
}

/** What every algorithm knows of its instance, whatever it implements and uses. */
export interface InstanceContext<Parameters, Options> {
  readonly self: ProcessId
  /** Π, by increasing rank. */
  readonly processes: readonly ProcessId[]
  rank(p: ProcessId): number
  /** How many of Π may be faulty: what the host says, or else the most that the algorithm's resilience allows. */
  readonly f: number
  /** The first leader, whom all trust at first: the process of the highest rank. */
  readonly l0: ProcessId
  readonly parameters: Parameters
  readonly options: Options
}

/** The control forms of an algorithm: the book's, and no more. */
export interface Control {
  readonly upon: Upon
  readonly when: When
  /** No reaction to anything from now on. */
  halt(): void
}

type Implements = Readonly<Record<string, Abstraction<Module>>>

type PortsAbove<I extends Implements> = { readonly [N in keyof I]: Inside<ModuleOf<I[N]>> }
type PortsBelow<U extends Uses> = {
  readonly [N in keyof U]: U[N] extends Many<infer L, infer _K>
    ? Family<ModuleOf<L>, PayloadOf<L>, IndexOf<U[N]>>
    : Outside<ModuleOf<LayerOf<U[N]>>, PayloadOf<LayerOf<U[N]>>>
}

type ParametersOf<I extends Implements> = ParametersIn<ModuleOf<I[keyof I]>, Payload>

/** All that an algorithm sees: its ports by the names it gave them, its state, its instance, and the control forms. */
export type Context<I extends Implements, U extends Uses, S, O> = PortsAbove<I> &
  PortsBelow<U> &
  InstanceContext<ParametersOf<I>, O> &
  Control & { readonly state: S }

/** An algorithm's declaration: everything about it but what it does. */
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
 * What must hold between the parts of a declaration: `unknown` where all is well, and else a sentence in the place of the part that is
 * wrong, which is the last line of what the compiler says. It mentions nothing that is inferred from a function.
 */
type Sound<I extends Implements, U extends Uses, F> = {
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
  /** What it uses, each in its one form, with the layers that were put in the place of its defaults. */
  readonly uses: Readonly<Record<string, Use>>
  readonly options: O
  readonly assumes: Assumptions<F>
  readonly state: (context: InstanceContext<never, never>) => object
  readonly behaviour: (context: never) => void
  /** This algorithm carrying `Q` for its user. A matter of types only. */
  of<Q>(): Algorithm<M, U, O, Q, F>
  /** This algorithm over other layers than its defaults. Each must guarantee what the replaced one does. */
  over<R extends Replacements<U>>(layers: R & Replaceable<U, R, F>): Algorithm<M, Replaced<U, R>, O, P, F>
  /** This algorithm with other settings. */
  with(options: Partial<O>): Algorithm<M, U, O, P, F>
}

type NeedsBelow<U extends Uses> = { [N in keyof U]: NeedsOf<LayerOf<U[N]>> }[keyof U]
/** A shared layer may be replaced by one that is shared under a name of its own: `shared(X, 'name')`. */
export type Replacements<U extends Uses> = { readonly [N in keyof U]?: Replacement<U[N], Layer<ModuleOf<LayerOf<U[N]>>>> }
type Replacement<Old, L extends Layer<Module>> = Old extends Shared<Layer<Module>> ? L | Shared<L> : L
type Replaceable<U extends Uses, R, F> = { readonly [N in keyof R]: N extends keyof U ? Tolerant<LayerOf<R[N]>, F> : never }
export type Replaced<U extends Uses, R> = {
  readonly [N in keyof U]: N extends keyof R ? (R[N] extends Layer<Module> | Shared<Layer<Module>> ? R[N] : U[N]) : U[N]
}

/** Declares an algorithm: what it implements, uses and keeps, and then what it does upon each event. */
export function algorithm<I extends Implements, U extends Uses, S extends object, O = unknown, F extends ProcessFailures = ProcessFailures>(
  specification: Specification<I, U, S, O, F> & Sound<I, U, F>,
  behaviour: (context: Context<I, U, S, O>) => void,
): Algorithm<ModuleOf<I[keyof I]>, U, O, unknown, F> {
  const { name, assumes, options, state = () => ({}) } = specification
  const where = `algorithm ${name}`
  const [[instance, abstraction] = [], ...others] = Object.entries<Abstraction<Module>>(specification.implements as I)
  if (instance === undefined || abstraction === undefined) throw misuse(`${where} implements no module`)
  if (others.length > 0) throw misuse(`${where} implements ${others.length + 1} modules: an algorithm implements one`)
  checkLayerName(where, instance)
  const given = specification.uses as Uses
  for (const [layer, use] of Object.entries(given)) checkUse(where, layer, use, instance)
  const uses = Object.fromEntries(Object.entries(given).map(([layer, use]) => [layer, useOf(use)]))
  const declared = declare({ name, instance, abstraction, uses, assumes, options, state, behaviour })
  return declared as unknown as Algorithm<ModuleOf<I[keyof I]>, U, O, unknown, F>
}

function checkUse(where: string, name: string, use: unknown, instance: string): void {
  checkLayerName(where, name)
  if (name === instance) throw misuse(`${where}: it implements '${name}' and uses another: give one of them another name`)
  if (!isLayer(use) && !isLayer((use as Use | undefined)?.layer)) throw misuse(`${where}: what it uses as '${name}' is no layer`)
}

const isLayer = (value: unknown): value is Layer<Module> => typeof value === 'object' && value !== null && 'sort' in value

/** What an algorithm is, without the types of its parts. */
type Declared = Omit<Algorithm<Module>, 'sort' | 'of' | 'over' | 'with' | keyof Layer<Module>>

function declare(parts: Declared): Algorithm<Module> {
  const { name, uses, options, assumes, abstraction } = parts
  const wrong = wrongAssumptions(assumes)
  if (wrong !== undefined) throw misuse(`algorithm ${name}: ${wrong}`)
  const [query] = Object.keys(abstraction.queries ?? {})
  if (query !== undefined) throw misuse(`algorithm ${name}: '${query}' is answered at once: only a port of the host can do that`)
  for (const [below, { layer }] of Object.entries(uses)) checkTolerance(parts, below, layer)
  const made: Algorithm<Module> = {
    ...parts,
    sort: 'algorithm',
    of: <Q>() => made as Algorithm<Module, Uses, unknown, Q>,
    over: ((layers: Uses) => declare({ ...parts, uses: replace(name, uses, layers) })) as Algorithm<Module>['over'],
    with: (changed) => declare({ ...parts, options: change(name, options ?? {}, changed) }),
  }
  return made
}

function checkTolerance({ name, assumes }: Declared, below: string, layer: Layer<Module>): void {
  if (isAlgorithm(layer) && !tolerates(layer.assumes.processes, assumes.processes))
    throw misuse(
      `algorithm ${name} tolerates '${assumes.processes}'; below it, as '${below}', ${layer.name} tolerates only '${layer.assumes.processes}'`,
    )
}

function change(algorithm: string, options: object, changed: object): object {
  const all = options as Readonly<Record<string, unknown>>
  for (const [option, value] of Object.entries(changed)) {
    if (!Object.hasOwn(all, option))
      throw misuse(`${algorithm}.with: it has no '${option}', but ${Object.keys(all).join(', ') || 'nothing'}`)
    const sort = typeof all[option]
    if (typeof value !== sort) throw misuse(`${algorithm}.with: ${option}: expected a ${sort}, found a ${typeof value}`)
  }
  return { ...all, ...changed }
}

/** A family stays a family, a shared instance shared, and what is checked is checked, over whatever layer. */
function replace(algorithm: string, uses: Declared['uses'], layers: Uses): Declared['uses'] {
  const replaced = { ...uses }
  for (const [name, given] of Object.entries<Layer<Module> | Use | undefined>(layers)) {
    const use = Object.hasOwn(uses, name) ? uses[name] : undefined
    if (use === undefined) throw misuse(`${algorithm}.over: it uses no '${name}', but ${Object.keys(uses).join(', ') || 'nothing'}`)
    if (given === undefined) continue
    const layer = typeof given === 'object' && given !== null && isUse(given) ? given.layer : given
    if (!isLayer(layer)) throw misuse(`${algorithm}.over: '${name}' is no layer`)
    const [was, is] = [moduleOf(use.layer), moduleOf(layer)]
    if (eventsOf(was).some((event) => !eventsOf(is).includes(event)))
      throw misuse(`${algorithm}.over: '${name}' is a ${was.name}, which a ${is.name} does not replace`)
    replaced[name] = { ...use, ...(isUse(given) ? given : { layer }) }
  }
  return replaced
}

const eventsOf = ({ requests, indications, queries }: Abstraction<Module>) => Object.keys({ ...requests, ...indications, ...queries })

/**
 * The same algorithm over stronger layers, of which it makes a stronger module, as the book says five times: over uniform layers it is
 * uniform. That the result guarantees more, its author says, as with any algorithm.
 */
export function restate<
  M extends Module,
  U extends Uses,
  O,
  P,
  F extends ProcessFailures,
  N extends M,
  R extends Replacements<U>,
  G extends ProcessFailures = F,
>(
  algorithm: Algorithm<M, U, O, P, F>,
  as: {
    readonly name: string
    readonly implements: Abstraction<N>
    readonly over: R & Replaceable<U, R, G>
    readonly assumes?: Assumptions<G>
  },
): Algorithm<N, Replaced<U, R>, O, P, G> {
  const { name, implements: abstraction, assumes = algorithm.assumes } = as
  const events = eventsOf(abstraction)
  if (eventsOf(algorithm.abstraction).some((event) => !events.includes(event)))
    throw misuse(`${name}: a ${abstraction.name} is no ${algorithm.abstraction.name}`)
  const { sort: _sort, of: _of, over: _over, with: _with, ...parts } = algorithm
  const uses = replace(name, algorithm.uses, as.over as Uses)
  return declare({ ...parts, name, abstraction, assumes, uses } as Declared) as unknown as Algorithm<N, Replaced<U, R>, O, P, G>
}
