import { Consensus, EpochChange, firstLeader, type Outside, type ProcessId, UniformConsensus } from '@upon/contract'
import type { ClientOperation, Perform, Random, Run, Sometimes } from '@upon/simulator'
import { canonical, shown } from '@upon/trace'
import { type Asking, hasRequested, offer, value } from '../offers'
import { each, type ProcessUnderTest, run, type Suite, type Tested } from '../suite'
import { drawValues, type Value } from '../values'

/** A client that proposes; its operation completes when its process decides. */
function client(process: ProcessUnderTest, algorithm: Tested<Consensus>): Perform<Value> {
  const c: Outside<Consensus, Value> = run(process, algorithm)
  let decided = () => {}
  process.upon(c.decide, () => decided())
  return (value, done) => {
    decided = done
    c.propose(value)
  }
}

/** Every process proposes a value of its own at some moment of the first 20 ms; in some runs all at once. */
function proposals(random: Random, processes: readonly ProcessId[]): ClientOperation<Value>[] {
  const spreadUs = random.pick([0, 2_000, 20_000])
  const zero = random.below(processes.length)
  const value = drawValues(random)
  return processes.map((process, i) => {
    const operation = value((i + zero) % processes.length)
    return { process, afterMs: random.below(spreadUs + 1) / 1000, operation }
  })
}

/** The decisions of a run in order, and the processes that crashed. */
function outcome({ trace: { entries } }: Run) {
  const decisions = entries.flatMap((entry) =>
    entry.type === 'event' && entry.event === 'decide' && !entry.path.includes('.') ? [{ p: entry.process, v: entry.attributes[0] }] : [],
  )
  return { decisions, crashed: new Set(entries.flatMap(({ type, process }) => (type === 'crash' ? [process] : []))) }
}

const common = {
  start: client,
  operations: proposals,
  few: (processes: readonly ProcessId[]) => each(processes, (i) => 10 * (i + 1)),
  offers: (asking: Asking<Value>) => (hasRequested(asking) ? [] : [offer('propose', [value('v', asking)], (v: Value) => v)]),
  describe: (v: Value) => `propose ${shown(v)}`,
} as const

const sometimes: Sometimes<Value> = {
  'a process decided and then crashed': (run) => {
    const { decisions, crashed } = outcome(run)
    return decisions.some(({ p }) => crashed.has(p))
  },
  'the proposal of a process that crashed was decided': (run, { operations }) => {
    const { decisions, crashed } = outcome(run)
    return operations.some(
      ({ process, operation }) => crashed.has(process) && decisions.some(({ v }) => canonical(v) === canonical(operation)),
    )
  },
}

export const consensus: Suite<Consensus, Value> = {
  ...common,
  module: Consensus,
  sometimes,
}

export const uniformConsensus: Suite<UniformConsensus, Value> = {
  ...common,
  module: UniformConsensus,
  sometimes,
}

/** The epochs that each process started. */
function epochs({ trace: { entries } }: Run): Map<ProcessId, [ts: number, l: ProcessId][]> {
  const found = new Map<ProcessId, [ts: number, l: ProcessId][]>()
  for (const entry of entries) {
    if (entry.type !== 'event' || entry.event !== 'startEpoch') continue
    const started = found.get(entry.process)
    if (started === undefined) found.set(entry.process, [entry.attributes as [number, ProcessId]])
    else started.push(entry.attributes as [number, ProcessId])
  }
  return found
}

export const epochChange: Suite<EpochChange> = {
  module: EpochChange,
  start: (process, algorithm) => void run(process, algorithm),
  operations: () => [],
  few: () => [],
  sometimes: {
    'a leader changed': (run) => [...epochs(run).values()].some((started) => new Set(started.map(([, l]) => l)).size > 1),
    'a process skipped an epoch that another one started': (run, { processes }) => {
      const started = epochs(run)
      const timestamps = processes.map((p) => new Set(started.get(p)?.map(([ts]) => ts)))
      return timestamps.some((some) => [...some].some((ts) => timestamps.some((others) => !others.has(ts))))
    },
    'two processes believed that they led': ({ trace: { entries } }, { processes }) => {
      const leaders = new Map<ProcessId, unknown>(processes.map((p) => [p, firstLeader(processes)]))
      return entries.some((entry) => {
        if (entry.type === 'crash') leaders.delete(entry.process ?? '')
        if (entry.type === 'event' && entry.event === 'startEpoch') leaders.set(entry.process, entry.attributes[1])
        return [...leaders].filter(([p, l]) => p === l).length > 1
      })
    },
  },
}
