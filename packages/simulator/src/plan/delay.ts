import type { Schedule } from './plan'
import { combine } from './random'

/** How long a message takes, in us. It depends on the message alone, so that removing others does not change it. */
export type Delay = (path: number, link: number, count: number) => number

const CAP_US = 60_000_000

/** The delays of `schedule`; for priorities, the delays once these have ended. */
export function delaysOf(schedule: Schedule, boundUs: number): Delay {
  if (schedule.kind === 'fixed') {
    const us = Math.round(schedule.delayMs * 1000)
    return () => us
  }
  const { seed } = schedule
  const draw = (path: number, link: number, count: number) => combine(combine(seed ^ path, link), count)
  if (schedule.kind === 'priorities') return (path, link, count) => 1 + (draw(path, link, count) % boundUs)
  const lowUs = Math.round(schedule.lowMs * 1000)
  const rangeUs = Math.max(1, Math.round(schedule.highMs * 1000) - lowUs + 1)
  const shape = SHAPES[schedule.shape]
  return (path, link, count) => {
    const bits = draw(path, link, count)
    return Math.min(CAP_US, shape(lowUs + ((bits >>> 8) % rangeUs), bits & 0xff))
  }
}

/** The longest delay, in ms, that a schedule gives before the stabilisation time. */
export function longestDelayMs(schedule: Schedule): number {
  if (schedule.kind === 'priorities') return Number.POSITIVE_INFINITY
  return schedule.kind === 'fixed' ? schedule.delayMs : Math.min(CAP_US / 1000, schedule.highMs * LONGEST[schedule.shape])
}

const LONGEST = { uniform: 1, heavy: 256, bimodal: 50 } as const

/** How the remaining eight bits change a delay. */
const SHAPES = {
  uniform: (us: number, _bits: number) => us,
  heavy: (us: number, bits: number) => us * 2 ** Math.clz32((bits << 24) | (1 << 23)),
  bimodal: (us: number, bits: number) => ((bits & 15) === 0 ? us * 50 : us),
} as const
