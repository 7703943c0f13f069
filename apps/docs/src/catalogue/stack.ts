import type { Sharing } from '@upon/contract'
import { type Catalogue, moduleNamed } from './catalogue'
import { type AnyAlgorithm, type Below, layersBelow } from './layers'
import { escaped } from './markup'

const WORDS: Readonly<Record<Sharing, string>> = {
  own: '',
  shared: 'one for the process',
  many: 'one for each name',
  increasing: 'one after the other',
}

/** `[x]`, for the instances of a family. */
const indexed = ({ instance, sharing }: Below): string => `${instance}${sharing === 'many' || sharing === 'increasing' ? '[ ]' : ''}`

/** The default stack of an algorithm, drawn as a tree: instance, module, and the algorithm or the host. */
export const stackOf = (catalogue: Catalogue, algorithm: AnyAlgorithm): string =>
  `<ul class="stack"><li>${layer(catalogue, algorithm.instance, algorithm.abstraction.name, algorithm, '')}</li></ul>`

function layer(catalogue: Catalogue, instance: string, module: string, algorithm: AnyAlgorithm | undefined, words: string): string {
  const below = algorithm === undefined ? [] : layersBelow(algorithm)
  const inner = below.map(
    (each) => `<li>${layer(catalogue, indexed(each), each.abstraction.name, each.algorithm, WORDS[each.sharing])}</li>`,
  )
  const by = algorithm === undefined ? '<span class="host">the host</span>' : linkTo(algorithmAddress(catalogue, algorithm), algorithm.name)
  const note = words === '' ? '' : ` <span class="sharing">${words}</span>`
  const line = `<div><code v-pre>${escaped(instance)}</code> ${linkTo(moduleAddress(catalogue, module), module)}${note}<br>${by}</div>`
  return inner.length > 0 ? `${line}<ul>${inner.join('')}</ul>` : line
}

const linkTo = (address: string | undefined, text: string): string =>
  address === undefined ? escaped(text) : `<a href="${address}">${escaped(text)}</a>`

export const moduleAddress = (catalogue: Catalogue, name: string): string | undefined => {
  const module = moduleNamed(catalogue, name)
  return module && `/catalogue/${module.slug}`
}

/** An algorithm stands on the page of its module, below its own name. */
export const algorithmAddress = (catalogue: Catalogue, { name, abstraction }: AnyAlgorithm): string | undefined => {
  const module = moduleNamed(catalogue, abstraction.name)
  const known = module?.algorithms.some(({ value }) => value.name === name)
  return module && known ? `/catalogue/${module.slug}#${name}` : undefined
}

/** Where the reference has it: a page for each entry point. */
export const referenceAddress = (specifier: string, name: string): string =>
  `/reference/${specifier.replace('@upon/', '')}#${name.toLowerCase()}`
