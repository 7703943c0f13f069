import type { Choice } from './choices'
import type { Timeline } from './timeline'

/** A moment when the register changed: what was overwritten at once, and what stayed until the next change. */
interface Change {
  readonly overwritten: number[]
  readonly stayed: number[]
}

/** The order of the operations that follows from the choices of a sweep. */
export function witness<V>(line: Timeline<V>, choices: readonly Choice[]): number[] {
  const { moments, isWrite, value, begin } = line
  const changes: Change[] = [{ overwritten: [], stayed: [] }]
  const placed = new Uint8Array(begin.length)
  const openReads = new Set<number>()
  let [current, since, next] = [0, -1, 0]
  const place = (operation: number, into: number[]): void => {
    placed[operation] = 1
    into.push(operation)
  }
  const placeReads = (of: number, until: number, into: number[]): void => {
    for (const read of openReads) {
      if (value[read] !== of || begin[read]! > until) continue
      place(read, into)
      openReads.delete(read)
    }
  }
  for (let moment = 0; moment < moments.length; moment += 1) {
    const happens = moments[moment]!
    if (happens >= 0 && !isWrite[happens]) {
      if (value[happens] === current) place(happens, changes.at(-1)!.stayed)
      else openReads.add(happens)
    }
    for (; choices[next]?.moment === moment; next += 1) {
      const { when, write } = choices[next]!
      if (when === 'now') {
        changes.push({ overwritten: [], stayed: [] })
        current = value[write]!
        since = moment
      }
      const into = when === 'now' ? changes.at(-1)!.stayed : changes.at(-1)!.overwritten
      place(write, into)
      placeReads(value[write]!, since, into)
    }
    if (happens < 0 && isWrite[~happens] && !placed[~happens]) place(~happens, changes.at(-1)!.overwritten)
  }
  return changes.flatMap(({ overwritten, stayed }) => [...overwritten, ...stayed])
}
