/** What a terminal, a log or a reader would take for something else: controls, changes of direction, invisible signs, half characters. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu
const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

const escaped = (sign: string) => SHORT[sign] ?? `\\u{${(sign.codePointAt(0) as number).toString(16)}}`

/**
 * A text that came from outside as a log, a terminal or the message of an error may show it: one line, unprintable characters escaped,
 * clipped after `limit` characters with its length said.
 */
export function printable(text: string, limit = 100): string {
  const shown = text.length <= limit ? text : text.slice(0, limit)
  const line = shown.replace(UNPRINTABLE, escaped)
  return shown.length < text.length ? `${line}… (${text.length} characters)` : line
}
