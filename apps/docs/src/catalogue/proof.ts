import { type Entry, catalogue as entries } from '@upon/catalogue'
import { firstLeader, mostFaulty } from '@upon/contract'
import { type ClientOperation, crash, type Fault, type Scenario, simulate } from '@upon/simulator'
import type { Trace, TraceEntry } from '@upon/trace'
import { spaceTime } from '../figures/draw'
import { betweenProcesses } from '../figures/figures'
import type { CatalogueAlgorithm } from './catalogue'
import type { AnyAlgorithm } from './layers'

/** The entry that tests an algorithm over its default stack. */
export const entryOf = ({ value }: CatalogueAlgorithm): Entry | undefined =>
  entries.find(({ algorithm, name }) => (algorithm as unknown as AnyAlgorithm).name === value.name && name === value.name)

const PROCESSES = ['p1', 'p2', 'p3']
const LIMIT_ENTRIES = 60

/** When a process crashes of which nothing is requested: it has led, or has been trusted, for a while. */
const CRASH_MS = 150

/** Runs of the algorithm, drawn: one in which nothing fails, if its users ask for something, and one with the crash that it is for. */
export function runsOf(entry: Entry): string {
  const faults = faultsOf(entry)
  const hasUsers = entry.suite.few(PROCESSES).length > 0
  const runs = [...(hasUsers || faults.length === 0 ? [drawn(entry, [])] : []), ...(faults.length > 0 ? [drawn(entry, faults)] : [])]
  return runs.join('\n')
}

/** The crash that an algorithm is for: the one of its entry, or else that of its first user in the middle of its messages, or of the first leader. */
export function faultsOf({ assumes, options, suite }: Entry): readonly Fault[] {
  if (options.faults !== undefined) return options.faults
  if (mostFaulty(assumes.resilience, PROCESSES.length) === 0) return []
  const [first] = suite.few(PROCESSES)
  return first === undefined ? [crash(firstLeader(PROCESSES)).at(CRASH_MS)] : [crash(first.process).afterSends(1)]
}

function drawn({ scenario, suite, name }: Entry, faults: readonly Fault[]): string {
  const operations = suite.few(PROCESSES)
  const trace = runWith(scenario, operations, faults)
  const marked = operations.length > 0 ? [] : noticed(trace, suite.module.instance)
  const show = shownOf(trace, suite.module.instance)
  const id = `run-of-${name}${faults.length > 0 ? '-with-a-crash' : ''}`
  const picture = spaceTime(trace, id, { show, marked, marks: 'highlight', limitEntries: LIMIT_ENTRIES })
  const asks = operations.length > 0 ? 'The clients ask for a little' : 'Nothing is requested'
  const fails = faults.length === 0 ? 'nothing fails' : faults.map(faultText).join(', ')
  return `${picture}\n<p class="caption">${asks}, ${fails}, and every message takes a millisecond.</p>`
}

/** A run in which every message takes a millisecond. */
export const runWith = (
  scenario: Entry['scenario'],
  operations: Entry['scenario'] extends Scenario<infer O> ? readonly ClientOperation<O>[] : never,
  faults: readonly Fault[],
): Trace =>
  simulate({ processes: PROCESSES, seed: 1, setup: scenario.setup, schedule: { kind: 'fixed', delayMs: 1 }, operations, faults }).trace

/** What the module tells its users after a crash. */
function noticed({ entries }: Trace, top: string): TraceEntry[] {
  const crashed = entries.findIndex(({ type }) => type === 'crash')
  return entries.slice(crashed + 1).filter((entry) => entry.type === 'event' && entry.direction === 'indication' && entry.path === top)
}

function faultText(fault: Fault): string {
  if (fault.kind !== 'crash' || !('afterSends' in fault || 'atMs' in fault)) return 'something fails'
  if ('atMs' in fault) return `${fault.process} crashes after ${fault.atMs} ms`
  if (fault.afterSends === 0) return `${fault.process} has crashed from the start`
  return `${fault.process} crashes after its message number ${fault.afterSends} to another process`
}

/** The detectors below an algorithm, whose heartbeats never end. */
const isDetectors = (path: string) => /\.(e?pfd|eld|le)(\.|$)|^(e?pfd|eld|le)\./.test(path)

/** What happens at the top and between processes; of an algorithm that is nothing but a detector, its heartbeats too. */
function shownOf(trace: Trace, top: string): (entry: TraceEntry) => boolean {
  const show = betweenProcesses(top)
  const isWithout = (entry: TraceEntry) => show(entry) && !(entry.type === 'event' && isDetectors(entry.path))
  return trace.entries.filter((entry) => entry.type === 'event' && isWithout(entry)).length > 2 ? isWithout : show
}
