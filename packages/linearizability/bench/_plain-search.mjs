// The textbook: Wing and Gong's search with Lowe's memory, for one register, written straight from the papers. No pruning beyond that.

/** @returns {boolean | undefined} undefined: gave up after `limitMs` */
export function plainSearch(history, limitMs) {
  const deadlineMs = performance.now() + limitMs
  const operations = [...history].sort((a, b) => a.invokedAtMs - b.invokedAtMs)
  const ends = operations.map((op) => op.respondedAtMs ?? Number.POSITIVE_INFINITY)
  const size = operations.length
  const next = Array.from({ length: size + 1 }, (_, i) => (i === size ? 0 : i + 1))
  const previous = Array.from({ length: size + 1 }, (_, i) => (i === 0 ? size : i - 1))
  const seen = new Set()
  const done = new Uint32Array(Math.ceil(size / 32))
  const stack = []
  let left = ends.filter(Number.isFinite).length
  let value
  let at = next[size]
  let limit = Number.POSITIVE_INFINITY
  for (let steps = 0; left > 0; steps++) {
    if (steps % 256 === 0 && performance.now() > deadlineMs) return undefined
    if (at !== size && operations[at].invokedAtMs <= limit) {
      const { kind, value: its } = operations[at]
      const fits = kind === 'write' || its === value || ends[at] === Number.POSITIVE_INFINITY
      if (fits) {
        done[at >> 5] ^= 1 << (at & 31)
        const after = kind === 'write' ? its : value
        const key = `${done.join()} ${after}`
        if (!seen.has(key)) {
          seen.add(key)
          stack.push([at, value, limit])
          next[previous[at]] = next[at]
          previous[next[at]] = previous[at]
          if (ends[at] !== Number.POSITIVE_INFINITY) left--
          value = after
          at = next[size]
          limit = Number.POSITIVE_INFINITY
          continue
        }
        done[at >> 5] ^= 1 << (at & 31)
      }
      limit = Math.min(limit, ends[at])
      at = next[at]
      continue
    }
    const last = stack.pop()
    if (last === undefined) return false
    at = last[0]
    value = last[1]
    next[previous[at]] = at
    previous[next[at]] = at
    done[at >> 5] ^= 1 << (at & 31)
    if (ends[at] !== Number.POSITIVE_INFINITY) left++
    limit = Math.min(last[2], ends[at])
    at = next[at]
  }
  return true
}
