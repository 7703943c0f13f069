import { EpochChange, type Outside, type ProcessId, UniformConsensus } from '@upon/contract'
import type { Operation, Perform, Random } from '@upon/simulator'
import { each, type Host, run, type Suite, type Tested } from '../suite'

/** A client that proposes, and is done when its process decides. */
function client(process: Host, algorithm: Tested<UniformConsensus>): Perform<number> {
  const uc: Outside<UniformConsensus, number> = run(process, algorithm)
  let decided = () => {}
  process.upon(uc.decide, () => decided())
  return (value, done) => {
    decided = done
    uc.propose(value)
  }
}

/** Every process proposes a value of its own, at some moment of the first 20 ms; now and then all at once. */
function proposals(random: Random, processes: readonly ProcessId[]): Operation<number>[] {
  const spreadUs = random.pick([0, 2_000, 20_000])
  return processes.map((process, i) => ({ process, afterMs: random.below(spreadUs + 1) / 1000, operation: 10 * (i + 1) }))
}

export const uniformConsensus: Suite<UniformConsensus, number> = {
  module: UniformConsensus,
  start: client,
  operations: proposals,
  few: (processes) => each(processes, (i) => 10 * (i + 1)),
  sometimes: {
    'a process decided and then crashed': ({ trace: { entries } }) =>
      entries.some(
        ({ type, process, index }) =>
          type === 'crash' &&
          entries.slice(0, index).some((entry) => 'event' in entry && entry.event === 'decide' && entry.process === process),
      ),
  },
}

export const epochChange: Suite<EpochChange> = {
  module: EpochChange,
  start: (process, algorithm) => void run(process, algorithm),
  operations: () => [],
  few: () => [],
}
