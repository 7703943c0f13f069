import type { Attributes, Event, KindOf, OfKind, ProcessId } from './event'
import type { Abstraction, IndexOf, Layer, LayerOf, Many, ModuleOf, NeedsOf, PayloadOf, Shared, Use, Uses } from './layer'
import type { Family, Inside, Module, Outside, Parameters, Payload } from './module'
import { checkLayerName, misuse } from './names'

/** The book's system models, as far as an algorithm here assumes one. */
export type Model = 'fail-stop' | 'fail-noisy' | 'fail-silent' | 'fail-recovery' | 'fail-arbitrary'

/** What an algorithm assumes: the model, and how many of the N processes may fail. */
export interface Assumptions {
  readonly model: Model
  readonly resilience: 'f < N' | 'f < N/2' | 'f < N/3'
}

/** Registers what to do upon an event; for messages, upon those of one kind. One handler an event and kind. */
export interface Upon {
  <A extends Attributes>(event: Event<A>, handler: (...attributes: NoInfer<A>) => void): void
  <A extends Attributes, K extends KindOf<A>>(event: Event<A>, kind: K, handler: (...attributes: OfKind<NoInfer<A>, K>) => void): void
}

/** What every algorithm has, whatever it implements and uses. */
export interface Surroundings<Parameter, Options> {
  readonly self: ProcessId
  /** Π, by increasing rank. */
  readonly processes: readonly ProcessId[]
  rank(p: ProcessId): number
  readonly parameters: Parameter
  readonly options: Options
}

