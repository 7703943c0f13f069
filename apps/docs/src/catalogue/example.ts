import { type Catalogue, type CatalogueAlgorithm, type CatalogueModule, eventsOf } from './catalogue'
import { type AnyAbstraction, suppliedBelow } from './layers'

/** How a module is supplied to an algorithm in an example: what is imported for it, and the expression. */
export interface Supplier {
  readonly module: string
  readonly imports: { readonly specifier: string; readonly name: string }
  /** What is needed once for all processes, before them. */
  readonly before?: string
  readonly expression: string
}

/** A program that runs an algorithm in three processes; `undefined` where no package of ours supplies what it needs. */
export function exampleOf(
  catalogue: Catalogue,
  algorithm: CatalogueAlgorithm,
  module: CatalogueModule,
  suppliers: readonly Supplier[],
): string | undefined {
  const needed = suppliedBelow(algorithm.value)
  const supply = needed.map(({ name }) => suppliers.find((each) => each.module === name))
  if (module.declaration.hasParameters || supply.includes(undefined)) return undefined
  const supplied = supply as Supplier[]
  return [
    ...importLines(algorithm, supplied),
    '',
    ...new Set(supplied.flatMap(({ before }) => before ?? [])),
    `const processes = ['p', 'q', 'r']`,
    'const running = processes.map((self) => {',
    `  const process = new Process({ self, processes, supply: [${supplied.map(({ expression }) => expression).join(', ')}] })`,
    `  const ${algorithm.value.instance} = process.run(${algorithm.name}${carriesSomething(catalogue, module) ? '.of<string>()' : ''})`,
    ...Object.entries(module.facts.indications).map((indication) => subscription(algorithm.value.instance, indication)),
    `  return { process, ${algorithm.value.instance} }`,
    '})',
    ...triggers(algorithm.value.instance, module.facts),
    'for (const { process } of running) process.stop()',
  ].join('\n')
}

function importLines(algorithm: CatalogueAlgorithm, supplied: readonly Supplier[]): string[] {
  const imports = new Map<string, Set<string>>()
  const add = (specifier: string, name: string) => imports.set(specifier, (imports.get(specifier) ?? new Set()).add(name))
  add(algorithm.specifier, algorithm.name)
  add('@upon/runtime', 'Process')
  for (const { imports: each } of supplied) add(each.specifier, each.name)
  return [...imports]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([specifier, names]) => `import { ${[...names].sort().join(', ')} } from '${specifier}'`)
}

const subscription = (instance: string, [name, attributes]: [string, readonly string[]]): string => {
  const told = attributes.length > 0 ? `, ${attributes.join(', ')}` : ''
  return `  process.upon(${instance}.${name}, (${attributes.join(', ')}) => console.log(self, '${name}'${told}))`
}

/** Whether the module carries something for its user: then an event has it among its attributes. */
const carriesSomething = (catalogue: Catalogue, module: CatalogueModule): boolean =>
  [...eventsOf(catalogue, module).values()].some(({ attributes }) => attributes.some(({ type }) => type.includes(`this['payload']`)))

/** Where requests are answered by returns, as of a register, one process asks; otherwise all do. Nothing where nothing can be asked. */
function triggers(instance: string, { requests, indications }: AnyAbstraction): string[] {
  const asked = Object.entries(requests as Readonly<Record<string, readonly string[]>>).find(([, attributes]) => attributes.length > 0)
  if (asked === undefined) return []
  const [name, attributes] = asked
  const call = `${instance}.${name}(${attributes.map(argument).join(', ')})`
  return Object.keys(indications).some((each) => each.endsWith('Return'))
    ? [`running[0]?.${call}`]
    : [`for (const { ${instance} } of running) ${call}`]
}

const argument = (attribute: string): string => (attribute === 'q' ? `'q'` : `'hello'`)
