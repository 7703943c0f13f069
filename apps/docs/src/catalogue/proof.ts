import { type Entry, catalogue as entries } from '@upon/catalogue'
import { simulate } from '@upon/simulator'
import type { Trace, TraceEntry } from '@upon/trace'
import { spaceTime } from '../figures/draw'
import { betweenProcesses } from '../figures/figures'
import type { CatalogueAlgorithm } from './catalogue'
import type { AnyAlgorithm } from './layers'

/** The entry that tests an algorithm over its default stack. */
export const entryOf = ({ value }: CatalogueAlgorithm): Entry | undefined =>
  entries.find(({ algorithm, name }) => (algorithm as unknown as AnyAlgorithm).name === value.name && name === value.name)

const PROCESSES = 3
const LIMIT_ENTRIES = 60

/** A run of the algorithm in which nothing fails and every message takes a millisecond, drawn; its detectors' heartbeats left out. */
export function goodCase({ scenario, suite, name }: Entry): string {
  const processes = Array.from({ length: PROCESSES }, (_, i) => `p${i + 1}`)
  const operations = suite.few(processes)
  const { trace } = simulate({ processes, seed: 1, setup: scenario.setup, schedule: { kind: 'fixed', delayMs: 1 }, operations })
  const picture = spaceTime(trace, `run-of-${name}`, { show: shownOf(trace, suite.module.instance), limitEntries: LIMIT_ENTRIES })
  return `${picture}\n<p class="caption">${operations.length > 0 ? 'The clients ask for a little' : 'Nothing is asked'}, nothing fails, and every message takes a millisecond.</p>`
}

/** The detectors below an algorithm, whose heartbeats never end. */
const isDetectors = (path: string) => /\.(e?pfd|eld|le)(\.|$)/.test(path)

/** What happens at the top and between processes; of an algorithm that is nothing but a detector, its heartbeats too. */
function shownOf(trace: Trace, top: string): (entry: TraceEntry) => boolean {
  const show = betweenProcesses(top)
  const isWithout = (entry: TraceEntry) => show(entry) && !(entry.type === 'event' && isDetectors(entry.path))
  return trace.entries.filter(isWithout).length > 2 ? isWithout : show
}
