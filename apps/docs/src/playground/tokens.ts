/** A part of a line of code, and what it is. */
export interface Token {
  readonly text: string
  readonly sort: 'word' | 'keyword' | 'string' | 'comment' | 'number' | 'event'
}

const TOKEN =
  /(?<comment>\/\/.*|\/\*.*?\*\/|^\s*\*.*)|(?<string>'[^']*'|`[^`]*`|"[^"]*")|(?<keyword>\b(?:const|let|if|else|return|for|of|in|new|export|type|while|break|continue|function|undefined|true|false|as|readonly)\b)|(?<event>\b(?:upon|when|algorithm|halt)\b)|(?<number>\b\d[\d_]*\b)/g

/** A line of TypeScript in colours: enough for the few forms that algorithms use. */
export function tokensOf(line: string): Token[] {
  const tokens: Token[] = []
  let at = 0
  for (const match of line.matchAll(TOKEN)) {
    if (match.index > at) tokens.push({ text: line.slice(at, match.index), sort: 'word' })
    const [sort = 'word'] = Object.entries(match.groups ?? {}).find(([, text]) => text !== undefined) ?? []
    tokens.push({ text: match[0], sort: sort as Token['sort'] })
    at = match.index + match[0].length
  }
  if (at < line.length) tokens.push({ text: line.slice(at), sort: 'word' })
  return tokens
}
