import ts from 'typescript'

/** Functions with a body are numbered in the order of their ends, so that inner ones come first. @param {string} source */
function functionsOf(source) {
  const file = ts.createSourceFile('source.ts', source, ts.ScriptTarget.Latest, true)
  /** @type {{ start: number, end: number, isBlock: boolean }[]} */
  const found = []
  const visit = (/** @type {ts.Node} */ node) => {
    ts.forEachChild(node, visit)
    const body = ts.isFunctionLike(node) && 'body' in node ? node.body : undefined
    if (body !== undefined) found.push({ start: body.getStart(file), end: body.getEnd(), isBlock: ts.isBlock(body) })
  }
  visit(file)
  return found
}

/** The source, each of whose functions says its number to `uponReached` when it is called. @param {string} source */
export function instrumented(source) {
  const edits = functionsOf(source).flatMap(({ start, end, isBlock }, place) => {
    const call = `globalThis.uponReached?.(${place})`
    if (isBlock) return [{ at: start + 1, text: `${call};`, order: 0 }]
    return [
      { at: start, text: `(${call}, `, order: -end },
      { at: end, text: ')', order: 0 },
    ]
  })
  let text = source
  for (const edit of edits.sort((a, b) => b.at - a.at || b.order - a.order)) text = text.slice(0, edit.at) + edit.text + text.slice(edit.at)
  return text
}

/** Which function of the source a place of it is in: the innermost; in none what runs when the module is loaded. @param {string} source */
export function placesOf(source) {
  const functions = functionsOf(source)
  return (/** @type {{ start: number, end: number }} */ mutation) => {
    const place = functions.findIndex(({ start, end }) => start <= mutation.start && mutation.end <= end)
    return place === -1 ? undefined : place
  }
}
