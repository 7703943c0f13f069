import { AtomicRegister, OneNAtomicRegister, OneOneAtomicRegister, type Outside, type ProcessId, RegularRegister } from '@upon/contract'
import type { ClientOperation, Perform, Random } from '@upon/simulator'
import { shown } from '@upon/trace'
import { type Asking, offer, value } from '../offers'
import { aReadOverlapped, aReadReturnedTheIncomplete, aWriterCrashed } from '../situations/register'
import { type ProcessUnderTest, run, type Suite, type Tested } from '../suite'
import { drawCounts, drawValues, type Value } from '../values'

export type RegisterOperation = { readonly kind: 'read' } | { readonly kind: 'write'; readonly value: Value }

/** A client that reads and writes, one operation at a time. */
function client(process: ProcessUnderTest, algorithm: Tested<RegularRegister>): Perform<RegisterOperation> {
  const register: Outside<RegularRegister, Value> = run(process, algorithm)
  let completed = () => {}
  process.upon(register.readReturn, () => completed())
  process.upon(register.writeReturn, () => completed())
  return (operation, done) => {
    completed = done
    if (operation.kind === 'read') register.read()
    else register.write(operation.value)
  }
}

/** One to four operations per process, in some runs many, with or without pauses. Processes that may write do, with distinct values. */
function operationsOf(
  random: Random,
  processes: readonly ProcessId[],
  mayWrite: (p: ProcessId) => boolean,
  writesPercents: readonly number[],
): ClientOperation<RegisterOperation>[] {
  const pauseUs = random.pick([0, 1_000, 10_000])
  const writesPercent = random.pick(writesPercents)
  const value = drawValues(random)
  const counts = drawCounts(random, processes.length, [1, 4])
  let writes = 0
  return processes.flatMap((process, i) =>
    Array.from({ length: counts[i] ?? 0 }, () => {
      const isWrite = mayWrite(process) && random.chance(writesPercent)
      const operation = isWrite ? { kind: 'write' as const, value: value(writes++) } : { kind: 'read' as const }
      return { process, afterMs: random.below(pauseUs + 1) / 1000, operation }
    }),
  )
}

const everyoneWrites = (random: Random, processes: readonly ProcessId[]) => operationsOf(random, processes, () => true, [20, 50, 80])

/** One process writes, and sometimes reads; all others read. */
function oneWrites(random: Random, processes: readonly ProcessId[]): ClientOperation<RegisterOperation>[] {
  const writer = random.pick(processes)
  return operationsOf(random, processes, (p) => p === writer, [50, 80, 100])
}

/** One process writes, another reads. */
function oneWritesOneReads(random: Random, processes: readonly ProcessId[]): ClientOperation<RegisterOperation>[] {
  const [writer = '', reader = ''] = random.shuffle(processes)
  return operationsOf(random, processes.length > 1 ? [writer, reader] : [writer], (p) => p === writer, [100])
}

const read = offer('read', [], (): RegisterOperation => ({ kind: 'read' }))
const write = (asking: Asking<RegisterOperation>) =>
  offer('write', [value('v', asking)], (v: Value): RegisterOperation => ({ kind: 'write', value: v }))

/** Everybody reads, and the first process writes. */
const oneWriter = (asking: Asking<RegisterOperation>) => (asking.process === asking.processes[0] ? [write(asking), read] : [read])

const common = {
  start: client,
  describe: (operation: RegisterOperation) => (operation.kind === 'read' ? 'read' : `write ${shown(operation.value)}`),
  few: ([p = '', q = '']: readonly ProcessId[]): ClientOperation<RegisterOperation>[] => [
    { process: p, afterMs: 0, operation: { kind: 'write', value: 1 } },
    { process: q, afterMs: 0, operation: { kind: 'read' } },
  ],
  sometimes: {
    'a read overlapped a write': aReadOverlapped(1),
    'a writer crashed in mid-write': aWriterCrashed,
    'a read returned the value of a write that never completed': aReadReturnedTheIncomplete,
  },
} as const

export const regularRegister: Suite<RegularRegister, RegisterOperation> = {
  ...common,
  module: RegularRegister,
  operations: oneWrites,
  offers: oneWriter,
}

export const oneOneAtomicRegister: Suite<OneOneAtomicRegister, RegisterOperation> = {
  ...common,
  module: OneOneAtomicRegister,
  start: client as never, // the events are the same
  operations: oneWritesOneReads,
  offers: (asking) => {
    const { process, processes } = asking
    if (process === processes[0]) return [write(asking)]
    return process === processes[1] ? [read] : []
  },
}

export const oneNAtomicRegister: Suite<OneNAtomicRegister, RegisterOperation> = {
  ...common,
  module: OneNAtomicRegister,
  operations: oneWrites,
  offers: oneWriter,
}

export const atomicRegister: Suite<AtomicRegister, RegisterOperation> = {
  ...common,
  module: AtomicRegister,
  operations: everyoneWrites,
  offers: (asking) => [write(asking), read],
}
