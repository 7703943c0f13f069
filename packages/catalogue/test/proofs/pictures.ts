import { fileURLToPath } from 'node:url'
import { spaceTimeText } from '@upon/trace'
import { expect, it } from 'vitest'
import type { Entry } from '../../src'
import { runPlanOf } from './good-case'

const LIMIT = 80
const folder = fileURLToPath(new URL('../golden/', import.meta.url))

/** A detector never ends; what it does is shown for its own entry alone, as far as it fits. So are the links of a broadcast. */
const isInside = (path: string, instance: string) =>
  /\.(e?pfd|eld|le)(\.|$)|\.beb\.pl$/.test(path) || (path.startsWith('pfd.') && instance !== 'pfd')

/** The good case, as a picture to be reviewed in diffs. */
export function pictured({ name, scenario, suite, algorithm: { instance }, options }: Entry): void {
  it(`${name}: the good case, event by event`, async () => {
    const { trace } = runPlanOf(scenario, 3, suite.few)
    const shows = options.shows ?? (() => true)
    const show = ({ path = '' }: { readonly path?: string }) => !isInside(path, instance) && shows(path)
    const picture = spaceTimeText(trace, { show: show as never, limitEntries: LIMIT })
    await expect(picture).toMatchFileSnapshot(`${folder}${name}.txt`)
  })
}
