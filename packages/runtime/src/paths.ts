/**
 * How a path writes the index of a family's member, so that no two instances have the same path: unchanged if its brackets match, which is
 * almost always the case; otherwise with its brackets escaped.
 */
export function indexText(index: number | string): string {
  if (typeof index === 'number') return String(index)
  if (!/^\\|[[\]]/.test(index)) return index
  return index.startsWith('\\') || !hasMatchingBrackets(index) ? `\\${index.replace(/[\\[\]]/g, escaped)}` : index
}

/** An index of two parts, which a path writes as `[3][p2]`; without the outer brackets. */
export const eachText = ([number, name]: readonly [number, string]): string => `${number}][${indexText(name)}`

/** The index that a path writes as `text`. */
export const indexOfText = (text: string): string => (text.startsWith('\\') ? text.slice(1).replace(/\\([0-9a-f]{2})/g, unescaped) : text)

const escaped = (sign: string) => `\\${sign.charCodeAt(0).toString(16)}`
const unescaped = (_: string, code: string) => String.fromCharCode(Number.parseInt(code, 16))

const hasMatchingBrackets = (text: string) => closingBracket(text, 0) === -1

/** The position of the bracket that closes one opened before `from`; -1 if there is none, -2 if another one stays open. */
function closingBracket(text: string, from: number): number {
  let open = 0
  for (let i = from; i < text.length; i++) {
    const sign = text.charCodeAt(i)
    if (sign === OPEN) open++
    else if (sign === CLOSE && open-- === 0) return i
  }
  return open === 0 ? -1 : -2
}
const OPEN = '['.charCodeAt(0)
const CLOSE = ']'.charCodeAt(0)

/** A path is followed through this many nested families and no further, because paths come from outside. */
const LIMIT_LEVELS = 8

/** A step from a family to its member on the way of a path: `app.uc`, and the index of the member, if it is a number. */
export interface Level {
  readonly family: string
  readonly index: number | undefined
}

/** The families that a path may lead through, from the outermost: for `app.uc[x].ep[3].pl` they are `app.uc` and `app.uc[x].ep`. */
export function levelsOf(path: string): Level[] {
  const levels: Level[] = []
  for (let at = path.indexOf('['); at !== -1 && levels.length < LIMIT_LEVELS; at = path.indexOf('[', at + 1)) {
    const [, digits] = /^(0|[1-9]\d{0,15})\]/.exec(path.slice(at + 1, at + 18)) ?? []
    levels.push({ family: path.slice(0, at), index: digits === undefined ? undefined : Number(digits) })
  }
  return levels
}

/** The index text of the member of `family` that `path` leads to; nothing if it is of no member. */
export function memberText(family: string, path: string): string | undefined {
  const from = family.length + 1
  const to = closingBracket(path, from)
  return path.startsWith(`${family}[`) && to >= 0 ? path.slice(from, to) : undefined
}
