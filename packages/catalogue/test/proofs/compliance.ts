import { compliance, runTurns } from '@upon/compliance'
import { describe, expect, it } from 'vitest'
import type { Entry } from '../../src'
import { FIRST_SEED, isDeep } from './deep'

/** Seeds of each algorithm over each kind of layers. More: `npm run sim -- uc --runs 1000000`. */
const RUNS = isDeep ? 1_000 : 100

/** What an entry may cost in `npm test`, in messages, time-outs and steps of clients: what all together take is shared fairly. */
const EVENTS_LIMIT = 500_000
/** Schedules that stand for all: one of each size, about. */
const COUNTED = 10

/** The situations that make schedules worth trying are rare: they need more schedules than a quick test runs. */
const itOrNot: typeof it = ((name: string, ...rest: [() => void]) =>
  isDeep || !name.startsWith('sometimes ') ? it(name, ...rest) : undefined) as never

/** Every property, under many seeds. */
export function compliant({ suite, algorithm, name, options, scenario, overAdversarial, sideBySide }: Entry): void {
  const { processes: _, ...others } = options
  compliance(suite, {
    ...{ ...others, name, algorithm, describe, it: itOrNot, runs: RUNS, seed: FIRST_SEED },
    limitStates: 0, // small systems have tests of their own
    command: 'npm run sim --',
  })
  if (isDeep) return
  it(`${name} costs ${EVENTS_LIMIT} events at most`, () => {
    const events = [scenario, overAdversarial, sideBySide].map((of) =>
      of === undefined ? 0 : runTurns(of, 1, COUNTED, options.sizes).events,
    )
    const [own = 0, adversarial = 0, two = 0] = events
    expect(((own + adversarial + two / 4) / COUNTED) * RUNS).toBeLessThanOrEqual(EVENTS_LIMIT)
  })
}
