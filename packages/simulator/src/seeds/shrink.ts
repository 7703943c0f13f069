import type { ProcessId } from '@upon/contract'
import type { Run, RunOptions } from '../engine/simulate'
import { outsideModel } from '../plan/outside-model'
import type { ClientOperation, Fault, Plan } from '../plan/plan'
import { roundedPlan } from './rounded'
import { judge, LETS_TIME_PASS, type Outcome, RESTS, type Scenario, type Violation } from './scenario'

export interface ShrinkOptions {
  /** How many runs it may take; 3,000 by default. */
  readonly limitRuns?: number
  /** How many events all these runs may have together; 5 million by default. */
  readonly limitEvents?: number
  /** What each run may cost. If the violation is that a run never rests, each run takes all of it. */
  readonly limits?: NonNullable<RunOptions['limits']>
}

/** A smallest plan that still violates the same property: removing any one item makes it pass. */
export interface Shrunk<O> {
  readonly plan: Plan<O>
  /** Its run, with everything recorded. */
  readonly run: Run
  readonly violation: Violation
  /** Operations, faults, and messages with a delay of their own: everything that a reader must know to understand the run. */
  readonly steps: number
  /** How many runs it took. */
  readonly runs: number
}

/**
 * Reduces a failing outcome: fewer processes, operations and faults, and as many messages as possible with the same delay, as long as the
 * same property is violated. Where very many messages must differ, delays stay as they were drawn. The result is within the model if the
 * outcome is.
 */
export function shrink<O>(scenario: Scenario<O>, outcome: Outcome<O>, options: ShrinkOptions = {}): Shrunk<O> {
  const property = outcome.violation?.property ?? ''
  if (!GOES_ON.has(property) || options.limits?.events !== undefined) return shrinkWithin(scenario, outcome, options)
  const quick = shrinkWithin(scenario, outcome, { ...options, limits: { ...options.limits, events: RESTLESS_EVENTS } })
  const { violation } = judge(scenario, quick.plan, { limits: options.limits ?? {} })
  return violation?.property === property ? quick : shrinkWithin(scenario, outcome, options)
}

/** What runs without end violate. */
const GOES_ON = new Set([RESTS, LETS_TIME_PASS])

/** A run that has not come to rest by then rarely does; the full limit is tried once, at the end. */
const RESTLESS_EVENTS = 5_000

function shrinkWithin<O>(
  scenario: Scenario<O>,
  outcome: Outcome<O>,
  { limitRuns = 3_000, limitEvents = 5_000_000, limits = {} }: ShrinkOptions,
): Shrunk<O> {
  const { violation } = outcome
  if (violation === undefined) throw new TypeError(`seed ${outcome.seed} violates nothing: there is nothing to shrink`)
  const isWithin = outsideModel(outcome.plan, scenario) === undefined
  const mayTry = (plan: Plan<O>) => !isWithin || outsideModel(plan, scenario) === undefined
  const search = new Search(scenario, violation.property, mayTry, { limitRuns, limitEvents, limits })
  const drawn = search.simplest(outcome.plan)
  let plan = search.explicit(drawn)
  for (let before = Number.POSITIVE_INFINITY; sizeOf(plan) < before && !search.isExhausted; ) {
    before = sizeOf(plan)
    plan = search.simplest(search.fewerDeviations(plan))
  }
  if (Object.keys(plan.deviations ?? {}).length > LIMIT_DEVIATIONS) plan = drawn
  plan = search.rounded(plan)
  const { run, violation: found } = judge(scenario, plan, { record: 'everything', limits })
  return { plan, run, violation: found ?? violation, steps: stepsOf(plan), runs: search.runs }
}

/** More deviations than a reader can follow: then the drawn schedule is the better description. */
const LIMIT_DEVIATIONS = 25

const stepsOf = ({ operations, faults, deviations }: Plan) => operations.length + faults.length + Object.keys(deviations ?? {}).length
const sizeOf = (plan: Plan) => stepsOf(plan) + plan.processes.length

class Search<O> {
  runs = 0
  events = 0

  constructor(
    readonly scenario: Scenario<O>,
    readonly property: string,
    /** Whether a plan is within the model. */
    readonly mayTry: (plan: Plan<O>) => boolean,
    readonly options: Required<ShrinkOptions>,
  ) {}

  get isExhausted(): boolean {
    return this.runs >= this.options.limitRuns || this.events >= this.options.limitEvents
  }

  fails(plan: Plan<O>): boolean {
    if (this.isExhausted || !this.mayTry(plan)) return false
    this.runs++
    try {
      const { run, violation } = judge(this.scenario, plan, { limits: this.options.limits })
      this.events += run.events
      return violation?.property === this.property
    } catch {
      return false // not a valid plan: a client uses a process that is no longer there
    }
  }

