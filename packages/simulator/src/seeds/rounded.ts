import type { Fault, Plan } from '../plan/plan'

/** The plan with those of its operations, faults and delays in whole milliseconds that are chosen, by their place. */
export function roundedPlan<O>(plan: Plan<O>, isChosen: (i: number) => boolean): Plan<O> {
  let i = 0
  const round = <T>(item: T, rounded: () => T): T => (isChosen(i++) ? rounded() : item)
  const operations = plan.operations.map((o) => round(o, () => ({ ...o, afterMs: Math.round(o.afterMs) })))
  const faults = plan.faults.map((fault) => round(fault, () => roundedFault(fault)))
  const deviations = Object.entries(plan.deviations ?? {}).map(([name, ms]) => [name, round(ms, () => Math.round(ms))])
  return { ...plan, operations, faults, ...(plan.deviations === undefined ? {} : { deviations: Object.fromEntries(deviations) }) }
}

const MOMENTS = ['atMs', 'fromMs', 'toMs', 'eventMs', 'afterMs']

const roundedFault = (fault: Fault): Fault =>
  Object.fromEntries(
    Object.entries(fault).map(([name, value]) => [name, MOMENTS.includes(name) ? Math.round(value) : value]),
  ) as unknown as Fault
