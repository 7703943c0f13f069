import ts from 'typescript'
import type { Handler } from '../playground/facts'

/** The lines of each `upon(layer.event, ...)` in a file, counted from 1. */
export function handlersIn(path: string, text: string): Handler[] {
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true)
  const lineOf = (place: number) => tree.getLineAndCharacterOfPosition(place).line + 1
  const found: Handler[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === 'upon') {
      const [on, kind] = node.arguments
      if (on !== undefined && ts.isPropertyAccessExpression(on)) {
        const layer = on.expression.getText(tree)
        const of = kind !== undefined && ts.isStringLiteral(kind) ? { kind: kind.text } : {}
        found.push({ layer, event: on.name.text, ...of, from: lineOf(node.getStart(tree)), to: lineOf(node.getEnd()) })
      }
    }
    ts.forEachChild(node, visit)
  }
  visit(tree)
  return found
}

/** The lines of a file that show its algorithm: without imports, and without the header comment, which stands beside it in words. */
export function shownLines(text: string): { readonly number: number; readonly text: string }[] {
  const start = text.indexOf('\n/**\n')
  const header = [...text.matchAll(/\n\/\*\*\n(?: \*.*\n)+? \*\/(?=\n)/g)].find(([comment]) => comment.includes('- Implements:'))
  const hidden = (at: number) => header !== undefined && at > header.index && at < header.index + header[0].length
  let at = 0
  const lines = text.split('\n').map((line, i) => {
    const shown = { number: i + 1, text: line, at }
    at += line.length + 1
    return shown
  })
  const first = lines.findIndex(
    ({ text: line, at: place }, i) => i > 0 && !/^(import|\} from|\s+\w+,|\s+type \w+,|$)/.test(line) && (start < 0 || place >= 0),
  )
  const kept = lines.slice(Math.max(0, first)).filter(({ at: place }) => !hidden(place))
  while (kept.at(-1)?.text === '') kept.pop()
  while (kept[0]?.text === '') kept.shift()
  return kept.map(({ number, text: line }) => ({ number, text: line }))
}