  /** The plan without the processes, faults and operations that the failure does not need. */
  simplest(from: Plan<O>): Plan<O> {
    let plan = from
    const attempt = (candidate: Plan<O>) => {
      if (this.fails(candidate)) plan = candidate
    }
    for (const p of from.processes) if (plan.processes.length > 1) attempt(without(plan, p))
    for (const fault of plan.faults) attempt({ ...plan, faults: plan.faults.filter((f) => f !== fault) })
    for (const operation of plan.operations) attempt({ ...plan, operations: plan.operations.filter((o) => o !== operation) })
    for (const operation of plan.operations)
      if (operation.afterMs > 0 || operation.atMs !== undefined)
        attempt({ ...plan, operations: plan.operations.map((o) => (o === operation ? atOnce(o) : o)) })
    for (const fault of plan.faults)
      if (fault.kind === 'crash' && (fault.lostPercent ?? 0) > 0)
        attempt({ ...plan, faults: plan.faults.map((f) => (f === fault ? { ...fault, lostPercent: 0 } : f)) })
    return plan
  }

  /** All messages take 1 ms, or as long as allowed; or the same run with every delay listed. Returns the plan as it was if none of these fails. */
  explicit(plan: Plan<O>): Plan<O> {
    for (const delayMs of [1, plan.boundMs]) {
      const even: Plan<O> = { ...plan, schedule: { kind: 'fixed', delayMs }, deviations: {} }
      if (this.fails(even)) return even
    }
    const { run } = judge(this.scenario, plan, { recordsDelays: true, limits: this.options.limits })
    const spelt: Plan<O> = { ...plan, schedule: { kind: 'fixed', delayMs: 1 }, deviations: run.delaysMs ?? {} }
    return this.fails(spelt) ? spelt : plan
  }

  /** The plan in whole milliseconds, as far as it still fails. */
  rounded(from: Plan<O>): Plan<O> {
    const whole = roundedPlan(from, () => true)
    if (this.fails(whole)) return whole
    let plan = from
    for (let n = 0; n < sizeOf(from) && !this.isExhausted; n++) {
      const candidate = roundedPlan(plan, (i) => i === n)
      if (this.fails(candidate)) plan = candidate
    }
    return plan
  }

  /** Takes deviations away in halves, quarters and so on, down to single ones. */
  fewerDeviations(from: Plan<O>): Plan<O> {
    let plan = from
    let names = Object.keys(plan.deviations ?? {})
    for (let size = names.length; size >= 1 && !this.isExhausted; ) {
      let isReduced = false
      for (let at = 0; at < names.length && !this.isExhausted; ) {
        const left = [...names.slice(0, at), ...names.slice(at + size)]
        const candidate = { ...plan, deviations: Object.fromEntries(left.map((name) => [name, plan.deviations?.[name] ?? 1])) }
        if (this.fails(candidate)) {
          plan = candidate
          names = left
          isReduced = true
        } else at += size
      }
      if (size === 1 && !isReduced) break
      size = Math.min(Math.max(1, Math.floor(size / 2)), Math.max(1, names.length))
      if (names.length === 0) break
    }
    return plan
  }
}

/** Whether what has this name comes from a process, or to it. */
const isOf = (name: string, p: ProcessId): boolean => name.startsWith(`${p}>`) || name.startsWith(`${p} `) || name.includes(`>${p} `)

const atOnce = <O>({ process, operation }: ClientOperation<O>): ClientOperation<O> => ({ process, afterMs: 0, operation })

/** The plan without one process. */
function without<O>(plan: Plan<O>, p: ProcessId): Plan<O> {
  const isOther = (q: ProcessId) => q !== p
  const faults = plan.faults.flatMap((fault): Fault[] => {
    if (fault.kind === 'partition') return [{ ...fault, groups: fault.groups.map((group) => group.filter(isOther)) }]
    if (fault.kind === 'block') return [{ ...fault, from: fault.from.filter(isOther), to: fault.to.filter(isOther) }]
    if (fault.kind === 'loss' || fault.kind === 'stabilise') return [fault]
    if (fault.kind === 'fate') return isOf(fault.message, p) ? [] : [fault]
    return fault.process === p || (fault.kind === 'hint' && fault.about === p) ? [] : [fault]
  })
  const deviations = Object.fromEntries(Object.entries(plan.deviations ?? {}).filter(([name]) => !isOf(name, p)))
  return {
    ...plan,
    processes: plan.processes.filter(isOther),
    operations: plan.operations.filter(({ process }) => process !== p),
    faults,
    ...(plan.deviations === undefined ? {} : { deviations }),
  }
}
