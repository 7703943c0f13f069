import { mostFaulty, type ProcessId, type Resilience } from '@upon/contract'
import { longestDelayMs } from './delay'
import type { Crash, Fault, Plan } from './plan'
import type { PlanSpace } from './plan-space'

/**
 * What in a plan exceeds the model under test, in words; nothing if the plan is within the model. A plan outside the model shows nothing
 * about an algorithm, which promises nothing there.
 */
export function outsideModel(
  plan: Plan,
  { model = 'fail-noisy', resilience }: Pick<PlanSpace<unknown>, 'model' | 'resilience'>,
): string | undefined {
  return (
    tooManyFaulty(plan, resilience) ??
    unlikeLinks(plan, model) ??
    (model === 'fail-recovery' ? unsteady(plan) : recovering(plan)) ??
    (model === 'fail-stop' ? unlikeSynchronous(plan) : unending(plan))
  )
}

/** Whether a model has bounds on delays and clocks, at least from some time on. */
export const isTimed = (model: PlanSpace<unknown>['model']): boolean => model !== 'fail-silent' && model !== 'fail-recovery'

/** Perfect links lose nothing but what a process that crashes sent, and repeat nothing; a message that is late, and a timer that is early, are so for some bound. */
function unlikeLinks({ faults, processes }: Plan, model: PlanSpace<unknown>['model']): string | undefined {
  const crashes = (p: ProcessId) => faults.some((fault) => fault.kind === 'crash' && fault.process === p)
  for (const fault of faults) {
    if (fault.kind !== 'fate') continue
    const { message, is, links } = fault
    if (is === 'late' || is === 'early') {
      if (isTimed(model)) return is === 'late' ? `${message} takes longer than the model's bound` : `${message} times out too early`
      continue
    }
    const sender = processes.find((p) => message.startsWith(`${p}>`)) ?? ''
    if (links === 'fair-loss' || (is === 'lost' && crashes(sender))) continue
    return `${message} is ${is}; in the model the links are perfect`
  }
  return undefined
}

function tooManyFaulty({ processes, faults }: Plan, resilience: Resilience): string | undefined {
  const down = processes.filter((p) => staysDown(p, faults))
  if (down.length <= mostFaulty(resilience, processes.length)) return undefined
  return `${down.join(', ')} crash for good, ${down.length} of ${processes.length}; the model has ${resilience}`
}

/** Whether a process has a crash without a later recovery. */
export function staysDown(p: ProcessId, faults: readonly Fault[]): boolean {
  const isFollowed = (crash: Crash, at: number) =>
    faults.some((fault, listed) => {
      if (fault.kind !== 'recover' || fault.process !== p) return false
      return 'atMs' in crash ? fault.atMs > crash.atMs || (fault.atMs === crash.atMs && listed > at) : listed > at
    })
  return faults.some((fault, at) => fault.kind === 'crash' && fault.process === p && !isFollowed(fault, at))
}

/**
 * A process that crashes and recovers forever must have done so more often than the others. Otherwise nothing tells it from a process that
 * crashed late.
 */
function unsteady({ processes, faults }: Plan): string | undefined {
  const recoveries = (p: ProcessId) => faults.filter((fault) => fault.kind === 'recover' && fault.process === p).length
  for (const fault of faults) {
    if (!('atEnd' in fault)) continue
    const others = processes.filter((p) => p !== fault.process).map(recoveries)
    if (recoveries(fault.process) <= Math.max(0, ...others))
      return `${fault.process} crashes in the end, and has not recovered more often than the others; in the model it does so forever`
  }
  return undefined
}

function recovering({ faults }: Plan): string | undefined {
  const recovery = faults.find((fault) => fault.kind === 'recover')
  return recovery === undefined ? undefined : `${recovery.process} recovers; in the model a crash is for good`
}

/** In a synchronous system: how long after the first process another one may start, and how far timers may drift. */
export const LATEST_START_MS = 20
export const MOST_DRIFT_PERCENT = 10

/** Synchronous systems have crashes, delays up to the bound, nearly equal clocks, and no other faults. */
function unlikeSynchronous(plan: Plan): string | undefined {
  const { faults, deviations = {}, boundMs, stabilisationMs, schedule } = plan
  const bound = `the model's bound is ${boundMs} ms`
  for (const fault of faults) {
    const what = asynchrony(fault, faults)
    if (what !== undefined) return `${what}; the model is synchronous`
  }
  for (const [message, ms] of Object.entries(deviations))
    if (ms > boundMs && message.includes('>')) return `${message} takes ${ms} ms; ${bound}`
  if (stabilisationMs > 0 && longestDelayMs(schedule) > boundMs)
    return `messages may take up to ${longestDelayMs(schedule)} ms until ${stabilisationMs} ms; ${bound}`
  return undefined
}

/** What in a fault no synchronous system has. */
function asynchrony(fault: Fault, faults: readonly Fault[]): string | undefined {
  switch (fault.kind) {
    case 'crash':
    case 'recover':
    case 'fate':
    case 'stabilise':
      return undefined
    case 'start':
      return fault.atMs <= LATEST_START_MS ? undefined : `${fault.process} starts at ${fault.atMs} ms`
    case 'pause':
      return `${fault.process} pauses`
    case 'slow':
      return `${fault.process} is slow`
    case 'partition':
      return `${fault.groups.map((group) => group.join(',')).join(' | ')} are parted`
    case 'block':
      return `nothing goes from ${fault.from.join(',')} to ${fault.to.join(',')}`
    case 'drift':
      return Math.abs(fault.percent - 100) <= MOST_DRIFT_PERCENT
        ? undefined
        : `the timers of ${fault.process} drift by more than ${MOST_DRIFT_PERCENT} %`
    case 'loss':
      return fault.lostPercent + fault.duplicatedPercent === 0 ? undefined : 'links lose and repeat messages'
    case 'hint':
      return hasCrashed(fault.about, fault.atMs, faults)
        ? undefined
        : `${fault.process} gets a wrong hint that ${fault.about} refuses connections`
  }
}

const hasCrashed = (p: ProcessId, byMs: number, faults: readonly Fault[]) =>
  faults.some((fault) => fault.kind === 'crash' && fault.process === p && 'atMs' in fault && fault.atMs <= byMs)

/** In the other models everything may be late, but links eventually deliver, and correct processes go on. */
function unending({ faults, stabilisationMs }: Plan): string | undefined {
  for (const fault of faults) {
    if (fault.kind === 'start' && fault.atMs > stabilisationMs)
      return `${fault.process} starts at ${fault.atMs} ms; the plan says that all have started by ${stabilisationMs} ms`
    if (!('fromMs' in fault)) continue
    const { kind, toMs } = fault
    if (toMs === undefined) return `a ${kind} from ${fault.fromMs} ms on never ends; in the model each does`
    if (toMs > stabilisationMs) return `a ${kind} ends at ${toMs} ms; the plan says that faults end by ${stabilisationMs} ms`
  }
  return undefined
}
