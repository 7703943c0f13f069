import { readCatalogue } from '../../src/catalogue/catalogue'
import { modulePage } from '../../src/catalogue/module-page'

/** A page for each module of the contract. */
export default {
  async paths() {
    const catalogue = await readCatalogue()
    return catalogue.modules.map((module) => ({ params: { module: module.slug }, content: modulePage(catalogue, module) }))
  },
}