/** The control forms of an algorithm: the book's, and no more. */
export interface Control {
  readonly upon: Upon
  /** `upon condition do`: tested again after each event of this instance, until no condition holds. The action must end its condition. */
  when(condition: () => boolean, action: () => void): void
  /** For an instance that others share: run when another user joins; what is indicated here goes to the newcomer alone. */
  welcome(action: () => void): void
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

type ParametersOf<I extends Implements> = Parameters<ModuleOf<I[keyof I]>, Payload>

/** All that an algorithm sees: its ports by the names it gave them, its state, its surroundings, and the control forms. */
export type Context<I extends Implements, U extends Uses, S, O> = PortsAbove<I> &
  PortsBelow<U> &
  Surroundings<ParametersOf<I>, O> &
  Control & { readonly state: S }

/** An algorithm's declaration: everything about it but what it does. */
export interface Specification<I extends Implements, U extends Uses, S extends object, O> {
  /** The algorithm's name in the book, in kebab-case. */
  readonly name: string
  /** The one module that it implements, by the name of its instance: `{ beb: BestEffortBroadcast }`. */
  readonly implements: I
  /** The layers that it uses, by the names of their instances; an algorithm given here is the default for its module. */
  readonly uses: U
  readonly assumes: Assumptions
  /** Settings with their defaults; `with()` changes them. */
  readonly options?: O
  /** The state at ⟨Init⟩: one plain record, so that it can be shown, copied and compared. */
  readonly state?: (surroundings: Surroundings<ParametersOf<I>, O>) => S
}

/** An algorithm with its layers: runs in any process that supplies what `N` names. */
export interface Algorithm<M extends Module, U extends Uses = Uses, O = unknown, P = unknown> extends Layer<M, NeedsBelow<U>, P> {
  readonly sort: 'algorithm'
  readonly name: string
  readonly instance: string
  readonly abstraction: Abstraction<M>
  readonly uses: U
  readonly options: O
  readonly assumes: Assumptions
  readonly state: (surroundings: Surroundings<unknown, unknown>) => object
  readonly behaviour: (context: never) => void
  /** This algorithm carrying `Q` for its user. A matter of types only. */
  of<Q>(): Algorithm<M, U, O, Q>
  /** This algorithm over other layers than its defaults. Each must guarantee what the replaced one does. */
  over<R extends Replacements<U>>(layers: R): Algorithm<M, Replaced<U, R>, O, P>
  /** This algorithm with other settings. */
  with(options: Partial<O>): Algorithm<M, U, O, P>
}

type NeedsBelow<U extends Uses> = { [N in keyof U]: NeedsOf<LayerOf<U[N]>> }[keyof U]
/** A shared layer may be replaced by one that is shared under a name of its own: `shared(X, 'name')`. */
type Replacements<U extends Uses> = { readonly [N in keyof U]?: Replacement<U[N], Layer<ModuleOf<LayerOf<U[N]>>>> }
type Replacement<Old extends Use, L extends Layer<Module>> = Old extends Shared<Layer<Module>> ? L | Shared<L> : L
type Replaced<U extends Uses, R> = {
  readonly [N in keyof U]: N extends keyof R ? (R[N] extends Layer<Module> | Shared<Layer<Module>> ? R[N] : U[N]) : U[N]
}

/** Declares an algorithm: what it implements, uses and keeps, and then what it does upon each event. */
export function algorithm<I extends Implements, U extends Uses, S extends object, O = unknown>(
  specification: Specification<I, U, S, O>,
  behaviour: (context: Context<I, U, S, O>) => void,
): Algorithm<ModuleOf<I[keyof I]>, U, O> {
  const where = `algorithm ${specification.name}`
  const [[instance, implemented] = [], ...others] = Object.entries(specification.implements)
  if (instance === undefined || implemented === undefined) throw misuse(`${where} implements no module`)
  if (others.length > 0) throw misuse(`${where} implements ${others.length + 1} modules: an algorithm implements one`)
  checkLayerName(where, instance)
  for (const [name, use] of Object.entries(specification.uses)) checkUse(where, name, use, instance)
  return assemble({
    ...specification,
    instance,
    abstraction: implemented,
    options: specification.options,
    state: specification.state ?? (() => ({})),
    behaviour,
  }) as never
}

function checkUse(where: string, name: string, use: unknown, instance: string): void {
  checkLayerName(where, name)
  if (name === instance) throw misuse(`${where}: it implements '${name}' and uses another: give one of them another name`)
  if (typeof use !== 'object' || use === null || !('sort' in use)) throw misuse(`${where}: what it uses as '${name}' is no layer`)
}

type Parts = Omit<Algorithm<Module>, 'sort' | 'of' | 'over' | 'with' | keyof Layer<Module>>

function assemble(parts: object): Algorithm<Module> {
  const { name, uses, options } = parts as Parts
  const made: Algorithm<Module> = {
    ...(parts as Parts),
    sort: 'algorithm',
    of: () => made as never,
    over: (layers) => assemble({ ...parts, uses: replace(name, uses, layers as Uses) }) as never,
    with: (changed) => assemble({ ...parts, options: change(name, options as object, changed as object) }) as never,
  }
  return made
}

function change(algorithm: string, options: object | undefined, changed: object): object {
  const all = (options ?? {}) as Readonly<Record<string, unknown>>
  for (const [option, value] of Object.entries(changed)) {
    if (!Object.hasOwn(all, option))
      throw misuse(`${algorithm}.with: it has no '${option}', but ${Object.keys(all).join(', ') || 'nothing'}`)
    const sort = typeof all[option]
    if (typeof value !== sort) throw misuse(`${algorithm}.with: ${option}: expected a ${sort}, found a ${typeof value}`)
  }
  return { ...all, ...changed }
}

/** A family stays a family, and a shared instance shared, over whatever layer. */
function replace(algorithm: string, uses: Uses, layers: Uses): Uses {
  for (const [name, layer] of Object.entries(layers)) {
    if (!Object.hasOwn(uses, name))
      throw misuse(`${algorithm}.over: it uses no '${name}', but ${Object.keys(uses).join(', ') || 'nothing'}`)
    if (layer === undefined) continue
    if (typeof layer !== 'object' || layer === null || !('sort' in layer)) throw misuse(`${algorithm}.over: '${name}' is no layer`)
    const [was, given] = [moduleIn(uses[name] as Use), moduleIn(layer)]
    if (eventsOf(was).some((event) => !eventsOf(given).includes(event)))
      throw misuse(`${algorithm}.over: '${name}' is a ${was?.name}, which a ${given?.name} does not replace`)
  }
  const replaced = Object.entries(uses).map(([name, use]) => {
    const layer = layers[name]
    if (layer === undefined) return [name, use]
    return [name, isWrapped(use) && !isWrapped(layer) ? { ...use, layer } : layer]
  })
  return Object.fromEntries(replaced)
}

/** The module that a layer gives, which is in one of these fields. */
function moduleIn(use: Use): Abstraction<Module> | undefined {
  const { layer, abstraction, guarantees, ...own } = use as Readonly<Record<string, never>>
  if (layer !== undefined) return moduleIn(layer)
  return abstraction ?? guarantees ?? (own as never)
}

const eventsOf = (module: Abstraction<Module> | undefined) => Object.keys({ ...module?.requests, ...module?.indications })

const isWrapped = (use: Use) => 'sort' in use && (use.sort === 'many' || use.sort === 'shared')
