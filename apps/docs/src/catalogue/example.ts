import { type Catalogue, type CatalogueAlgorithm, type CatalogueModule, eventsOf } from './catalogue'
import { type AnyAbstraction, suppliedBelow } from './layers'
import type { Supplier } from './suppliers'

/**
 * A program that runs an algorithm in three processes: in memory where the packages supply what it needs, otherwise in the simulator.
 * `undefined` where it runs below another algorithm only, which gives its instances what they start with.
 */
export function exampleOf(catalogue: Catalogue, algorithm: CatalogueAlgorithm, module: CatalogueModule): string | undefined {
  if (module.declaration.hasParameters) return undefined
  const supply = suppliedBelow(algorithm.value).map(({ name }) => catalogue.suppliers.find((each) => each.module === name))
  const carried = `${algorithm.name}${carriesSomething(catalogue, module) ? '.of<string>()' : ''}`
  const lines = supply.includes(undefined) ? inSimulator : inMemory
  return lines(algorithm, module.facts, carried, supply as Supplier[]).join('\n')
}

type Lines = (algorithm: CatalogueAlgorithm, facts: AnyAbstraction, carried: string, supplied: readonly Supplier[]) => string[]

const inMemory: Lines = (algorithm, facts, carried, supplied) => {
  const { instance } = algorithm.value
  const before = [...new Set(supplied.flatMap(({ before }) => before ?? []))]
  return [
    ...importLines([algorithm, { specifier: '@upon/runtime', name: 'Process' }, ...supplied.map(({ imports }) => imports)]),
    '',
    ...before,
    `const processes = ['p', 'q', 'r']`,
    'const running = processes.map((self) => {',
    `  const process = new Process({ self, processes, supply: [${supplied.map(({ expression }) => expression).join(', ')}] })`,
    `  const ${instance} = process.run(${carried})`,
    ...subscriptions(instance, facts, 'self'),
    `  return { process, ${instance} }`,
    '})',
    ...triggers(instance, facts),
    'for (const { process } of running) process.stop()',
  ]
}

const inSimulator: Lines = (algorithm, facts, carried) => {
  const { instance } = algorithm.value
  const request = requestOf(facts)
  return [
    ...importLines([algorithm, { specifier: '@upon/simulator', name: 'simulate' }]),
    '',
    'const { end } = simulate<string>({',
    '  processes: 3,',
    '  seed: 1,',
    '  setup: (process) => {',
    `    const ${instance} = process.run(${carried})`,
    ...subscriptions(instance, facts, 'process.self').map((line) => `  ${line}`),
    ...(request === undefined
      ? ['    return undefined', '  },']
      : [
          '    return (operation, done) => {',
          `      ${instance}.${request.name}(${request.attributes.map((each) => (each === 'q' ? `'p2'` : 'operation')).join(', ')})`,
          '      done()',
          '    }',
          '  },',
          `  operations: [{ process: 'p1', afterMs: 0, operation: 'hello' }],`,
        ]),
    '})',
    'console.log(end)',
  ]
}

function importLines(all: readonly { readonly specifier: string; readonly name: string }[]): string[] {
  const imports = new Map<string, Set<string>>()
  for (const { specifier, name } of all) imports.set(specifier, (imports.get(specifier) ?? new Set()).add(name))
  return [...imports]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([specifier, names]) => `import { ${[...names].sort().join(', ')} } from '${specifier}'`)
}

const subscriptions = (instance: string, { indications }: AnyAbstraction, self: string): string[] =>
  Object.entries(indications as Readonly<Record<string, readonly string[]>>).map(([name, attributes]) => {
    const printed = attributes.length > 0 ? `, ${attributes.join(', ')}` : ''
    return `  process.upon(${instance}.${name}, (${attributes.join(', ')}) => console.log(${self}, '${name}'${printed}))`
  })

/** Whether the module carries something for its user: then an event has it among its attributes. */
const carriesSomething = (catalogue: Catalogue, module: CatalogueModule): boolean =>
  [...eventsOf(catalogue, module).values()].some(({ attributes }) => attributes.some(({ type }) => type.includes(`this['payload']`)))

/** The request that carries something: what an example asks for. */
function requestOf({ requests }: AnyAbstraction): { readonly name: string; readonly attributes: readonly string[] } | undefined {
  const all = Object.entries(requests as Readonly<Record<string, readonly string[]>>)
  const [name, attributes] = all.find(([, each]) => each.length > 0) ?? []
  return name === undefined || attributes === undefined ? undefined : { name, attributes }
}

/** What an example asks with: the first of these that the module does not refuse. */
const valueFor = ({ refuses }: AnyAbstraction, request: string): string =>
  ['hello', 'COMMIT'].find((value) => (refuses as Readonly<Record<string, Refusal>> | undefined)?.[request]?.(value) === undefined) ??
  'hello'

type Refusal = (value: string) => string | undefined

/** Where requests are answered by returns, as of a register, one process asks; otherwise all do. Nothing where nothing can be request. */
function triggers(instance: string, facts: AnyAbstraction): string[] {
  const request = requestOf(facts)
  if (request === undefined) return []
  const value = `'${valueFor(facts, request.name)}'`
  const call = `${instance}.${request.name}(${request.attributes.map((each) => (each === 'q' ? `'q'` : value)).join(', ')})`
  return Object.keys(facts.indications).some((each) => each.endsWith('Return'))
    ? [`running[0]?.${call}`]
    : [`for (const { ${instance} } of running) ${call}`]
}
