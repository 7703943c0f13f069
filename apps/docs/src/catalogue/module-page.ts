import { algorithmSection, algorithmTable } from './algorithm-section'
import { type Catalogue, type CatalogueModule, eventsOf, extendedBy, readProperty } from './catalogue'
import type { EventDeclaration } from './declarations'
import { layersBelow } from './layers'
import { block, code, event, prose, table } from './markup'
import { moduleAddress, referenceAddress } from './stack'

/** What stands on the page of a module. */
export function modulePage(catalogue: Catalogue, module: CatalogueModule): string {
  const { facts, declaration, algorithms } = module
  return [
    `# ${facts.name}`,
    `<p class="lead">${prose(introduction(declaration.comment))}</p>`,
    factLine(module),
    '## Events',
    eventTable(catalogue, module),
    '## Properties',
    propertyTable(module),
    '## Among the modules',
    relations(catalogue, module),
    '## Algorithms',
    algorithms.length > 0 ? algorithmTable(algorithms) : nobodyYet(catalogue, module),
    ...algorithms.map((algorithm, i) => algorithmSection(catalogue, module, algorithm, i === 0)),
    '## The type',
    `The module as a type, in ${code(declaration.path)}. ${prose('A request goes down into it, an indication comes up; what it guarantees makes it another type than modules of the same shape.')}`,
    block('ts', declaration.code),
  ].join('\n\n')
}

/** A comment without the number and page that begin it: they stand by themselves. */
export const introduction = (comment: string): string => {
  const text = comment.replaceAll(/\n(?!\n)/g, ' ').replace(/^Module \d+\.\d+, page \d+: /, '')
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function factLine({ facts, specifier }: CatalogueModule): string {
  const facts_ = [
    facts.source ?? 'Not a numbered module of the book',
    `instance ${code(facts.instance)}`,
    code(`import { ${facts.name} } from '${specifier}'`),
    `[reference](${referenceAddress(specifier, facts.name)})`,
  ]
  return `<div class="facts">\n\n${facts_.join(' · ')}\n\n</div>`
}

function eventTable(catalogue: Catalogue, module: CatalogueModule): string {
  const events = eventsOf(catalogue, module)
  const rows = (['requests', 'indications'] as const).flatMap((direction) =>
    Object.entries(module.facts[direction] as Readonly<Record<string, readonly string[]>>).map(([name, attributes]) => {
      const declared = events.get(name)
      return [
        direction === 'requests' ? 'Request' : 'Indication',
        event(module.facts.instance, name, attributes),
        code(inTypeScript(module.facts.instance, name, attributes, declared)),
        prose(declared?.comment ?? ''),
      ]
    }),
  )
  const hasNotes = rows.some(([, , , note]) => note !== '')
  return table(
    ['', 'Event', 'In TypeScript', ...(hasNotes ? [''] : [])],
    rows.map((row) => row.slice(0, hasNotes ? 4 : 3)),
  )
}

/** How a user of the module writes it: a call for a request, a reaction for an indication; `M` is what it carries. */
function inTypeScript(instance: string, name: string, attributes: readonly string[], declared: EventDeclaration | undefined): string {
  const typed = attributes.map((attribute, i) => {
    const type = declared?.attributes[i]?.type.replaceAll(`this['payload']`, 'M')
    return type === undefined ? attribute : `${attribute}: ${type}`
  })
  return declared?.direction === 'indication'
    ? `upon(${instance}.${name}, (${typed.join(', ')}) => …)`
    : `${instance}.${name}(${typed.join(', ')})`
}

function propertyTable({ facts }: CatalogueModule): string {
  const rows = Object.entries(facts.properties).map(([number, words]) => {
    const { name, text, kinds } = readProperty(words)
    const badges = kinds.map((kind) => `<span class="kind ${kind}">${kind}</span>`).join(' ')
    return [`<a id="${number.toLowerCase()}"></a>**${number}**`, `*${prose(name)}.* ${prose(text)}`, badges]
  })
  return rows.length > 0 ? table(['', 'Property', ''], rows) : 'None is promised: it is a hint.'
}

function relations(catalogue: Catalogue, module: CatalogueModule): string {
  const name = module.facts.name
  const links = (names: readonly string[]) => names.map((each) => `[${each}](${moduleAddress(catalogue, each)})`).join(', ')
  const above = extendedBy(catalogue, module).map(({ facts }) => facts.name)
  const stronger = catalogue.modules.filter((each) => extendedBy(catalogue, each).includes(module)).map(({ facts }) => facts.name)
  const users = catalogue.modules.flatMap(({ slug, algorithms }) =>
    algorithms
      .filter(({ value }) => layersBelow(value).some(({ abstraction }) => abstraction.name === name))
      .map(({ header, value }) => `[${header.title}](/catalogue/${slug}#${value.name})`),
  )
  const hosts = catalogue.suppliers.filter((supplier) => supplier.module === name)
  const lines = [
    above.length > 0 ? `It guarantees all that ${links([...new Set(above)])} guarantees, and more: it may stand in its place.` : '',
    stronger.length > 0 ? `Instead of it you can use ${links(stronger)}, which guarantees more.` : '',
    users.length > 0 ? `Used by: ${users.join(', ')}.` : 'No algorithm here uses it.',
    hosts.length > 0
      ? `Supplied by: ${hosts.map(({ imports }) => `${code(imports.name)} of [${imports.specifier}](${referenceAddress(imports.specifier, imports.name)})`).join(', ')}.`
      : '',
  ]
  return lines
    .filter((line) => line !== '')
    .map((line) => `- ${line}`)
    .join('\n')
}

const nobodyYet = ({ suppliers }: Catalogue, { facts }: CatalogueModule): string =>
  suppliers.some(({ module }) => module === facts.name)
    ? 'None: it comes from outside, as a port or a network that the host supplies.'
    : 'None yet in this project. The module is there for you to implement.'
