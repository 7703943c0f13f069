import { fileURLToPath } from 'node:url'
import type { Fault } from '@upon/simulator'
import { spaceTimeText, type TraceEntry } from '@upon/trace'
import { expect, it } from 'vitest'
import type { Entry } from '../../src'
import { runPlanOf } from './good-case'

const LIMIT = 80
const folder = fileURLToPath(new URL('../golden/', import.meta.url))

/** A detector never ends; what it does is shown for its own entry alone, as far as it fits. So are the links of a broadcast. */
const isInside = (path: string, instance: string) =>
  /\.(e?pfd|eld|le)(\.|$)|\.beb\.pl$/.test(path) || (path.startsWith('pfd.') && instance !== 'pfd')

/** The good case, and what becomes of it when something goes wrong, as pictures to be reviewed in diffs. */
export function pictured(entry: Entry): void {
  const { name, options } = entry
  it(`${name}: the good case, event by event`, () => expect(pictureOf(entry, [])).toMatchFileSnapshot(`${folder}${name}.txt`))
  const { faults } = options
  if (faults === undefined) return
  it(`${name}: a crash, event by event`, () => expect(pictureOf(entry, faults)).toMatchFileSnapshot(`${folder}${name}-crash.txt`))
}

function pictureOf({ scenario, suite, algorithm: { instance }, options }: Entry, faults: readonly Fault[]): string {
  const { trace } = runPlanOf(scenario, 3, suite.few, faults)
  const shows = options.shows ?? (() => true)
  const show = (entry: TraceEntry) =>
    entry.type === 'event' ? entry.direction !== 'rule' && !isInside(entry.path, instance) && shows(entry.path) : shows('')
  return spaceTimeText(trace, { show, limitEntries: LIMIT })
}
