import type { Trace } from '../../trace'
import { type PictureOptions, selected } from '../words'
import { arrowsOf } from './arrows'
import { Axes, type AxesOptions } from './axes'
import { wishes } from './labels'
import { bandsOf, lanesOf } from './lanes'
import { Room } from './room'
import type { Mark, SpaceTimeLayout, UnderWay } from './types'

export interface LayoutOptions extends AxesOptions, Pick<PictureOptions, 'marked' | 'show' | 'limitEntries'> {
  /** What is on its way at the end: `session.pending`. By default what the trace itself shows: messages of links, neither delivered nor lost. */
  readonly underWay?: readonly UnderWay[]
}

/**
 * A space-time diagram as data: lanes that end at crashes, marks, arrows with what became of each message, bands for partitions, and labels
 * that overlap neither each other nor a mark. Time goes on by entries, not to scale. It is what `spaceTimeSvg` draws.
 */
export function spaceTimeLayout(trace: Trace, options: LayoutOptions = {}): SpaceTimeLayout {
  const { marked = [], underWay } = options
  const { entries, all } = selected(trace, options)
  const axes = new Axes(trace, entries, options)
  const must = new Set(marked.map(({ index }) => index))
  const arrows = arrowsOf(trace, entries, axes, underWay)
  const ends = new Map(arrows.flatMap(({ fate, ended, to }) => (fate === 'lost' && ended !== undefined ? [[ended, to]] : [])))
  const marks = entries.flatMap((entry): Mark[] => {
    const at = ends.get(entry.index) ?? axes.of(entry)
    return at === undefined ? [] : [{ entry, at, isMarked: must.has(entry.index) }]
  })
  const bands = bandsOf(trace, entries, axes)
  const { width, height } = axes.size
  const room = new Room({ left: 0, top: 0, right: width, bottom: height }, marks, arrows)
  const labels = wishes(trace, axes, { marks, arrows, bands }).flatMap((wish) => room.place(wish))
  return { width, height, lanes: lanesOf(trace, entries, axes), bands, arrows, marks, labels, shown: entries.length, all }
}
