import { EventualLeaderDetector, EventuallyPerfectFailureDetector, type Module } from '@upon/contract'
import { type Host, run, type Tested } from '../suite'

/** Nobody asks anything of a detector. */
const unasked = {
  start: <M extends Module>(process: Host, algorithm: Tested<M>) => void run(process, algorithm),
  operations: () => [],
  few: () => [],
} as const

export const eventuallyPerfectFailureDetector = { ...unasked, module: EventuallyPerfectFailureDetector }

export const eventualLeaderDetector = { ...unasked, module: EventualLeaderDetector }
