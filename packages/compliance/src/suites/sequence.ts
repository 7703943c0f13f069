import { type Outside, type ProcessId, SequenceConsensus } from '@upon/contract'
import type { ClientOperation, Perform, Random, Run } from '@upon/simulator'
import { type AlgorithmEvent, shown } from '@upon/trace'
import { offer, value } from '../offers'
import { type ProcessUnderTest, run, type Suite, type Tested } from '../suite'
import { drawCounts, drawValues, type Value } from '../values'

/** A value to propose; or a snapshot is made of what is decided. */
export type ToSequence = { readonly propose: Value } | 'compact'

/** A client that does not wait for what it proposes. Its snapshots say how many slots they are made of. */
function client(process: ProcessUnderTest, algorithm: Tested<SequenceConsensus>): Perform<ToSequence> {
  const seq: Outside<SequenceConsensus, Value> = run(process, algorithm)
  let reached = 0
  const reach = (slot: number, _v: Value) => {
    reached = slot
  }
  process.upon(seq.decide, reach)
  process.upon(seq.restore, reach)
  return (operation, done) => {
    if (operation !== 'compact') seq.propose(operation.propose)
    else if (reached > 0) seq.compact(reached, `${reached} slots`)
    done()
  }
}

/** Values of all processes at about the same time, or one after the other; in some runs, snapshots between them. */
function proposals(random: Random, processes: readonly ProcessId[]): ClientOperation<ToSequence>[] {
  const spreadUs = random.pick([0, 1_000, 20_000, 200_000])
  const compactPercent = random.pick([0, 0, 30, 100])
  const value = drawValues(random)
  const counts = drawCounts(random, processes.length, [0, 4])
  let n = 0
  return processes.flatMap((process, i) =>
    Array.from({ length: counts[i] ?? 0 }, () => {
      const afterMs = random.below(spreadUs + 1) / 1000
      const proposal: ClientOperation<ToSequence> = { process, afterMs, operation: { propose: value(n++) } }
      return random.chance(compactPercent)
        ? [proposal, { process, afterMs: afterMs + random.below(50), operation: 'compact' as const }]
        : [proposal]
    }).flat(),
  )
}

const eventsOf = ({ trace }: Run, ...names: readonly string[]) =>
  trace.entries.filter(
    (entry): entry is AlgorithmEvent => entry.type === 'event' && names.includes(entry.event) && !entry.path.includes('.'),
  )

const crashesIn = ({ trace }: Run) => trace.entries.filter(({ type }) => type === 'crash')

/** The first leader, then the first process. */
const few = (processes: readonly ProcessId[]): ClientOperation<ToSequence>[] =>
  [processes.at(-1) ?? '', processes[0] ?? ''].map((process, i) => ({ process, afterMs: 0, operation: { propose: i + 1 } }))

export const sequenceConsensus: Suite<SequenceConsensus, ToSequence> = {
  module: SequenceConsensus,
  start: client,
  operations: proposals,
  few,
  offers: (asking) => [
    offer('propose', [value('v', asking)], (v: Value): ToSequence => ({ propose: v })),
    offer('compact', [], (): ToSequence => 'compact'),
  ],
  describe: (operation) => (operation === 'compact' ? 'compact' : `propose ${shown(operation.propose)}`),
  sometimes: {
    'a process decided and then crashed, and others decided later': (run) =>
      crashesIn(run).some(
        (crash) =>
          eventsOf(run, 'decide').some(({ process, index }) => process === crash.process && index < crash.index) &&
          eventsOf(run, 'decide').some(({ index }) => index > crash.index),
      ),
    'the proposal of a process that crashed was decided, and one was not': (run) => {
      const crashed = new Set(crashesIn(run).map(({ process }) => process))
      const decided = new Set(eventsOf(run, 'decide').map(({ attributes }) => JSON.stringify(attributes[1])))
      const fates = eventsOf(run, 'propose').flatMap(({ process, attributes: [v] }) =>
        crashed.has(process) ? [decided.has(JSON.stringify(v))] : [],
      )
      return fates.includes(true) && fates.includes(false)
    },
    'a snapshot was handed in': (run) => eventsOf(run, 'compact').length > 0,
    'a process restored a snapshot': (run) => eventsOf(run, 'restore').length > 0,
  },
}
