import ts from 'typescript'
import { error, walk } from './sources.mjs'
import { headerOf, isAlgorithm } from './style.mjs'

/** @typedef {import('./sources.mjs').House} House @typedef {import('./sources.mjs').Source} Source @typedef {import('./sources.mjs').Finding} Finding */

/** What a file's algorithms use, by name, and whether it is shared. @param {Source} source */
const usesOf = (source) => {
  /** @type {Map<string, boolean>} */
  const uses = new Map()
  walk(source.tree, (node) => {
    if (!ts.isPropertyAssignment(node) || node.name.getText() !== 'uses' || !ts.isObjectLiteralExpression(node.initializer)) return
    if (
      !ts.isObjectLiteralExpression(node.parent) ||
      !ts.isCallExpression(node.parent.parent) ||
      node.parent.parent.expression.getText() !== 'algorithm'
    )
      return
    for (const use of node.initializer.properties)
      if (ts.isPropertyAssignment(use)) uses.set(use.name.getText(), /^shared\(/.test(use.initializer.getText()))
  })
  return uses
}

/** What a header says that its algorithm uses: `PerfectFailureDetector (pfd, shared)`. @param {string} header */
const saidIn = (header) => {
  const line = partsOf(header, 'Uses')[0] ?? ''
  return new Map([...line.matchAll(/[A-Z]\w* \((\w+)((?:, [^)]*)?)\)/g)].map(([, name = '', more = '']) => [name, more.includes('shared')]))
}

/** A part of a header: `Assumes: ...`, without the stars of the comment. @param {string} header @param {string} part @returns {string[]} */
const partsOf = (header, part) =>
  [...header.matchAll(new RegExp(`${part}:\\s*([\\s\\S]*?)(?=\\n\\s*\\*?\\s*- [A-Z]|\\*/|$)`, 'g'))].map(([, text = '']) =>
    text.replace(/\s*\n\s*\*?\s*/g, ' '),
  )

/** @typedef {{ processes: string, timing: string, resilience: string }} Assumes */

/** What each algorithm of a file assumes, in the code; nothing where it is not written out. @param {Source} source */
const assumesOf = (source) => {
  /** @type {(Assumes | undefined)[]} */
  const found = []
  walk(source.tree, (node) => {
    const [declared] = ts.isCallExpression(node) && node.expression.getText() === 'algorithm' ? node.arguments : []
    if (declared === undefined || !ts.isObjectLiteralExpression(declared)) return
    const assumes = declared.properties.find((each) => each.name?.getText() === 'assumes')
    if (assumes === undefined || !ts.isPropertyAssignment(assumes) || !ts.isObjectLiteralExpression(assumes.initializer))
      found.push(undefined)
    else found.push({ processes: '', timing: '', resilience: '', ...textsOf(assumes.initializer) })
  })
  return found
}

/** The fields of a record that are texts. @param {ts.ObjectLiteralExpression} record @returns {Record<string, string>} */
const textsOf = ({ properties }) =>
  Object.fromEntries(
    properties.flatMap((field) =>
      ts.isPropertyAssignment(field) && ts.isStringLiteral(field.initializer) ? [[field.name.getText(), field.initializer.text]] : [],
    ),
  )

const MODELS = { synchronous: 'fail-stop', 'eventually-synchronous': 'fail-noisy', asynchronous: 'fail-silent' }

/** The book's name of the model, as `modelOf` of the contract has it. @param {Assumes} assumes */
const modelOf = ({ processes, timing }) =>
  processes === 'byzantine'
    ? 'fail-arbitrary'
    : processes === 'crash-recovery'
      ? 'fail-recovery'
      : MODELS[/** @type {keyof typeof MODELS} */ (timing)]

/** The words of a header for each timing, each resilience, and layers that tolerate any failures. */
const TIMINGS = {
  synchronous: /(?<!eventually |partially )\bsynchronous\b/,
  'eventually-synchronous': /partial synchrony|(eventually|partially) synchronous/,
  asynchronous: /\basynchronous\b|\bno bounds\b/,
}
const BOUNDS = { 'f < N': /\bany number of\b|f < N(?!\/)/, 'f < N/2': /\bmajority of correct\b|f < N\/2/ }
const ANY = /\bany failures of processes\b/

/** What is wrong with the words `said` of an algorithm that assumes this. @param {string} said @param {Assumes} assumes */
const disagreements = (said, assumes) => {
  const model = modelOf(assumes)
  const { processes, timing, resilience } = assumes
  const wrong = []
  if (!said.includes(model)) wrong.push(`does not say ${model}`)
  for (const [other] of said.matchAll(/\bfail-(stop|noisy|silent|recovery|arbitrary)\b/g)) if (other !== model) wrong.push(`says ${other}`)
  if (ANY.test(said) !== (processes === 'any'))
    wrong.push(processes === 'any' ? "does not say 'any failures of processes'" : "says 'any failures of processes'")
  const timed = Object.entries(TIMINGS).filter(([, words]) => words.test(said))
  for (const [other] of timed) if (other !== timing) wrong.push(`says ${other}`)
  if (!Object.values(MODELS).includes(model) && timed.length === 0) wrong.push(`does not say ${timing}`)
  const bounds = [
    ...Object.entries(BOUNDS).flatMap(([bound, words]) => (words.test(said) ? [bound] : [])),
    ...[...said.matchAll(/f < N\/[3-9]/g)].map(([bound]) => bound),
  ]
  if (!bounds.includes(resilience)) wrong.push(`does not say ${resilience}`)
  for (const other of bounds) if (other !== resilience) wrong.push(`says ${other}`)
  return wrong.map((what) => `${what}; the code assumes ${processes}, ${timing} (${model}), ${resilience}`)
}

/** @param {Source} source @returns {string[]} */
const aboutAssumptions = (source) => {
  const assumed = assumesOf(source)
  const said = partsOf(headerOf(source), 'Assumes')
  if (said.length !== 1 && said.length !== assumed.length) return [`has ${said.length} Assumes for ${assumed.length} algorithms`]
  return assumed.flatMap((assumes, i) =>
    assumes === undefined
      ? ['has nothing to be compared with: write out what the algorithm assumes']
      : disagreements(said[said.length === 1 ? 0 : i] ?? '', assumes),
  )
}

/** @param {Source} source @returns {string[]} */
const aboutUses = (source) => {
  const uses = usesOf(source)
  const said = saidIn(headerOf(source))
  const text = (/** @type {string} */ name, /** @type {boolean} */ isShared) => `(${name}${isShared ? ', shared' : ''})`
  const missing = [...uses]
    .filter(([name, isShared]) => said.get(name) !== isShared)
    .map(([name, isShared]) => `does not say that it uses ${text(name, isShared)}`)
  const tooMuch = [...said]
    .filter(([name, isShared]) => uses.get(name) !== isShared)
    .map(([name, isShared]) => `says that it uses ${text(name, isShared)}, but it does not`)
  return [...missing, ...tooMuch]
}

/** A header says what the code uses and assumes, and the other way round. @param {House} house @returns {Finding[]} */
export const checkHeaders = ({ sources }) =>
  sources
    .filter(isAlgorithm)
    .flatMap((source) => [...aboutUses(source), ...aboutAssumptions(source)].map((what) => error(source, undefined, `the header ${what}`)))
