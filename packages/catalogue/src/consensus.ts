import { epochChange, uniformConsensus } from '@upon/compliance'
import { LeaderBasedEpochChange, LeaderDrivenConsensus } from '@upon/consensus'
import { type Entry, entry } from './entry'

export const consensus: readonly Entry[] = [
  entry(uniformConsensus, LeaderDrivenConsensus, {
    costs: [{ of: 'a decision', operations: uniformConsensus.few, steps: 5, messages: '5N' }],
    systems: [{ processes: 2 }, { processes: 2, timeouts: 2 }],
  }),
  entry(epochChange, LeaderBasedEpochChange, { systems: [{ processes: 2, crashes: 1, timeouts: 4 }] }),
]
