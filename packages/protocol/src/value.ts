import type { Value } from './message'

const UNDEFINED: Value = Object.freeze({ defined: false, v: 0 })

/** The wire form of a value; undefined is the book's bottom. */
export function toValue(v: number | undefined): Value {
  return v === undefined ? UNDEFINED : { defined: true, v }
}

/** The number that a value means, or undefined: for `{}`, for `{ v: -1 }` without `defined`, and for no Value at all. */
export function fromValue(value: Value | undefined): number | undefined {
  return value?.defined ? value.v : undefined
}
