import type { Arrow, Box, Label, Mark, Place } from './types'

/** Half the side of a mark, with some air. */
const MARK = 8
/** The cost of a line that crosses a label, and of each step away from where it would best be. */
const COST = { line: 60, step: 4 } as const

/** A text, and where it may stand, the best places first. */
export interface Wish {
  readonly of: Label['of']
  readonly text: string
  readonly size: number
  readonly entry?: number
  readonly places: readonly { readonly at: Place; readonly anchor: Label['anchor'] }[]
}

/** The room of a picture: what is in it may not be covered. */
export class Room {
  readonly #taken: Box[] = []
  readonly #lines: { readonly from: Place; readonly to: Place }[] = []

  constructor(
    readonly frame: Box,
    marks: readonly Mark[],
    arrows: readonly Arrow[],
  ) {
    for (const { at, entry } of marks) if (entry.process !== undefined) this.#taken.push(around(at, MARK)) // others are bands
    for (const { fate, from, to } of arrows) {
      if (fate !== 'delivered') this.#taken.push(around(to, MARK))
      this.#lines.push({ from, to })
    }
  }

  /** The label at the best free place. None if all are taken. */
  place({ of, text, size, entry, places }: Wish): Label[] {
    let best: { readonly label: Label; readonly cost: number } | undefined
    places.forEach(({ at, anchor }, i) => {
      const box = boxOf(text, at, anchor, size)
      if (!isWithin(box, this.frame) || this.#taken.some((other) => overlap(box, other))) return
      const crossed = this.#lines.filter((line) => crosses(line, box)).length
      const cost = crossed * COST.line + i * COST.step
      if (best !== undefined && best.cost <= cost) return
      best = { label: { of, text, at, anchor, box, ...(entry === undefined ? {} : { entry }) }, cost }
    })
    if (best === undefined) return []
    this.#taken.push(best.label.box)
    return [best.label]
  }
}

const around = ({ x, y }: Place, half: number): Box => ({ left: x - half, top: y - half, right: x + half, bottom: y + half })

function boxOf(text: string, { x, y }: Place, anchor: Label['anchor'], size: number): Box {
  const width = text.length * size
  const left = anchor === 'start' ? x : anchor === 'end' ? x - width : x - width / 2
  return { left, top: y - size * 1.5, right: left + width, bottom: y + size * 0.5 }
}

const isWithin = (box: Box, frame: Box): boolean =>
  box.left >= frame.left && box.right <= frame.right && box.top >= frame.top && box.bottom <= frame.bottom

/** Whether two rectangles have a point in common. */
export const overlap = (a: Box, b: Box): boolean => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom

/** Whether a line goes through a rectangle: clipped to it, something is left (Liang, Barsky). */
function crosses({ from, to }: { readonly from: Place; readonly to: Place }, box: Box): boolean {
  let first = 0
  let last = 1
  const [dx, dy] = [to.x - from.x, to.y - from.y]
  const sides = [
    [-dx, from.x - box.left],
    [dx, box.right - from.x],
    [-dy, from.y - box.top],
    [dy, box.bottom - from.y],
  ] as const
  for (const [p, q] of sides) {
    if (p === 0 && q < 0) return false
    if (p < 0) first = Math.max(first, q / p)
    if (p > 0) last = Math.min(last, q / p)
  }
  return first < last
}
