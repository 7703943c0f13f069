/** JSON text that is written as it is: a number that is not a double. */
export class RawJson {
  constructor(readonly text: string) {}
}

/** Characters that a terminal may interpret. JSON itself escapes only the lowest of them. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu

const escaped = (text: string): string =>
  [...Array(text.length).keys()].map((i) => `\\u${text.charCodeAt(i).toString(16).padStart(4, '0')}`).join('')

/** A value as one line of JSON without unprintable characters. Raw texts are kept. */
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
