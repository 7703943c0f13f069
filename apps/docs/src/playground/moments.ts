/** How times become places: in proportion, but idle times fold, and marks of one process keep apart. */
export interface Moments {
  at(timeMs: number): number
  /** Where time was folded, and how much. */
  readonly folds: readonly { readonly x: number; readonly ms: number }[]
  readonly end: number
}

export interface Moment {
  readonly timeMs: number
  readonly lane: number
}

const APART = 24
/** More than so many pixels of nothing are folded. */
const FOLDED = 150
const CLOSE = 5

/** Places for moments in order of time, `unit` pixels for each millisecond. */
export function momentsOf(moments: readonly Moment[], nowMs: number, unit: number, start: number): Moments {
  const known: { timeMs: number; x: number }[] = [{ timeMs: 0, x: start }]
  const folds: { x: number; ms: number }[] = []
  const lastAt = new Map<number, number>()
  const all = [...moments, { timeMs: nowMs, lane: -1 }].sort((a, b) => a.timeMs - b.timeMs)
  for (const { timeMs, lane } of all) {
    const last = known.at(-1) as { timeMs: number; x: number }
    const gap = (timeMs - last.timeMs) * unit
    if (gap > FOLDED) folds.push({ x: last.x + FOLDED / 2, ms: timeMs - last.timeMs })
    let x = last.x + Math.min(Math.max(gap, timeMs > last.timeMs ? CLOSE : 0), FOLDED)
    const before = lastAt.get(lane)
    if (before !== undefined && timeMs > last.timeMs) x = Math.max(x, before + APART)
    if (lane >= 0) lastAt.set(lane, x)
    if (timeMs > last.timeMs) known.push({ timeMs, x })
    else last.x = Math.max(last.x, x)
  }
  const end = (known.at(-1) as { x: number }).x
  const at = (timeMs: number): number => {
    const i = known.findLastIndex((each) => each.timeMs <= timeMs)
    const from = known[Math.max(0, i)] as { timeMs: number; x: number }
    const to = known[Math.max(0, i) + 1]
    if (to === undefined) return from.x + Math.min(Math.max(0, timeMs - from.timeMs) * unit, FOLDED)
    return from.x + ((to.x - from.x) * (timeMs - from.timeMs)) / (to.timeMs - from.timeMs)
  }
  return { at, folds, end }
}
