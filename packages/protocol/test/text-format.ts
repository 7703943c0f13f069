import { type Message, Type } from '../src/index'

/** Reads protobuf's text format, as far as our golden files use it: a second opinion on what the .bin beside it means. */
export function parseTextFormat(text: string): Message {
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|[\w-]+|[{}:]/g) ?? []
  let at = 0
  const fields = (): Record<string, unknown> => {
    const found: Record<string, unknown> = {}
    while (at < tokens.length && tokens[at] !== '}') {
      const name = tokens[at++]!
      const isScalar = tokens[at] === ':'
      if (isScalar) at++
      const value = isScalar ? scalar(tokens[at++]!) : nested()
      if (name === 'processes') found[name] = [...((found[name] as unknown[]) ?? []), value]
      else found[name] = value
    }
    return found
  }
  const nested = () => {
    at++
    const found = fields()
    at++
    return found
  }
  return fields() as unknown as Message
}

function scalar(token: string): unknown {
  if (token.startsWith('"')) return unescapeBytes(token.slice(1, -1))
  if (token === 'true') return true
  return Type[token as keyof typeof Type] ?? Number(token)
}

function unescapeBytes(text: string): string {
  return Buffer.from(
    text.replace(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8))),
    'latin1',
  ).toString()
}
