/** Characters that mislead a terminal, a log or a reader: controls, changes of direction, invisible characters, half characters. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu
const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

const escaped = (sign: string) => SHORT[sign] ?? `\\u{${(sign.codePointAt(0) as number).toString(16)}}`

/**
 * Makes a text from outside safe for a log, a terminal or an error message: one line, unprintable characters escaped, and clipped after
 * `limit` characters, with the length of the whole text.
 */
export function printable(text: string, limit = 100): string {
  const shown = text.length <= limit ? text : text.slice(0, limit)
  const line = shown.replace(UNPRINTABLE, escaped)
  return shown.length < text.length ? `${line}… (${text.length} characters)` : line
}
