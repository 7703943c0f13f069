import { mostFaulty, type ProcessId } from '@upon/contract'
import { isTimed } from '../plan/outside-model'
import type { PlanSpace } from '../plan/plan-space'
import type { Command } from './command'
import type { Hand } from './hand'
import { isEarly, isLate } from './timing'

/** What a session is played under. */
export type SessionModel = Pick<PlanSpace<unknown>, 'model' | 'resilience'>

/**
 * Which assumption of the model a command would break, in words; nothing if it stays within the model. After such a command, whatever
 * a run violates the algorithm never promised.
 */
export function brokenBy<O>(hand: Hand<O>, command: Command<O>, { model = 'fail-noisy', resilience }: SessionModel): string | undefined {
  switch (command.do) {
    case 'drop':
    case 'duplicate':
      return ofLinks(hand, command.do, command.id)
    case 'delay':
      return ofDelay(hand, command, model)
    case 'timeout':
      return ofTimer(hand, command.id, model)
    case 'crash':
      return ofCrash(hand, command.process, model, resilience)
    case 'recover':
      return model === 'fail-recovery' ? undefined : `${command.process} recovers; in the model a crash is for good`
    case 'pause':
      return ofAsynchrony(hand, model, `${command.process} pauses`)
    case 'cut':
      return ofAsynchrony(hand, model, 'messages are held back')
    default:
      return undefined
  }
}

function ofLinks<O>(hand: Hand<O>, what: 'drop' | 'duplicate', id: string): string | undefined {
  const scheduled = hand.find(id)?.scheduled
  if (scheduled === undefined || scheduled.isLossy) return undefined
  if (what === 'duplicate') return `${id} arrives twice; perfect links deliver no message more than once`
  return hand.simulation.isCrashed(scheduled.from) ? undefined : `${id} is lost; perfect links lose nothing between correct processes`
}

function ofDelay<O>(
  hand: Hand<O>,
  { id, byMs }: { readonly id: string; readonly byMs: number },
  model: SessionModel['model'],
): string | undefined {
  const scheduled = hand.find(id)?.scheduled
  if (scheduled === undefined || !isTimed(model)) return undefined
  const atUs = Math.max(scheduled.timeUs, hand.simulation.timeline.nowUs) + Math.round(byMs * 1000)
  return isLate(hand, { kind: 'message', sentUs: scheduled.sentUs }, atUs)
    ? `${id} takes longer than the bound, ${hand.plan.boundMs} ms`
    : undefined
}

function ofTimer<O>(hand: Hand<O>, id: string, model: SessionModel['model']): string | undefined {
  const scheduled = hand.find(id)?.scheduled
  if (scheduled === undefined) return undefined
  const dueUs = hand.moved.get(id)?.dueUs ?? scheduled.timeUs
  const atUs = hand.simulation.timeline.nowUs + 1
  return isEarly(hand, scheduled, { dueUs, atUs, model })
    ? `${id} times out too early: the model has clocks that can be relied upon`
    : undefined
}

function ofCrash<O>(
  { plan, simulation, armed }: Hand<O>,
  process: ProcessId,
  model: SessionModel['model'],
  resilience: SessionModel['resilience'],
) {
  if (model === 'fail-recovery') return undefined // who is down may recover
  const down = new Set(plan.processes.filter((_, host) => simulation.isCrashed(host)))
  for (const crash of armed) down.add(crash.process)
  down.add(process)
  const most = mostFaulty(resilience, plan.processes.length)
  return down.size <= most
    ? undefined
    : `${[...down].join(', ')} crash, ${down.size} of ${plan.processes.length}; the model has ${resilience}`
}

function ofAsynchrony<O>({ simulation }: Hand<O>, model: SessionModel['model'], what: string): string | undefined {
  if (model === 'fail-stop') return `${what}; the model is synchronous`
  return isTimed(model) && simulation.network.isStable ? `${what}; delays are bounded by now` : undefined
}
