import type { ProcessId } from '@upon/contract'
import { InvalidHistory, linearizable, type Operation, orderedReads, type RegularVerdict, regularRegister } from '@upon/linearizability'
import { type AlgorithmEvent, canonical, shown } from '@upon/trace'
import { Latest } from '../latest'
import type { Run } from '../run'
import { type Finding, liveness, type Property, safety } from '../verdict'

interface Recorded extends Operation<string> {
  readonly invocation: AlgorithmEvent
  response: AlgorithmEvent | undefined
  value: string | undefined
  respondedAtMs: number | undefined
}

/** The operations of a register instance; times are indices of entries. `stray` is a return without an invocation. */
interface Operations {
  readonly operations: readonly Recorded[]
  readonly stray: AlgorithmEvent | undefined
}

const known = new Latest<Run, Map<string, Operations>>()

/** The operations of an instance, collected once for all its properties. */
function operationsOf(run: Run, path: string): Operations {
  let ofRun = known.get(run)
  if (ofRun === undefined) {
    ofRun = new Map()
    known.set(run, ofRun)
  }
  let operations = ofRun.get(path)
  if (operations === undefined) {
    operations = collect(run.instances.get(path) ?? [])
    ofRun.set(path, operations)
  }
  return operations
}

function collect(events: readonly AlgorithmEvent[]): Operations {
  const operations: Recorded[] = []
  /** The pending operations of each process: at most one, if it follows the rules. */
  const open = new Map<ProcessId, Recorded[]>()
  let stray: AlgorithmEvent | undefined
  for (const event of events) {
    const { process, index } = event
    const kind = event.event === 'read' || event.event === 'readReturn' ? 'read' : 'write'
    let own = open.get(process)
    if (own === undefined) {
      own = []
      open.set(process, own)
    }
    if (event.direction === 'request') {
      const value = kind === 'write' ? textOf(event.attributes[0]) : undefined
      const operation: Recorded = {
        process,
        kind,
        value,
        invokedAtMs: index,
        respondedAtMs: undefined,
        invocation: event,
        response: undefined,
      }
      operations.push(operation)
      own.push(operation)
      continue
    }
    const at = own.findIndex((operation) => operation.kind === kind)
    const operation = own[at]
    if (operation === undefined) {
      stray ??= event
      continue
    }
    own.splice(at, 1)
    operation.respondedAtMs = index
    operation.response = event
    if (kind === 'read') operation.value = textOf(event.attributes[0])
  }
  return { operations, stray }
}

const textOf = (value: unknown): string | undefined => (value === undefined ? undefined : canonical(value))

const eventsIn = (operations: readonly Operation<string>[]): AlgorithmEvent[] =>
  (operations as readonly Recorded[]).flatMap(({ invocation, response }) => (response ? [invocation, response] : [invocation]))

const strayReturn = (event: AlgorithmEvent): Finding => ({
  why: `at ${event.process} a ${event.event === 'readReturn' ? `read returned ${shown(event.attributes[0])}` : 'write returned'}, though none was pending`,
  events: [event],
})

const terminates = (name: string): Property =>
  liveness(name, (run, path): Finding => {
    const { operations } = operationsOf(run, path)
    const isInterrupted = ({ process, invokedAtMs }: Recorded) =>
      run.everyCrash.some((crash) => crash.process === process && crash.index > invokedAtMs)
    const open = operations.find((operation) => operation.respondedAtMs === undefined && !isInterrupted(operation))
    if (open === undefined) return undefined
    return { why: `${open.process}, which is correct, invoked a ${open.kind} that never returned`, events: eventsIn([open]) }
  })

/** A property of registers with one writer: unknown if several processes wrote at once, since then their user broke the rules. */
const ofOneWriter = (name: string, judge: (history: readonly Operation<string>[]) => RegularVerdict<string>): Property =>
  safety(name, (run, path): Finding => {
    const { operations, stray } = operationsOf(run, path)
    if (stray && judge === regularRegister) return strayReturn(stray)
    try {
      const verdict = judge(operations)
      return verdict.outcome === 'holds' ? undefined : { why: verdict.reason, events: eventsIn(verdict.conflict) }
    } catch (error) {
      if (error instanceof InvalidHistory) return { unknown: error.message }
      throw error
    }
  })

export const ONRR1 = terminates('ONRR1')
/** Validity: a read returns the last value written, or one that is being written. */
export const ONRR2 = ofOneWriter('ONRR2', regularRegister)

export const OOAR1 = terminates('OOAR1')
export const OOAR2 = ofOneWriter('OOAR2', regularRegister)
/** Ordering: no new-old inversion. */
export const OOAR3 = ofOneWriter('OOAR3', orderedReads)

export const ONAR1 = terminates('ONAR1')
export const ONAR2 = ofOneWriter('ONAR2', regularRegister)
/** Ordering: no new-old inversion, between reads of any processes. */
export const ONAR3 = ofOneWriter('ONAR3', orderedReads)

export const NNAR1 = terminates('NNAR1')
/** Atomicity: the history of the instance is linearizable. */
export const NNAR2 = safety('NNAR2', (run, path, { limitMs }): Finding => {
  const { operations, stray } = operationsOf(run, path)
  if (stray) return strayReturn(stray)
  const verdict = linearizable(operations, limitMs === undefined ? {} : { limitMs })
  if (verdict.outcome === 'undecided') return { unknown: verdict.reason }
  if (verdict.outcome === 'linearizable') return undefined
  return { why: verdict.reason, events: eventsIn(verdict.conflict) }
})
