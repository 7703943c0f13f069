import { modelOf } from '@upon/contract'
import { resilience } from './algorithm-section'
import { type Catalogue, type CatalogueModule, layersOf } from './catalogue'
import { code, event, prose } from './markup'
import type { Supplier } from './suppliers'

/** The headings of the layers, by their folders in the contract. Another one is headed by its folder's name. */
const TITLES: Readonly<Record<string, string>> = {
  links: 'Links',
  fd: 'Failure detectors and leaders',
  broadcast: 'Broadcast',
  register: 'Shared memory',
  consensus: 'Consensus',
  agreement: 'Agreement',
  ports: 'Ports',
}

export const titleOf = (layer: string): string => TITLES[layer] ?? layer.charAt(0).toUpperCase() + layer.slice(1)

/** The table of contents: every module with its events, and a row for each of its algorithms. */
export const contents = (catalogue: Catalogue): string =>
  layersOf(catalogue)
    .flatMap(({ layer, modules }) => [
      `## ${titleOf(layer)} {#${layer}}`,
      ...modules.map((module) => moduleRow(module, catalogue.suppliers)),
    ])
    .join('\n\n')

/** All modules by layer, and how many algorithms each has: for the first page. */
export const summary = (catalogue: Catalogue): string => {
  const item = ({ slug, facts, algorithms }: CatalogueModule) => {
    const count = algorithms.length > 0 ? ` <span class="count" title="algorithms">${algorithms.length}</span>` : ''
    return `<li><a href="/catalogue/${slug}">${facts.name}</a>${count}</li>`
  }
  const layers = layersOf(catalogue).map(
    ({ layer, modules }) => `<div><h3>${titleOf(layer)}</h3><ul>${modules.map(item).join('')}</ul></div>`,
  )
  const algorithms = catalogue.modules.reduce((sum, module) => sum + module.algorithms.length, 0)
  const counted = `${catalogue.modules.length} modules and ${algorithms} algorithms, in the order of the book. The number beside a module says how many algorithms implement it here.`
  return `${counted}\n\n<div class="summary">${layers.join('')}</div>`
}

/** Why there is no algorithm: because it comes from outside, or because nobody has written one. */
function fromOutside(suppliers: readonly Supplier[], module: string): string {
  const names = suppliers.filter((supplier) => supplier.module === module).map(({ imports }) => code(imports.name))
  return names.length > 0 ? `Supplied from outside: ${names.join(', ')}.` : 'No algorithm here yet.'
}

function moduleRow({ facts, slug, algorithms }: CatalogueModule, suppliers: readonly Supplier[]): string {
  const events = [...Object.entries(facts.requests), ...Object.entries(facts.indications)] as [string, readonly string[]][]
  const head = `<p class="module"><a href="/catalogue/${slug}">${facts.name}</a> <span class="source">${prose(facts.source ?? '')}</span></p>`
  const all = `<p class="events">${events.map(([name, attributes]) => event(facts.instance, name, attributes)).join(' ')}</p>`
  const rows = algorithms.map(
    ({ header, value }) =>
      `<tr><td><a href="/catalogue/${slug}#${value.name}">${prose(header.title)}</a></td><td>${modelOf(value.assumes)}</td><td>${resilience(value.assumes.resilience)}</td><td>${prose(header.cost)}</td></tr>`,
  )
  const implemented =
    rows.length > 0
      ? `<table><thead><tr><th>Algorithm</th><th>Model</th><th>Resilience</th><th>Cost</th></tr></thead><tbody>${rows.join('')}</tbody></table>`
      : `<p class="none">${fromOutside(suppliers, facts.name)}</p>`
  return `<div class="entry">${head}${all}${implemented}</div>`
}
