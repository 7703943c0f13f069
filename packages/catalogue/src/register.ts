import { atomicRegister, type RegisterOperation } from '@upon/compliance'
import type { ProcessId } from '@upon/contract'
import { ReadImposeWriteConsultMajority } from '@upon/register'
import { type Entry, entry } from './entry'

const read = ([p = '']: readonly ProcessId[]) => [{ process: p, afterMs: 0, operation: { kind: 'read' } satisfies RegisterOperation }]
const write = ([p = '']: readonly ProcessId[]) => [
  { process: p, afterMs: 0, operation: { kind: 'write', value: 1 } satisfies RegisterOperation },
]

export const register: readonly Entry[] = [
  entry(atomicRegister, ReadImposeWriteConsultMajority, {
    costs: [
      { of: 'a read', operations: read, steps: 4, messages: '4N' },
      { of: 'a write', operations: write, steps: 4, messages: '4N' },
    ],
    systems: [{ processes: 2 }, { processes: 3, crashes: 1 }],
  }),
]
