import { readFileSync } from 'node:fs'
import type { Plan } from '@upon/simulator'

const isNumber = (value: unknown) => typeof value === 'number' && value >= 0
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
const isListOf = (isItem: (item: unknown) => boolean) => (value: unknown) => Array.isArray(value) && value.every(isItem)

const FIELDS: Readonly<Record<keyof Plan, readonly [isRight: (value: unknown) => boolean, expected: string]>> = {
  seed: [isNumber, 'a number from 0 on'],
  processes: [(value) => isListOf((p) => typeof p === 'string')(value) && (value as unknown[]).length > 0, 'the names of the processes'],
  operations: [isListOf((o) => isObject(o) && isNumber(o.afterMs) && 'operation' in o), 'a list of { process, afterMs, operation }'],
  faults: [isListOf((fault) => isObject(fault) && typeof fault.kind === 'string'), 'a list of faults, each with its kind'],
  schedule: [(value) => isObject(value) && typeof value.kind === 'string', 'an object with its kind'],
  deviations: [(value) => value === undefined || (isObject(value) && Object.values(value).every(isNumber)), 'delays in ms, by message'],
  stabilisationMs: [isNumber, 'a number from 0 on'],
  boundMs: [isNumber, 'a number from 0 on'],
  links: [(value) => value === undefined || value === 'all' || value === 'fair-loss', '"all" or "fair-loss"'],
}

/** A plan as a shrunk failure prints it; `-` is standard input. Throws an Error that says what is wrong with the plan. */
export function readPlan(file: string): Plan {
  let plan: unknown
  try {
    plan = JSON.parse(readFileSync(file === '-' ? 0 : file, 'utf8'))
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message}; expected a plan as a shrunk failure prints it`)
  }
  if (!isObject(plan)) throw new Error(`${file}: expected a plan as a shrunk failure prints it`)
  for (const [field, [isRight, expected]] of Object.entries(FIELDS))
    if (!isRight(plan[field])) throw new Error(`${file}: ${field} is ${JSON.stringify(plan[field])}; expected ${expected}`)
  return plan as unknown as Plan
}
