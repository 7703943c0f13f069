import type { Catalogue, CatalogueAlgorithm, CatalogueModule } from './catalogue'
import { exampleOf, type Supplier } from './example'
import { suppliedBelow } from './layers'
import { block, code, prose, table } from './markup'
import { referenceAddress } from './module-page'
import { stackOf } from './stack'

/** The algorithms of a module side by side. */
export const algorithmTable = (algorithms: readonly CatalogueAlgorithm[]): string =>
  table(
    ['Algorithm', 'Model', 'Resilience', 'Cost', 'Source'],
    algorithms.map(({ value, header }) => [
      `[${prose(header.title)}](#${value.name})`,
      `[${value.assumes.model}](/guide/models#${value.assumes.model})`,
      resilience(value.assumes.resilience),
      prose(header.cost),
      prose(header.source),
    ]),
  )

/** `f < N/2`, which does not break. */
export const resilience = (bound: string): string => `<span class="nowrap"><i>${prose(bound)}</i></span>`

/** An algorithm: what its header says beside its code. */
export function algorithmSection(
  catalogue: Catalogue,
  module: CatalogueModule,
  algorithm: CatalogueAlgorithm,
  suppliers: readonly Supplier[],
): string {
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
    '#### Run it {.unlisted}',
    running(catalogue, module, algorithm, suppliers),
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

function running(
  catalogue: Catalogue,
  module: CatalogueModule,
  algorithm: CatalogueAlgorithm,
  suppliers: readonly Supplier[],
): string {
  const example = exampleOf(catalogue, algorithm, module, suppliers)
  if (example !== undefined) return block('ts', example)
  if (module.declaration.hasParameters)
    return 'Its instances are made by an algorithm above, with parameters; a process does not run it by itself.'
  const missing = suppliedBelow(algorithm.value).filter(({ name }) => !suppliers.some((supplier) => supplier.module === name))
  return `Its host must supply ${missing.map(({ name }) => code(name)).join(' and ')}: see [Ports and transports](/guide/write#supply).`
}
