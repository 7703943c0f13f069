import { readCatalogue } from '../../src/catalogue/catalogue'
import { modulePage } from '../../src/catalogue/module-page'
import { suppliersAmong } from '../../src/catalogue/suppliers'
import { allExports, allSources } from '../../src/house'

/** A page for each module of the contract. */
export default {
  watch: ['../../../../packages/*/src/**/*.ts'],
  async paths() {
    const catalogue = await readCatalogue()
    const suppliers = suppliersAmong(await allExports(), allSources())
    return catalogue.modules.map((module) => ({
      params: { module: module.slug, title: module.facts.name, description: module.declaration.comment.replaceAll('\n', ' ') },
      content: modulePage(catalogue, module, suppliers),
    }))
  },
}
