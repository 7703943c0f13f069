import { readFileSync } from 'node:fs'
import { mergeConfig } from 'vitest/config'
import { BaseSequencer } from 'vitest/node'
import config from '../../vitest.config'

const { UPON_MUTANT: path, UPON_MUTANT_TEXT: text, UPON_MUTANT_ORDER: order = '' } = process.env

/** In the order given, and not by what took long the last time. */
class InOrder extends BaseSequencer {
  /** @override @param {import('vitest/node').TestSpecification[]} files */
  async sort(files) {
    const places = order.split('\n')
    return [...files].sort((a, b) => places.indexOf(a.moduleId) - places.indexOf(b.moduleId))
  }
}

/** One source says something else. */
const mutant = {
  name: 'mutant',
  enforce: /** @type {const} */ ('pre'),
  load: (/** @type {string} */ id) => (path !== undefined && text !== undefined && id === path ? readFileSync(text, 'utf8') : undefined),
}

export default mergeConfig(config, {
  plugins: [mutant],
  test: { typecheck: { enabled: false }, sequence: { sequencer: InOrder }, fileParallelism: false },
})
