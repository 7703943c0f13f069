import { BasicBroadcast } from '@upon/broadcast'
import { bestEffortBroadcast } from '@upon/compliance'
import type { ProcessId } from '@upon/contract'
import { type Entry, entry } from './entry'

const one = ([p = '']: readonly ProcessId[]) => [{ process: p, afterMs: 0, operation: 1 }]

export const broadcast: readonly Entry[] = [
  entry(bestEffortBroadcast, BasicBroadcast, {
    costs: [{ of: 'a broadcast', operations: one, steps: 1, messages: 'N' }],
    systems: [{ processes: 2 }, { processes: 3, crashes: 1 }],
  }),
]
