import { type Operation, relevant } from './history'
import { Sweep } from './sweep'
import { type Timeline, timeline } from './timeline'
import { witness } from './witness'

/** What a decision may cost. */
export interface Budget {
  /** Configurations looked at, in all. */
  readonly limitSteps: number
  readonly limitMs: number
  readonly limitBytes: number
}

/** `order` is a linearization. `none`: there is none, and already the history up to `untilMs` has none. `limit`: gave up. */
export type Decided<V> = { readonly order: readonly Operation<V>[] } | { readonly untilMs: number } | 'limit'

/** Enough for nearly every history that is linearizable; a little of what the widest costs. */
const NARROW = 100
/** A configuration's row, its place in the table, and what it leaves in the tree of choices. */
const BYTES_BESIDE_ROW = 100

/** Decides a register's history by sweeps: a narrow one, one in which pending writes never run out, and then as wide a one as the budget allows. */
export function decideBySweep<V>(history: readonly Operation<V>[], budget: Budget): Decided<V> {
  const line = timeline(relevant(history))
  const spend = spender(budget)
  const widest = Math.max(NARROW, Math.floor(budget.limitBytes / (line.slots / 8 + BYTES_BESIDE_ROW)))
  const attempts = [
    { width: NARROW, pending: 'once' },
    { width: widest, pending: 'endless' },
    { width: widest, pending: 'once' },
  ] as const
  for (const attempt of attempts) {
    const swept = new Sweep(line, { ...attempt, spend }).run()
    if (swept.end === 'limit') return 'limit'
    if (swept.end === 'stuck' && swept.exact) return { untilMs: timeOf(line, swept.moment) }
    if (swept.end === 'order' && attempt.pending === 'once') return { order: witness(line, swept.choices).map((i) => line.operations[i]!) }
  }
  return 'limit'
}

/** Looking at the clock costs more than looking at a configuration. */
const LOOK_AT_CLOCK_EVERY = 1024

function spender({ limitSteps, limitMs }: Budget): (count: number) => boolean {
  const deadlineMs = performance.now() + limitMs
  let spent = 0
  let look = LOOK_AT_CLOCK_EVERY
  return (count) => {
    spent += count
    if (spent >= look) {
      look = spent + LOOK_AT_CLOCK_EVERY
      if (performance.now() > deadlineMs) return false
    }
    return spent <= limitSteps
  }
}

function timeOf<V>({ operations, moments }: Timeline<V>, moment: number): number {
  const happens = moments[moment]!
  return happens < 0 ? operations[~happens]!.respondedAtMs! : operations[happens]!.invokedAtMs
}
