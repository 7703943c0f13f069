import type { Budget } from '../budget'
import { type Operation, relevant } from '../history'
import { Sweep } from './sweep'
import { type Timeline, timeline } from './timeline'
import { witness } from './witness'

/** `order` is a linearization. `untilMs`: there is none, not even of the history up to then. `limit`: gave up. */
export type Decided<V> = { readonly order: readonly Operation<V>[] } | { readonly untilMs: number } | 'limit'

/** Enough for nearly every history that is linearizable; a little of what the widest costs. */
const NARROW = 100
/** A configuration's place in the table, and what it leaves in the tree of choices. */
const BYTES_BESIDE_ROW = 100

/** Decides a register's history by sweeps: a narrow one, one in which pending writes never run out, and then as wide a one as the budget allows. */
export function decideBySweep<V>(history: readonly Operation<V>[], budget: Budget): Decided<V> {
  const line = timeline(relevant(history))
  const widest = Math.max(NARROW, Math.floor(budget.limitBytes / (line.slots / 4 + BYTES_BESIDE_ROW)))
  const attempts = [
    { width: NARROW, pending: 'once' },
    { width: widest, pending: 'endless' },
    { width: widest, pending: 'once' },
  ] as const
  for (const attempt of attempts) {
    const swept = new Sweep(line, attempt, budget).run()
    if (swept.end === 'limit') return 'limit'
    if (swept.end === 'stuck' && swept.exact) return { untilMs: timeOf(line, swept.moment) }
    if (swept.end === 'order' && attempt.pending === 'once') return { order: witness(line, swept.choices).map((i) => line.operations[i]!) }
  }
  return 'limit'
}

/** A sweep is stuck only at a response. */
function timeOf<V>({ operations, moments }: Timeline<V>, moment: number): number {
  return operations[~moments[moment]!]!.respondedAtMs!
}
