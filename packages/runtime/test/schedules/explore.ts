import { env } from 'node:process'

/** What a schedule has violated, if anything. */
export type Check = (seed: number) => string | undefined

/** Runs so many schedules, or the one of `SEED=`, and says what the first bad one violated and how to see it again. */
export function explore(schedules: number, check: Check): string | undefined {
  const [first, last] = env.SEED === undefined ? [1, schedules] : [Number(env.SEED), Number(env.SEED)]
  return firstViolation(first, last, check)
}

/** Whether a mutant is caught within so many schedules: the same, but `SEED=` is not for it. */
export const caught = (schedules: number, check: Check): string | undefined => firstViolation(1, schedules, check)

function firstViolation(first: number, last: number, check: Check): string | undefined {
  for (let seed = first; seed <= last; seed++) {
    const violation = check(seed)
    if (violation !== undefined) return `SEED=${seed}: ${violation}`
  }
  return undefined
}
