import { hex, type Statistics } from '@upon/simulator'
import { bad, good } from './output'

/** Which runs they were. */
export interface Facts {
  readonly algorithm: string
  readonly processes: number | 'by turns'
  /** The first seed. */
  readonly seed: string
  readonly seconds: number
}

/** In this many runs, every required situation must occur. */
const ENOUGH_RUNS = 1_000

/** The required situations that never occurred, though there were enough runs: the test shows too little. */
const missing = ({ runs, sometimes }: Statistics): string[] =>
  runs < ENOUGH_RUNS ? [] : Object.keys(sometimes).filter((situation) => sometimes[situation] === 0)

/** Whether nothing was violated, and every required situation occurred. */
export const isGood = (sum: Statistics): boolean => sum.violations === 0 && missing(sum).length === 0

const counted = (counts: readonly (readonly [what: string, count: number])[]) =>
  counts.map(([what, count]) => `${what} ${count}`).join(', ')

export function summary({ algorithm, processes, seed, seconds }: Facts, sum: Statistics): string {
  const seeds = `seeds ${seed} to ${hex(Number(seed) + sum.runs - 1)}`
  const rate = Math.round((sum.runs / seconds) * 60)
  const size = processes === 1 ? '1 process' : `${processes === 'by turns' ? '1 to 7' : processes} processes`
  const lines = [
    `${algorithm}, ${size}, ${seeds}: ${sum.runs} runs, ${sum.events} events, ${rate} runs a minute`,
    `  runs with ${counted(Object.entries(sum.faults)) || 'no faults'}; ${sum.cut} cut off at their limits`,
  ]
  const some = Object.entries(sum.sometimes).filter(([, count]) => count < sum.runs)
  if (some.length > 0) lines.push(`  runs in which ${counted(some)}`)
  const never = missing(sum)
  if (never.length > 0) lines.push(bad(`  never: ${never.join(', ')}; what was tried shows too little`))
  lines.push(sum.violations === 0 ? good('  nothing violated') : bad(`  ${sum.violations} of ${sum.runs} runs violate something`))
  return lines.join('\n')
}
