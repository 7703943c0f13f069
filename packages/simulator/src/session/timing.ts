import type { Scheduled } from '../engine/scheduled'
import { isTimed, MOST_DRIFT_PERCENT } from '../plan/outside-model'
import type { PlanSpace } from '../plan/plan-space'
import type { Hand } from './hand'

/** Whether a message that arrives at a moment is later than the bound allows, from the stabilisation time on. */
export function isLate<O>({ plan, stableUs }: Hand<O>, { kind, sentUs }: Pick<Scheduled, 'kind' | 'sentUs'>, atUs: number): boolean {
  if (kind !== 'message') return false
  const fromUs = sentUs >= stableUs ? sentUs : Math.max(sentUs, Math.round(plan.stabilisationMs * 1000))
  return atUs > fromUs + Math.max(1, Math.round(plan.boundMs * 1000))
}

/** Whether a timer that times out at a moment, and not when it is due, is earlier than clocks may be wrong. */
export function isEarly<O>(
  { stableUs }: Hand<O>,
  { sentUs }: Scheduled,
  { dueUs, atUs, model }: { readonly dueUs: number; readonly atUs: number; readonly model: PlanSpace<O>['model'] },
): boolean {
  if (model === 'fail-stop') return (atUs - sentUs) * 100 < (dueUs - sentUs) * (100 - MOST_DRIFT_PERCENT)
  return isTimed(model) && atUs >= stableUs && atUs < dueUs
}
