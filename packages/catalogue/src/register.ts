import {
  aReadOverlapped,
  atomicRegister,
  newOldInversion,
  oneNAtomicRegister,
  oneOneAtomicRegister,
  type RegisterOperation,
  regularRegister,
} from '@upon/compliance'
import type { ProcessId } from '@upon/contract'
import {
  MajorityVoting,
  MajorityVotingOneOneAtomic,
  OneNAtomicToNNAtomic,
  OneNRegularToOneOneAtomic,
  OneOneAtomicToOneNAtomic,
  ReadImposeWriteAll,
  ReadImposeWriteConsultAll,
  ReadImposeWriteConsultMajority,
  ReadImposeWriteMajority,
  ReadOneWriteAll,
} from '@upon/register'
import { crash, type Run } from '@upon/simulator'
import { type Cost, type Entry, entry } from './entry'

/** What a read and a write cost. */
const costs = (read: Pick<Cost, 'steps' | 'messages'>, write: Pick<Cost, 'steps' | 'messages'>): Cost<RegisterOperation>[] => {
  const of = (operation: RegisterOperation) => (processes: readonly ProcessId[]) => [{ process: processes[0] ?? '', afterMs: 0, operation }]
  return [
    { of: 'a read', operations: of({ kind: 'read' }), ...read },
    { of: 'a write', operations: of({ kind: 'write', value: 1 }), ...write },
  ]
}

const roundTrip = { steps: 2, messages: '2N' } as const
const twoRoundTrips = { steps: 4, messages: '4N' } as const
const systems = [{ processes: 2 }, { processes: 3, crashes: 1 }] as const
const systemsFailStop = [
  { processes: 2, crashes: 1 },
  { processes: 3, crashes: 2 },
] as const

/** A writer reads all registers before it writes, so it seldom crashes in the short interval in which only some processes know its value. */
const rare = ['a read returned the value of a write that never completed']

const beside = { 'a read overlapped two writes': aReadOverlapped(2) }
const inverts = { 'a read returned a new value, and a later one the old value': newOldInversion }

/** Everything but the messages of the registers at the bottom. */
const registers = (path: string) => !/\.(beb|pl)(\.|$)/.test(path)

/** Two writes carried the same timestamp, so that only the ranks of their writers order them. */
function equalTimestamps({ trace }: Run): boolean {
  const writers = new Map<number, unknown>()
  for (const entry of trace.entries) {
    if (entry.type !== 'event' || entry.direction === 'indication') continue
    const { ts = 0, wr = entry.process } = (entry.attributes[0] ?? {}) as { ts?: number; wr?: number }
    if (ts === 0) continue
    if (writers.has(ts) && writers.get(ts) !== wr) return true
    writers.set(ts, wr)
  }
  return false
}

const ties = { 'two writes carried the same timestamp': equalTimestamps }

export const register: readonly Entry[] = [
  entry(regularRegister, ReadOneWriteAll, {
    costs: costs({ steps: 0, messages: '0' }, roundTrip),
    systems: systemsFailStop,
    sometimes: inverts,
  }),
  entry(regularRegister, MajorityVoting, { costs: costs(roundTrip, roundTrip), systems, sometimes: { ...beside, ...inverts } }),
  entry(oneOneAtomicRegister, OneNRegularToOneOneAtomic, { costs: costs(roundTrip, roundTrip), systems, sometimes: beside }),
  entry(oneOneAtomicRegister, MajorityVotingOneOneAtomic, {
    costs: costs({ steps: 2, messages: '2N - 1' }, roundTrip),
    systems,
    sometimes: beside,
    faults: [crash('p1').afterSends(1)],
  }),
  entry(oneNAtomicRegister, OneOneAtomicToOneNAtomic, {
    costs: costs({ steps: 4, messages: '4N²' }, { steps: 2, messages: '2N²' }),
    sometimes: beside,
    shows: registers,
  }),
  entry(oneNAtomicRegister, ReadImposeWriteAll, { costs: costs(roundTrip, roundTrip), systems: systemsFailStop, sometimes: beside }),
  entry(oneNAtomicRegister, ReadImposeWriteMajority, { costs: costs(twoRoundTrips, roundTrip), systems, sometimes: beside }),
  // the first of its module: the instance name of the module stands for it
  entry(atomicRegister, ReadImposeWriteConsultMajority, {
    costs: costs(twoRoundTrips, twoRoundTrips),
    systems: [{ processes: 2 }, { processes: 3, isDeep: true }, { processes: 3, crashes: 1, isDeep: true }],
    sometimes: { ...beside, ...ties },
    record: ['BestEffortBroadcast'],
  }),
  entry(atomicRegister, ReadImposeWriteConsultAll, {
    costs: costs(roundTrip, roundTrip),
    systems: systemsFailStop,
    sometimes: { ...beside, ...ties },
    record: ['BestEffortBroadcast'],
  }),
  entry(atomicRegister, OneNAtomicToNNAtomic, {
    rare,
    costs: costs({ steps: 4, messages: '4N²' }, { steps: 6, messages: '4N² + 2N' }),
    sometimes: { ...beside, ...ties },
    record: ['OneNAtomicRegister'],
    shows: registers,
  }),
  entry(atomicRegister, OneNAtomicToNNAtomic.over({ onar: OneOneAtomicToOneNAtomic }), {
    name: 'one-n-atomic-to-n-n-atomic-over-regular',
    rare,
    processes: 3,
    sizes: [3, 2, 3, 1],
    systems: [{ processes: 2, limitStates: 2_000, unjudged: ['NNAR1'] }],
    layers: 'own',
    sometimes: beside,
    shows: (path) => /^nnar(\.onar\[\w+\])?$/.test(path),
  }),
]
