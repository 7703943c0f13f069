import { allExports, allSources, type Exported, type SourceFile } from '../house'
import { contradictions } from './contradictions'
import { type AlgorithmDeclaration, algorithmsIn, type EventDeclaration, type ModuleDeclaration, modulesIn } from './declarations'
import { type Header, readHeader } from './header'
import { type AnyAbstraction, type AnyAlgorithm, isAbstraction, isAlgorithm } from './layers'
import { type Supplier, suppliersAmong } from './suppliers'

/** A module of the contract: its facts, its declaration, and where it is imported from. */
export interface CatalogueModule {
  /** The name of its file, and so of its page: `best-effort-broadcast`. */
  readonly slug: string
  readonly specifier: string
  /** The folder of the contract that it is in: `broadcast`. */
  readonly layer: string
  readonly facts: AnyAbstraction
  readonly declaration: ModuleDeclaration
  readonly algorithms: readonly CatalogueAlgorithm[]
}

/** An algorithm: itself, its source and what its header says. */
export interface CatalogueAlgorithm {
  /** What is imported: `BasicBroadcast`. */
  readonly name: string
  readonly specifier: string
  readonly value: AnyAlgorithm
  readonly declaration: AlgorithmDeclaration
  readonly header: Header
}

export interface Catalogue {
  /** In the order of the book, ports last. */
  readonly modules: readonly CatalogueModule[]
  readonly suppliers: readonly Supplier[]
}

/** Something in the sources is not as the catalogue needs it. */
export class CatalogueError extends Error {
  override readonly name = 'CatalogueError'
  constructor(readonly problems: readonly string[]) {
    super(`the catalogue cannot be made:\n${problems.map((problem) => `  ${problem}`).join('\n')}`)
  }
}

let reading: Promise<Catalogue> | undefined

/** Reads all packages once, and throws a {@link CatalogueError} that lists whatever is missing or contradicts itself. */
export function readCatalogue(): Promise<Catalogue> {
  reading ??= allExports().then((exported) => makeCatalogue(exported, allSources()))
  return reading
}

/** The package whose modules are in the catalogue. An implementation of any other module, such as the node's application, is not an algorithm of the book. */
const CONTRACT = '@upon/contract'

/** The catalogue of what is exported, with its sources. */
export function makeCatalogue(exported: readonly Exported[], sources: readonly SourceFile[]): Catalogue {
  const problems: string[] = []
  const ofContract = exported.filter(({ specifier }) => specifier === CONTRACT)
  const known = new Set(ofContract.map(({ value }) => value))
  const ofModules = exported.filter(({ value }) => isAlgorithm(value) && known.has(value.abstraction))
  const algorithms = describeAlgorithms(ofModules, sources.flatMap(algorithmsIn), problems)
  const modules = describeModules(ofContract, sources.flatMap(modulesIn), algorithms, problems)
  if (problems.length > 0) throw new CatalogueError(problems)
  return { modules: inBookOrder(modules), suppliers: suppliersAmong(exported, sources) }
}

function describeAlgorithms(
  exported: readonly Exported[],
  declarations: readonly AlgorithmDeclaration[],
  problems: string[],
): CatalogueAlgorithm[] {
  return uniqueValues(exported, isAlgorithm).flatMap(({ name, specifier, value }) => {
    const found = declarations.filter((declaration) => declaration.name === name)
    const [declaration] = found
    if (declaration === undefined || found.length > 1) {
      problems.push(
        `${name} of ${specifier}: ${found.length} files say \`export const ${name} = algorithm(\` or \`restate(\`, and one should`,
      )
      return []
    }
    try {
      const header = readHeader(declaration.header)
      problems.push(...contradictions(header, value).map((wrong) => `${declaration.path}: the header of ${name} ${wrong}`))
      return [{ name, specifier, value, declaration, header }]
    } catch (error) {
      problems.push(`${declaration.path}: the header of ${name} ${(error as Error).message}`)
      return []
    }
  })
}

function describeModules(
  exported: readonly Exported[],
  declarations: readonly ModuleDeclaration[],
  algorithms: readonly CatalogueAlgorithm[],
  problems: string[],
): CatalogueModule[] {
  return uniqueValues(exported, isAbstraction).flatMap(({ name, specifier, value: facts }) => {
    const declaration = declarations.find((each) => each.name === name)
    if (declaration === undefined) {
      problems.push(`${name} of ${specifier}: no file says \`export interface ${name} extends Module\` with what it guarantees`)
      return []
    }
    for (const property of Object.entries(facts.properties)) problems.push(...aboutProperty(name, property))
    if (declaration.comment === '') problems.push(`${declaration.path}: ${name} has no doc comment`)
    return {
      slug: declaration.path.split('/').at(-1)?.replace(/\.ts$/, '') ?? '',
      specifier,
      layer: declaration.path.split('/').at(-2) ?? '',
      facts,
      declaration,
      algorithms: algorithms.filter(({ value }) => value.abstraction === facts),
    }
  })
}

