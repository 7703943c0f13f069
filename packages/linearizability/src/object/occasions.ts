import type { ObjectOperation } from './model'

/** A history as numbers: what happens at each moment. At equal times invocations come first, since intervals are closed. */
export interface Occasions {
  /** `operation` at its invocation, `~operation` at its response. */
  readonly moments: Int32Array
  /** The moment of each invocation. */
  readonly begin: Int32Array
  /** For a pending operation, a number that all pending operations with the same input share; otherwise -1. */
  readonly kind: Int32Array
  readonly kinds: number
}

export function occasions<I, O>(operations: readonly ObjectOperation<I, O>[]): Occasions {
  const kind = new Int32Array(operations.length).fill(-1)
  const known = new Map<unknown, number>()
  const happenings: { readonly ms: number; readonly what: number }[] = []
  operations.forEach(({ input, invokedAtMs, respondedAtMs }, i) => {
    happenings.push({ ms: invokedAtMs, what: i })
    if (respondedAtMs !== undefined && respondedAtMs !== Number.POSITIVE_INFINITY) {
      happenings.push({ ms: respondedAtMs, what: ~i })
      return
    }
    const text = plainText(input) ?? i
    if (!known.has(text)) known.set(text, known.size)
    kind[i] = known.get(text) as number
  })
  happenings.sort((a, b) => a.ms - b.ms || Number(a.what < 0) - Number(b.what < 0))
  const moments = Int32Array.from(happenings, ({ what }) => what)
  const begin = new Int32Array(operations.length)
  moments.forEach((what, moment) => {
    if (what >= 0) begin[what] = moment
  })
  return { moments, begin, kind, kinds: known.size }
}

/** A text that is equal only for equal plain data; `undefined` for anything else. */
function plainText(value: unknown, depth = 0): string | undefined {
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'bigint') return `${value}n`
  if (value === null || typeof value !== 'object')
    return typeof value === 'function' || typeof value === 'symbol' ? undefined : String(value)
  const prototype = Object.getPrototypeOf(value)
  if (depth > 20 || !(Array.isArray(value) || prototype === Object.prototype || prototype === null)) return undefined
  const texts = Object.entries(value).map(([name, item]) => [JSON.stringify(name), plainText(item, depth + 1)])
  if (texts.some(([, text]) => text === undefined)) return undefined
  const inner = texts.map((pair) => pair.join(':')).join()
  return Array.isArray(value) ? `[${inner}]` : `{${inner}}`
}
