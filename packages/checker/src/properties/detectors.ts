import type { ProcessId } from '@upon/contract'
import { type AlgorithmEvent, shown } from '@upon/trace'
import { eventsOf, type Run } from '../run'
import { type Finding, liveness, safety } from '../verdict'

/** Strong completeness. */
export const PFD1 = liveness('PFD1', (run, path): Finding => {
  const detections = eventsOf(run, path, 'crash')
  for (const [p, crash] of run.crashes)
    for (const q of run.correct)
      if (!detections.some(({ process, attributes }) => process === q && attributes[0] === p))
        return { why: `${p} crashed, but ${q}, which is correct, never detected it`, events: [crash] }
  return undefined
})

/** Whether p has crashed by the time of an event, even if it has recovered since. */
const hasCrashed = (run: Run, p: unknown, { index }: AlgorithmEvent): boolean =>
  run.everyCrash.some((crash) => crash.process === p && crash.index < index)

/** Strong accuracy. */
export const PFD2 = safety('PFD2', (run, path): Finding => {
  for (const event of eventsOf(run, path, 'crash')) {
    const p = event.attributes[0] as ProcessId
    if (hasCrashed(run, p, event)) continue
    const crash = run.everyCrash.find(({ process }) => process === p)
    return { why: `${event.process} detected ${p}, which had not crashed${crash ? ' yet' : ''}`, events: crash ? [event, crash] : [event] }
  }
  return undefined
})

/** An indication with a leader that is not a process. */
function noProcess(run: Run, path: string, name: string): Finding {
  const event = eventsOf(run, path, name).find(({ attributes: [p] }) => !run.processes.includes(p as ProcessId))
  return event && { why: `${event.process} got ${shown(event.attributes[0])} as its leader, which is not a process`, events: [event] }
}

/** Eventual detection. Each process elects by itself, so all correct processes must eventually elect a correct leader. */
export const LE1 = liveness('LE1', (run, path): Finding => {
  const last = new Map(eventsOf(run, path, 'leader').map((event) => [event.process, event]))
  const none = noProcess(run, path, 'leader')
  if (none) return none
  for (const q of run.correct) {
    const event = last.get(q)
    if (event === undefined) return { why: `${q}, which is correct, never elected any process`, events: [] }
    const crash = run.crashes.get(event.attributes[0] as ProcessId)
    if (crash) return { why: `the last leader that ${q} elected is ${event.attributes[0]}, which has crashed`, events: [event, crash] }
  }
  return undefined
})

/**
 * Accuracy. Two processes may detect the same crashes in different orders, so one may elect a crashed process after the other
 * elected its successor. This replaces no live leader; it counts as a violation only within one process.
 */
export const LE2 = safety('LE2', (run, path): Finding => {
  const elections = eventsOf(run, path, 'leader')
  for (const [i, event] of elections.entries()) {
    const p = event.attributes[0]
    const leads = !hasCrashed(run, p, event)
    const other = elections.find(
      ({ process, attributes: [q] }, j) => j < i && q !== p && !hasCrashed(run, q, event) && (leads || process === event.process),
    )
    if (other === undefined) continue
    const why = `${event.process} elected ${p}, though ${other.process} had elected ${other.attributes[0]}, which had not crashed`
    return { why, events: [other, event] }
  }
  return undefined
})

/** The last suspect or restore event at each process, for each process. */
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
      const what = event ? `restored ${p} and does not suspect it at the end` : `never suspected ${p}`
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
        return {
          why: `${q} suspects ${p} at the end, ${run.correct.includes(p) ? 'though both are correct' : 'which is not a process'}`,
          events: [event],
        }
  return undefined
})

function trusts(run: Run, path: string): Map<ProcessId, AlgorithmEvent> {
  return new Map(eventsOf(run, path, 'trust').map((event) => [event.process, event]))
}

/** Eventual accuracy. */
export const ELD1 = liveness('ELD1', (run, path): Finding => {
  const last = trusts(run, path)
  const none = noProcess(run, path, 'trust')
  if (none) return none
  for (const q of run.correct) {
    const event = last.get(q)
    if (event === undefined) return { why: `${q}, which is correct, never trusted any process`, events: [] }
    const crash = run.crashes.get(event.attributes[0] as ProcessId)
    if (crash) return { why: `${q} trusts ${event.attributes[0]} at the end, which has crashed`, events: [event, crash] }
  }
  return undefined
})

/** Eventual agreement. */
export const ELD2 = liveness('ELD2', (run, path): Finding => {
  const last = trusts(run, path)
  const events = run.correct.flatMap((q) => last.get(q) ?? []).filter((event) => run.correct.includes(event.attributes[0] as ProcessId))
  const first = events[0]
  const other = events.find((event) => event.attributes[0] !== first?.attributes[0])
  if (first === undefined || other === undefined) return undefined
  const why = `at the end ${first.process} trusts ${first.attributes[0]} and ${other.process} trusts ${other.attributes[0]}`
  return { why, events: [first, other] }
})
