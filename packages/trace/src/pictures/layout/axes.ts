import type { ProcessId } from '@upon/contract'
import type { Trace, TraceEntry } from '../../trace'
import type { Place } from './types'

/** The width of a character of a label, at 12 px and at 10 px, roughly. */
export const CHARACTER = 7.3
export const SMALL = 6.1

/** The distance between entries: less if the picture would be longer than `LENGTH`. */
const STEP = { most: 26, least: 12 } as const
const LENGTH = 1600
const LANE = { right: 70, down: 84 } as const
/** Room before the first lane: for the words of partitions, and for labels. */
const BEFORE = { right: 48, down: 30 } as const
const MARGIN = 12

export interface AxesOptions {
  /** Where time runs; `right` by default. */
  readonly direction?: 'right' | 'down'
  /** The room for the picture across a page, in pixels: entries, or lanes, come closer to fit into it, as far as they can. */
  readonly width?: number
}

/** Where entries and processes are drawn. */
export class Axes {
  readonly isDown: boolean
  /** Where lanes begin and end. */
  readonly start: number
  readonly end: number
  readonly step: number
  readonly #across: ReadonlyMap<ProcessId, number>
  readonly #column: ReadonlyMap<number, number>
  /** Before and after all lanes. */
  readonly first: number
  readonly last: number

  constructor(trace: Trace, entries: readonly TraceEntry[], { direction = 'right', width }: AxesOptions) {
    this.isDown = direction === 'down'
    const names = trace.processes.map(({ id }) => id)
    const longest = Math.max(...names.map((name) => name.length))
    const before = BEFORE[direction]
    this.start = this.isDown ? 40 : Math.ceil(2 * MARGIN + CHARACTER * longest)
    const room = this.isDown || width === undefined ? LENGTH : Math.max(0, width - this.start - MARGIN)
    this.step = Math.max(STEP.least, Math.min(STEP.most, room / (entries.length + 1)))
    const fitting = width === undefined ? LANE.down : (width - 2 * before) / Math.max(1, names.length - 1)
    const lane = this.isDown ? Math.max(40, Math.min(LANE.down, fitting)) : LANE.right
    this.end = this.start + this.step * (entries.length + 1)
    this.#across = new Map(names.map((name, i) => [name, before + i * lane]))
    this.#column = new Map(entries.map(({ index }, i) => [index, this.start + this.step * (i + 1)]))
    this.first = before
    this.last = before + Math.max(0, names.length - 1) * lane
  }

  /** The extent of the picture. */
  get size(): { readonly width: number; readonly height: number } {
    const along = Math.ceil(this.end + MARGIN)
    const across = Math.ceil(this.last + (this.isDown ? BEFORE.down : 44))
    return this.isDown ? { width: across, height: along } : { width: along, height: across }
  }

  place(along: number, across: number): Place {
    return this.isDown ? { x: across, y: along } : { x: along, y: across }
  }

  along({ x, y }: Place): number {
    return this.isDown ? y : x
  }

  across({ x, y }: Place): number {
    return this.isDown ? x : y
  }

  lane(process: ProcessId): number {
    return this.#across.get(process) ?? this.first
  }

  isShown(entry: number): boolean {
    return this.#column.has(entry)
  }

  /** Where an entry is along time, if it is shown. */
  column(entry: number): number | undefined {
    return this.#column.get(entry)
  }

  /** Where an entry is, if it is shown; a fault of the whole network stands before the first lane. */
  of({ index, process }: TraceEntry): Place | undefined {
    const along = this.#column.get(index)
    if (along === undefined) return undefined
    return this.place(along, process === undefined ? this.first - 22 : this.lane(process))
  }
}
