import type { ProcessId } from '@upon/contract'
import { eventsOf, type Run } from '../run'
import type { AlgorithmEvent } from '../trace'
import { type Finding, liveness } from '../verdict'

/** Whom each process suspects in the end, and since which event; with the last restoring of the others. */
function suspicions(run: Run, path: string): Map<ProcessId, Map<ProcessId, AlgorithmEvent>> {
  const last = new Map<ProcessId, Map<ProcessId, AlgorithmEvent>>(run.processes.map((p) => [p, new Map()]))
  for (const entry of run.instances.get(path) ?? [])
    if (entry.event === 'suspect' || entry.event === 'restore') last.get(entry.process)?.set(entry.attributes[0] as ProcessId, entry)
  return last
}

/** Strong completeness. */
export const EPFD1 = liveness('EPFD1', (run, path): Finding => {
  const last = suspicions(run, path)
  for (const [p, crash] of run.crashes)
    for (const q of run.correct) {
      const event = last.get(q)?.get(p)
      if (event?.event === 'suspect') continue
      const what = event ? `restored ${p} and does not suspect it in the end` : `never suspected ${p}`
      return { why: `${p} crashed, but ${q}, which is correct, ${what}`, events: event ? [crash, event] : [crash] }
    }
  return undefined
})

/** Eventual strong accuracy. */
export const EPFD2 = liveness('EPFD2', (run, path): Finding => {
  const last = suspicions(run, path)
  for (const q of run.correct)
    for (const [p, event] of last.get(q) ?? [])
      if (event.event === 'suspect' && !run.crashes.has(p))
        return { why: `${q} suspects ${p} in the end, and both are correct`, events: [event] }
  return undefined
})

function trusts(run: Run, path: string): Map<ProcessId, AlgorithmEvent> {
  return new Map(eventsOf(run, path, 'trust').map((event) => [event.process, event]))
}

/** Eventual accuracy. */
export const ELD1 = liveness('ELD1', (run, path): Finding => {
  const last = trusts(run, path)
  for (const q of run.correct) {
    const event = last.get(q)
    if (event === undefined) return { why: `${q}, which is correct, never came to trust any process`, events: [] }
    const crash = run.crashes.get(event.attributes[0] as ProcessId)
    if (crash) return { why: `${q} trusts ${event.attributes[0]} in the end, which has crashed`, events: [event, crash] }
  }
  return undefined
})

/** Eventual agreement. */
export const ELD2 = liveness('ELD2', (run, path): Finding => {
  const last = trusts(run, path)
  const events = run.correct.flatMap((q) => last.get(q) ?? []).filter((event) => !run.crashes.has(event.attributes[0] as ProcessId))
  const first = events[0]
  const other = events.find((event) => event.attributes[0] !== first?.attributes[0])
  if (first === undefined || other === undefined) return undefined
  const why = `in the end ${first.process} trusts ${first.attributes[0]} and ${other.process} trusts ${other.attributes[0]}`
  return { why, events: [first, other] }
})
