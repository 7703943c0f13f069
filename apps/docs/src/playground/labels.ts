/** A label that wants a place: candidates are tried in order, and the cheapest is taken. */
export interface Wanted {
  readonly text: string
  readonly kind: string
  /** Places for the middle of its left edge. */
  readonly candidates: readonly { readonly x: number; readonly y: number; readonly anchor?: 'start' | 'middle' | 'end' }[]
  /** Whether it is drawn although it hides something: a fault, a request. */
  readonly isNeeded?: boolean
}

export interface Label {
  readonly text: string
  readonly kind: string
  readonly x: number
  readonly y: number
  readonly anchor: 'start' | 'middle' | 'end'
}

export interface Box {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

export interface Segment {
  readonly from: { readonly x: number; readonly y: number }
  readonly to: { readonly x: number; readonly y: number }
}

const CHARACTER = 6.4
const HEIGHT = 15
const COST = { box: 1000, line: 60, step: 4 }

/** The box that a text takes, roughly: it has no font to measure. */
export function boxOf({ text, x, y, anchor }: Pick<Label, 'text' | 'x' | 'y' | 'anchor'>): Box {
  const width = text.length * CHARACTER
  const left = anchor === 'start' ? x : anchor === 'end' ? x - width : x - width / 2
  return { left, right: left + width, top: y - HEIGHT / 2, bottom: y + HEIGHT / 2 }
}

export const overlap = (a: Box, b: Box): boolean => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom

function crosses({ from, to }: Segment, box: Box): boolean {
  const steps = 12
  for (let i = 0; i <= steps; i++) {
    const x = from.x + ((to.x - from.x) * i) / steps
    const y = from.y + ((to.y - from.y) * i) / steps
    if (x > box.left && x < box.right && y > box.top && y < box.bottom) return true
  }
  return false
}

/** Places labels so that none hides another, a mark, or leaves the frame. One without such a place is left out: lists name it anyway. */
export function placeLabels(wanted: readonly Wanted[], marks: readonly Box[], lines: readonly Segment[], frame: Box): Label[] {
  const taken: Box[] = [...marks]
  const placed: Label[] = []
  for (const { text, kind, candidates, isNeeded = false } of wanted) {
    let best: { readonly label: Label; readonly box: Box; readonly cost: number } | undefined
    for (const [step, { x, y, anchor = 'start' }] of candidates.entries()) {
      const label = { text, kind, x, y, anchor }
      const box = boxOf(label)
      if (box.left < frame.left || box.right > frame.right || box.top < frame.top || box.bottom > frame.bottom) continue
      const hidden = taken.filter((other) => overlap(other, box)).length * COST.box
      const cost = hidden + lines.filter((line) => crosses(line, box)).length * COST.line + step * COST.step
      if (best === undefined || cost < best.cost) best = { label, box, cost }
    }
    if (best === undefined || (best.cost >= COST.box && !isNeeded)) continue
    if (best.cost >= COST.box && placed.some((other) => overlap(boxOf(other), best.box))) continue
    placed.push(best.label)
    taken.push(best.box)
  }
  return placed
}
