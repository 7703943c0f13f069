import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { catalogue as entries } from '@upon/catalogue'
import { modelOf } from '@upon/contract'
import type { Catalogue, CatalogueAlgorithm, CatalogueModule } from '../catalogue/catalogue'
import { root } from '../house'
import type { Facts } from '../playground/facts'
import { handlersIn, shownLines } from './handlers'
import { mutantFacts, mutantsOf, mutated } from './mutants'

const INDEX = 'virtual:playgrounds'
const FACTS = 'virtual:playground/'
const MUTANTS = 'virtual:mutants/'

/** A plugin of Vite, of whichever version. */
interface SitePlugin {
  readonly name: string
  readonly enforce: 'pre'
  readonly resolveId: (id: string) => string | undefined
  readonly load: (id: string) => string | undefined
}

interface Found {
  readonly module: CatalogueModule
  readonly algorithm: CatalogueAlgorithm
}

const plain = (text: string): string => text.replaceAll(/[`*]/g, '')

/** What the page needs of an entry, from its source and its tests. */
export function factsOf(name: string, { module, algorithm }: Found): Facts {
  const entry = entries.find((each) => each.name === name)
  if (entry === undefined) throw new Error(`there is no entry ${name}`)
  const file = algorithm.declaration.path
  const text = readFileSync(join(root, file), 'utf8')
  return {
    name,
    title: plain(algorithm.header.title) + (name === entry.algorithm.name ? '' : ` (${name})`),
    module: module.facts.name,
    slug: module.slug,
    source: plain(algorithm.header.source),
    model: modelOf(entry.assumes),
    resilience: entry.assumes.resilience,
    file,
    lines: shownLines(text),
    handlers: handlersIn(file, text),
    mutants: mutantsOf(name, file).map(mutantFacts),
  }
}

/** The entries of the tests' catalogue, each with its place in the catalogue of the site. */
export function foundEntries({ modules }: Catalogue): ReadonlyMap<string, Found> {
  const found = entries.flatMap(({ name, algorithm: value }): [string, Found][] => {
    for (const module of modules)
      for (const algorithm of module.algorithms) if (algorithm.value.name === value.name) return [[name, { module, algorithm }]]
    return []
  })
  return new Map(found)
}

/** Gives the page what is made of sources: `virtual:playgrounds`, and for each entry its facts and its algorithm with each wrong line. */
export function playgroundPlugin(catalogue: Catalogue): SitePlugin {
  const found = foundEntries(catalogue)
  const of = (name: string): Found => {
    const each = found.get(name)
    if (each === undefined) throw new Error(`there is no playground of ${name}`)
    return each
  }
  return {
    name: 'upon-playground',
    enforce: 'pre',
    resolveId: (id) => ([INDEX].includes(id) || id.startsWith(FACTS) || id.startsWith(MUTANTS) ? `\0${id}` : undefined),
    load: (id) => {
      if (id === `\0${INDEX}`) return indexCode([...found])
      if (id.startsWith(`\0${FACTS}`)) {
        const name = id.slice(FACTS.length + 1)
        return `export default ${JSON.stringify(factsOf(name, of(name)))}`
      }
      if (id.startsWith(`\0${MUTANTS}`)) return mutantsCode(id.slice(MUTANTS.length + 1), of)
      const [file = '', query = ''] = id.split('?')
      const [, name, index] = /^mutant=([\w-]+)&i=(\d+)&/.exec(query) ?? []
      if (name === undefined) return undefined
      const mutant = mutantsOf(name, of(name).algorithm.declaration.path)[Number(index)]
      if (mutant === undefined || !file.endsWith(mutant.file)) throw new Error(`there is no mutant ${id}`)
      return mutated(mutant)
    },
  }
}

function indexCode(found: readonly (readonly [string, Found])[]): string {
  const rows = found.map(([name, { module, algorithm }]) => {
    const facts = JSON.stringify({ name, title: plain(algorithm.header.title), module: module.facts.name, slug: module.slug })
    return `  { ...${facts}, facts: () => import('${FACTS}${name}'), mutants: () => import('${MUTANTS}${name}') },`
  })
  return `export default [\n${rows.join('\n')}\n]`
}

function mutantsCode(name: string, of: (name: string) => Found): string {
  const { algorithm } = of(name)
  const file = join(root, algorithm.declaration.path)
  const mutants = mutantsOf(name, algorithm.declaration.path)
  const imports = mutants.map((_, i) => `import { ${algorithm.name} as m${i} } from '${file}?mutant=${name}&i=${i}&.ts'`)
  return `${imports.join('\n')}\nexport default { ${mutants.map((mutant, i) => `${JSON.stringify(mutant.name)}: m${i}`).join(', ')} }`
}
