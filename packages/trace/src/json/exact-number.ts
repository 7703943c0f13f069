/** A decimal number: its digits without leading and trailing zeros, and the power of ten of the last digit. */
interface Decimal {
  readonly isNegative: boolean
  /** Empty for zero. */
  readonly digits: string
  readonly exponent: number
}

const NUMBER = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/
const LIMIT_EXPONENT = 1e15

function decimalOf(text: string): Decimal {
  const [, sign, whole = '', fraction = '', power = '0'] = NUMBER.exec(text) as RegExpExecArray
  const all = (whole + fraction).replace(/^0+/, '')
  const digits = all.replace(/0+$/, '')
  const exponent = Number(power) - fraction.length + all.length - digits.length
  if (Math.abs(exponent) > LIMIT_EXPONENT)
    throw new RangeError(`the exponent of a number is ${power}; expected less than ${LIMIT_EXPONENT}`)
  return digits === '' ? { isNegative: false, digits, exponent: 0 } : { isNegative: sign === '-', digits, exponent }
}

const isEqual = (a: Decimal, b: Decimal): boolean => a.isNegative === b.isNegative && a.digits === b.digits && a.exponent === b.exponent

const LONG = 25

function textOf({ isNegative, digits, exponent }: Decimal): string {
  const sign = isNegative ? '-' : ''
  const places = digits.length + exponent
  if (exponent >= 0 && places <= LONG) return `${sign}${digits}${'0'.repeat(exponent)}`
  if (exponent < 0 && places > 0) return `${sign}${digits.slice(0, places)}.${digits.slice(places)}`
  return `${sign}${digits}e${exponent}`
}

/** A number that is not a double, such as 9007199254740993, without rounding. Equal numbers have equal `text`. */
export class ExactNumber {
  /** The number in JSON. */
  readonly text: string

  /** `text` is a number in JSON. */
  constructor(text: string) {
    this.text = textOf(decimalOf(text))
  }

  /** Also makes `Number(...)` return the nearest double. */
  toString(): string {
    return this.text
  }
}

/** Numbers of this many digits survive conversion to a double and back. */
const SAFE_LENGTH = 15

/** The number of a text in JSON: a double if that is exact, otherwise an `ExactNumber`. */
export function numberOf(text: string): number | ExactNumber {
  const double = Number(text)
  if (text.length <= SAFE_LENGTH && !/[eE]/.test(text)) return double
  if (Number.isFinite(double) && isEqual(decimalOf(String(double)), decimalOf(text))) return double
  return new ExactNumber(text)
}

/** Compares numbers exactly, as decimals of any size. */
export function compareExactly(a: number | ExactNumber, b: number | ExactNumber): number {
  const roughly = Number(a) - Number(b)
  if (roughly !== 0 && !Number.isNaN(roughly)) return roughly
  if (typeof a === 'number' && typeof b === 'number') return 0
  return compareDecimals(decimalOf(String(a)), decimalOf(String(b)))
}

function compareDecimals(a: Decimal, b: Decimal): number {
  if (a.isNegative !== b.isNegative) return a.isNegative ? -1 : 1
  return a.isNegative ? compareSizes(b, a) : compareSizes(a, b)
}

function compareSizes(a: Decimal, b: Decimal): number {
  if (a.digits === '' || b.digits === '') return a.digits.length - b.digits.length
  const places = a.digits.length + a.exponent - (b.digits.length + b.exponent)
  if (places !== 0) return places
  const [first, second] = [a.digits, b.digits]
  return first < second ? -1 : first > second ? 1 : 0
}
