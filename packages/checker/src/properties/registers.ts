import { linearizable, type Operation, regularRegister } from '../linearizability'
import type { Run } from '../run'
import type { AlgorithmEvent } from '../trace'
import { canonical } from '../values'
import { type Finding, liveness, safety } from '../verdict'

interface Recorded extends Operation<string> {
  readonly events: AlgorithmEvent[]
  value: string | undefined
  respondedAtMs?: number
}

/** The operations of a register instance: times are indices of entries. `stray` is a return that nobody asked for. */
function operationsOf(run: Run, path: string): { operations: Recorded[]; stray: AlgorithmEvent | undefined } {
  const operations: Recorded[] = []
  const open = new Map<string, Recorded[]>()
  let stray: AlgorithmEvent | undefined
  for (const event of run.instances.get(path) ?? []) {
    const { process, index, attributes } = event
    if (event.event === 'read' || event.event === 'write') {
      const value = event.event === 'write' ? textOf(attributes[0]) : undefined
      const operation: Recorded = { process, kind: event.event, value, invokedAtMs: index, events: [event] }
      operations.push(operation)
      const key = `${process} ${event.event}`
      open.set(key, [...(open.get(key) ?? []), operation])
    } else if (event.event === 'readReturn' || event.event === 'writeReturn') {
      const isRead = event.event === 'readReturn'
      const operation = open.get(`${process} ${isRead ? 'read' : 'write'}`)?.shift()
      if (operation === undefined) {
        stray ??= event
        continue
      }
      operation.respondedAtMs = index
      operation.events.push(event)
      if (isRead) operation.value = textOf(attributes[0])
    }
  }
  return { operations, stray }
}

const textOf = (value: unknown): string | undefined => (value === undefined ? undefined : canonical(value))

const eventsIn = (operations: readonly Operation<string>[]): AlgorithmEvent[] =>
  operations.flatMap((operation) => (operation as Recorded).events)

const strayReturn = (event: AlgorithmEvent): Finding => ({
  why: `${event.process} was told the return of an operation that it had not invoked`,
  events: [event],
})

const terminates = (name: string) =>
  liveness(name, (run, path): Finding => {
    const { operations } = operationsOf(run, path)
    const isInterrupted = ({ process, invokedAtMs }: Recorded) =>
      run.everyCrash.some((crash) => crash.process === process && crash.index > invokedAtMs)
    const open = operations.find((operation) => operation.respondedAtMs === undefined && !isInterrupted(operation))
    if (open === undefined) return undefined
    return { why: `${open.process}, which is correct, invoked a ${open.kind} that never returned`, events: open.events }
  })

const atomic = (name: string) =>
  safety(name, (run, path, { limitMs }): Finding => {
    const { operations, stray } = operationsOf(run, path)
    if (stray) return strayReturn(stray)
    const verdict = linearizable(operations, limitMs === undefined ? {} : { limitMs })
    if (verdict.outcome === 'undecided') return { unknown: verdict.reason }
    if (verdict.outcome === 'linearizable') return undefined
    return { why: verdict.reason, events: eventsIn(verdict.conflict) }
  })

export const NNAR1 = terminates('NNAR1')
/** Atomicity: the history of the instance is linearizable. */
export const NNAR2 = atomic('NNAR2')

export const ONAR1 = terminates('ONAR1')
export const ONAR2 = atomic('ONAR2')

export const ONRR1 = terminates('ONRR1')
/** Validity of the (1,N) regular register. */
export const ONRR2 = safety('ONRR2', (run, path): Finding => {
  const { operations, stray } = operationsOf(run, path)
  if (stray) return strayReturn(stray)
  const verdict = regularRegister(operations)
  return verdict.outcome === 'holds' ? undefined : { why: verdict.reason, events: eventsIn(verdict.conflict) }
})
