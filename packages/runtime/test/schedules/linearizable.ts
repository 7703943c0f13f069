/** One operation; `end` is absent while it is pending. Times are positions in the run. */
export interface Operation {
  readonly kind: 'read' | 'write'
  readonly begin: number
  end?: number
  value: number | undefined
}

/**
 * Wing and Gong's search: whether the operations of one register stand in some order that respects who ended before whom, and in
 * which each read returns what was written last. Pending writes may stand in it or not. Up to 30 operations.
 */
export function isLinearizable(history: readonly Operation[]): boolean {
  const operations = history.filter(({ kind, end }) => kind === 'write' || end !== undefined)
  const endOf = ({ end = Number.POSITIVE_INFINITY }: Operation) => end
  const deadEnds = new Set<string>()
  const search = (done: number, value: number | undefined): boolean => {
    if (operations.every(({ end }, i) => end === undefined || (done >> i) & 1)) return true
    const place = `${done} ${value}`
    if (deadEnds.has(place)) return false
    const firstEnd = Math.min(...operations.map((o, i) => ((done >> i) & 1 ? Number.POSITIVE_INFINITY : endOf(o))))
    for (const [i, { kind, begin, value: v }] of operations.entries()) {
      if ((done >> i) & 1 || begin > firstEnd || (kind === 'read' && v !== value)) continue
      if (search(done | (1 << i), kind === 'write' ? v : value)) return true
    }
    deadEnds.add(place)
    return false
  }
  return search(0, undefined)
}

export const describeHistory = (history: readonly Operation[]): string =>
  history.map(({ kind, value, begin, end }) => `${kind} ${value} [${begin}, ${end ?? ''}]`).join('; ')