function aboutProperty(module: string, [number, words]: [string, string]): string[] {
  const { name, kinds } = readProperty(words)
  if (name !== '' && kinds.length > 0) return []
  return [`${module}: ${number} should read "Name: what holds (safety)." or (liveness), not "${words}"`]
}

/** A property in words, taken apart: `Validity: if ... (liveness).` */
export function readProperty(words: string): { readonly name: string; readonly text: string; readonly kinds: readonly string[] } {
  const [, name = '', text = '', kinds = ''] =
    /^([^:]+): (.*?)\s*\(((?:safety|liveness)(?:, (?:safety|liveness))*)\)\.?$/s.exec(words) ?? []
  return { name, text: text && `${text.charAt(0).toUpperCase()}${text.slice(1)}.`, kinds: kinds.split(', ').filter(Boolean) }
}

/** What several entry points export is counted once, under the shortest of their names. */
function uniqueValues<T>(
  exported: readonly Exported[],
  is: (value: unknown) => value is T,
): { readonly name: string; readonly specifier: string; readonly value: T }[] {
  const found = new Map<T, { readonly name: string; readonly specifier: string; readonly value: T }>()
  for (const { name, specifier, value } of exported) {
    if (!is(value)) continue
    const known = found.get(value)
    if (known === undefined || specifier.length < known.specifier.length) found.set(value, { name, specifier, value })
  }
  return [...found.values()]
}

/**
 * Where a module stands in the book: `Module 3.1, page 75` as [3, 1]. One that the book does not number stands before the first that
 * extends it, and a port at the end.
 */
function placeOf(module: CatalogueModule, modules: readonly CatalogueModule[]): readonly [chapter: number, number: number] {
  const [, chapter, number] = /Module (\d+)\.(\d+)/.exec(module.facts.source ?? '') ?? []
  if (chapter !== undefined) return [Number(chapter), Number(number)]
  const extending = modules.filter(({ declaration }) => declaration.extends.includes(module.facts.name))
  const [first] = extending.map((each) => placeOf(each, modules)).sort(comparePlaces)
  return first === undefined ? [Number.POSITIVE_INFINITY, 0] : [first[0], first[1] - 0.5]
}

const inBookOrder = (modules: readonly CatalogueModule[]): CatalogueModule[] =>
  modules
    .map((module) => ({ module, place: placeOf(module, modules) }))
    .sort((a, b) => comparePlaces(a.place, b.place) || a.module.facts.name.localeCompare(b.module.facts.name))
    .map(({ module }) => module)

const comparePlaces = (a: readonly [number, number], b: readonly [number, number]): number => compare(a[0], b[0]) || compare(a[1], b[1])

const compare = (a: number, b: number): number => (a < b ? -1 : a > b ? 1 : 0)

/** A module by its name; undefined for one that is not in the catalogue. */
export const moduleNamed = ({ modules }: Catalogue, name: string): CatalogueModule | undefined =>
  modules.find(({ facts }) => facts.name === name)

/** The modules that a module extends, directly or not: it may stand in the place of each. */
export const extendedBy = (catalogue: Catalogue, { declaration }: CatalogueModule): CatalogueModule[] =>
  declaration.extends.flatMap((name) => {
    const parent = moduleNamed(catalogue, name)
    return parent === undefined ? [] : [parent, ...extendedBy(catalogue, parent)]
  })

/** The events of a module, its own and those that it has from modules that it extends. */
export function eventsOf(catalogue: Catalogue, module: CatalogueModule): ReadonlyMap<string, EventDeclaration> {
  const declared = [module, ...extendedBy(catalogue, module)].map(({ declaration }) => declaration.events)
  return new Map(declared.reverse().flatMap((events) => [...events]))
}

/** The modules by layer, the layers in the order of their first module. */
export function layersOf({ modules }: Catalogue): { readonly layer: string; readonly modules: readonly CatalogueModule[] }[] {
  const layers = new Map<string, CatalogueModule[]>()
  for (const module of modules) layers.set(module.layer, [...(layers.get(module.layer) ?? []), module])
  return [...layers].map(([layer, inLayer]) => ({ layer, modules: inLayer }))
}
