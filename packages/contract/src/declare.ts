import type { Algorithm, Replaceable, Replaced, Replacements, Sound, Specification } from './algorithm'
import { type Assumptions, type ProcessFailures, tolerates, wrongAssumptions } from './assumptions'
import type { Context, Implements } from './context'
import type { Abstraction, Layer, ModuleOf } from './layer'
import type { Module } from './module'
import { checkLayerName, misuse } from './names'
import { isAlgorithm, moduleOf } from './stack'
import { isUse, type Use, type Uses, useOf } from './use'

/** Declares an algorithm: what it implements, uses and keeps, and then how it handles each event. */
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
  if (name === instance) throw misuse(`${where}: it implements '${name}' and uses another: give the layer another name`)
  if (!isLayer(use) && !isLayer((use as Use | undefined)?.layer)) throw misuse(`${where}: what it uses as '${name}' is not a layer`)
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

/** Over any layer, a family stays a family, a shared instance stays shared, and a checked use stays checked. */
function replace(algorithm: string, uses: Declared['uses'], layers: Uses): Declared['uses'] {
  const replaced = { ...uses }
  for (const [name, given] of Object.entries<Layer<Module> | Use | undefined>(layers)) {
    const use = Object.hasOwn(uses, name) ? uses[name] : undefined
    if (use === undefined) throw misuse(`${algorithm}.over: it uses no '${name}', but ${Object.keys(uses).join(', ') || 'nothing'}`)
    if (given === undefined) continue
    const layer = typeof given === 'object' && given !== null && isUse(given) ? given.layer : given
    if (!isLayer(layer)) throw misuse(`${algorithm}.over: '${name}' is not a layer`)
    const [was, is] = [moduleOf(use.layer), moduleOf(layer)]
    if (eventsOf(was).some((event) => !eventsOf(is).includes(event)))
      throw misuse(`${algorithm}.over: '${name}' is a ${was.name}, which a ${is.name} cannot replace`)
    replaced[name] = { ...use, ...(isUse(given) ? given : { layer }) }
  }
  return replaced
}

const eventsOf = ({ requests, indications, queries }: Abstraction<Module>) => Object.keys({ ...requests, ...indications, ...queries })

/**
 * The same algorithm over stronger layers, where it implements a stronger module. The book does this five times: over uniform layers an
 * algorithm is uniform. As with any algorithm, it is the author who claims that the result guarantees more.
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
