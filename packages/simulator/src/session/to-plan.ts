import type { Scheduled } from '../engine/scheduled'
import type { Fate, Fault, Plan } from '../plan/plan'
import type { PlanSpace } from '../plan/plan-space'
import type { Hand } from './hand'
import { isEarly, isLate } from './timing'

/**
 * What was done by hand as a plan, whose run is the same up to this moment, and then goes on by itself. Cuts and pauses that are not over
 * end at the stabilisation time.
 */
export function planOf<O>(hand: Hand<O>, model: PlanSpace<O>['model']): Plan<O> {
  const { plan, clients } = hand
  const deviations: Record<string, number> = { ...plan.deviations }
  const fates: Fate[] = []
  for (const [message, scheduled] of hand.dropped) fates.push(fateOf(message, scheduled, 'lost'))
  for (const copy of hand.copies) fates.push(fateOf(hand.nameOf(copy).replace(/ again( \d+)?$/, ''), copy, 'repeated'))
  for (const [name, { scheduled, dueUs }] of hand.moved) {
    if (hand.dropped.has(name)) continue
    const afterMs = (scheduled.timeUs - scheduled.sentUs) / 1000
    if (isLate(hand, scheduled, scheduled.timeUs)) fates.push(fateOf(name, scheduled, 'late'))
    else if (scheduled.kind === 'timeout' && isEarly(hand, scheduled, { dueUs, atUs: scheduled.timeUs, model }))
      fates.push(fateOf(name, scheduled, 'early'))
    else deviations[name] = afterMs
  }
  const faults = [...plan.faults, ...hand.faults, ...openFaults(hand), ...fates]
  return { ...plan, operations: clients.operations, faults, deviations }
}

const fateOf = (message: string, { isLossy, sentUs, timeUs }: Scheduled, is: Fate['is']): Fate => {
  const fate = { kind: 'fate', message, links: isLossy ? 'fair-loss' : 'perfect', is } as const
  return is === 'lost' ? fate : { ...fate, afterMs: (timeUs - sentUs) / 1000 }
}

function openFaults<O>({ plan, cuts, pauses, nowMs }: Hand<O>): Fault[] {
  const toMs = Math.max(plan.stabilisationMs, nowMs + 0.001)
  const paused = [...pauses].map(([host, fromMs]): Fault => ({ kind: 'pause', process: plan.processes[host] as string, fromMs, toMs }))
  return [...cuts.map((cut): Fault => ({ ...cut, toMs })), ...paused]
}
