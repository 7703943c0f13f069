import { modelOf } from '@upon/contract'
import type { Catalogue, CatalogueAlgorithm, CatalogueModule } from './catalogue'
import { exampleOf } from './example'
import { block, code, prose, table } from './markup'
import { entryOf, runsOf } from './proof'
import { referenceAddress, stackOf } from './stack'

/** The algorithms of a module side by side. */
export const algorithmTable = (algorithms: readonly CatalogueAlgorithm[]): string =>
  table(
    ['Algorithm', 'Model', 'Resilience', 'Cost', 'Source'],
    algorithms.map(({ value, header }) => [
      `[${prose(header.title)}](#${value.name})`,
      `[${modelOf(value.assumes)}](/guide/models#${modelOf(value.assumes)})`,
      resilience(value.assumes.resilience),
      prose(header.cost),
      prose(header.source),
    ]),
  )

/** `f < N/2`, which does not break. */
export const resilience = (bound: string): string => `<span class="nowrap"><i>${prose(bound)}</i></span>`

/** An algorithm: what its header says beside its code. */
export function algorithmSection(catalogue: Catalogue, module: CatalogueModule, algorithm: CatalogueAlgorithm, isFirst = false): string {
  const { header, declaration, value } = algorithm
  return [
    `### ${header.title} {#${value.name}}`,
    '<div class="algorithm">',
    '<div class="words">',
    prose(header.summary),
    header.more === '' ? '' : prose(header.more),
    fields(algorithm),
    '#### Default stack {.unlisted}',
    stackOf(catalogue, value),
    '</div>',
    '<div class="code">',
    `<p class="file">${declaration.path}</p>`,
    block('ts', declaration.code),
    '</div>',
    '</div>',
    ...playground(algorithm, isFirst),
    '#### Run it {.unlisted}',
    running(catalogue, module, algorithm),
    ...proof(algorithm),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}

function fields({ header, value, name, specifier }: CatalogueAlgorithm): string {
  const options = Object.entries((value.options ?? {}) as Readonly<Record<string, unknown>>)
  const rows = [
    ['Implements', header.implements],
    ['Uses', header.uses],
    ['Assumes', header.assumes],
    ['Cost', header.cost],
    ['Memory', header.memory],
    ['Source', header.source],
    ['Departs from the text', header.departs],
    ['Settings', options.map(([option, by]) => `\`${option}\` (${JSON.stringify(by)})`).join(', ')],
  ] as const
  const described = rows
    .filter(([, text]) => text !== '')
    .map(([term, text]) => `<dt>${term}</dt>\n<dd>\n\n${text.split('\n').map(prose).map(unescapedItem).join('\n')}\n\n</dd>`)
  const reference = `<dt>Import</dt>\n<dd>\n\n${code(`import { ${name} } from '${specifier}'`)} · [reference](${referenceAddress(specifier, name)})\n\n</dd>`
  return `<dl class="fields">\n${[...described, reference].join('\n')}\n</dl>`
}

/** The items of a list inside a field stay a list, set off from the text before it. */
const unescapedItem = (line: string): string => (line.startsWith('- ') ? `\n${line}` : line)

function running(catalogue: Catalogue, module: CatalogueModule, algorithm: CatalogueAlgorithm): string {
  const example = exampleOf(catalogue, algorithm, module)
  if (example !== undefined) return block('ts', example)
  return 'Its instances are made by an algorithm above, which gives each what it starts with; a process does not run one by itself.'
}

/** The first algorithm of a page can be played with at once, the others when the reader asks for it. */
function playground(algorithm: CatalogueAlgorithm, isFirst: boolean): string[] {
  const entry = entryOf(algorithm)
  return entry === undefined ? [] : [`<Playground entry="${entry.name}"${isFirst ? '' : ' waits'} />`]
}

/** A run of it, and how to try more: for what is in the catalogue of tests. */
function proof(algorithm: CatalogueAlgorithm): string[] {
  const entry = entryOf(algorithm)
  if (entry === undefined) return []
  return [
    '#### A run {.unlisted}',
    runsOf(entry),
    '#### Test it {.unlisted}',
    `Over its default stack it assumes ${code(modelOf(entry.assumes))} and ${resilience(entry.assumes.resilience)}. Every property above, under ten thousand schedules with faults of their own:`,
    block('sh', `npm run sim -- ${entry.name} --runs 10000`),
    'The same suite, as tests of your own; it takes any implementation of the module:',
    block(
      'typescript',
      [
        `import { ${algorithm.name} } from '${algorithm.specifier}'`,
        `import { compliance } from '@upon/compliance'`,
        `import { ${algorithm.value.abstraction.name} } from '@upon/contract'`,
        `import { describe, it } from 'vitest'`,
        '',
        `compliance(${algorithm.value.abstraction.name}, { algorithm: ${algorithm.name}, describe, it })`,
      ].join('\n'),
    ),
  ]
}
