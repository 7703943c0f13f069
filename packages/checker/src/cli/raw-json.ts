/** A text of JSON that is to stand as it is: a number that no double is equal to. */
export class RawJson {
  constructor(readonly text: string) {}
}

/** What a terminal would take for something else; JSON escapes only the lowest of them by itself. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu

const escaped = (text: string): string =>
  [...Array(text.length).keys()].map((i) => `\\u${text.charCodeAt(i).toString(16).padStart(4, '0')}`).join('')

/** A value as one line of JSON in which nothing unprintable stands, and raw texts as they are. */
export function jsonLine(value: unknown): string {
  return textOf(value).replace(UNPRINTABLE, escaped)
}

function textOf(value: unknown): string {
  if (value instanceof RawJson) return value.text
  if (Array.isArray(value)) return `[${value.map(textOf).join()}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const fields = Object.entries(value).filter(([, item]) => item !== undefined)
  return `{${fields.map(([name, item]) => `${JSON.stringify(name)}:${textOf(item)}`).join()}}`
}
