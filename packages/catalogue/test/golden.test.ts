import { spaceTimeText } from '@upon/checker'
import { expect, it } from 'vitest'
import { catalogue } from '../src'
import { runPlanOf } from './good-case'

const LIMIT = 80

/** A detector never ends; what it does is shown for its own entry alone, as far as it fits. */
const isDetector = (path: string, instance: string) =>
  /\.(e?pfd|eld|le)(\.|$)|^e?pfd\./.test(path.startsWith(instance) ? path.slice(instance.length) : path)

it.each(catalogue)('$name: the good case, event by event', async ({ name, scenario, suite, algorithm }) => {
  const { trace } = runPlanOf(scenario, 3, suite.few)
  const show = (entry: { readonly path?: string }) => !isDetector(entry.path ?? '', algorithm.instance)
  const picture = spaceTimeText(trace, { show: show as never, limitEntries: LIMIT })
  await expect(picture).toMatchFileSnapshot(`golden/${name}.txt`)
})
