import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { walk } from './sources.mjs'

/** @typedef {import('./sources.mjs').House} House @typedef {import('./sources.mjs').Source} Source @typedef {import('./sources.mjs').Finding} Finding */
/** @typedef {{ path: string, text: string }} Text */

const actor = 'process|peer|hub|node|host|sender|receiver|message|client|leader|writer|connection|layer|algorithm|implementation'
const countable =
  'process|message|register|key|topic|system|instance|file|line|byte|frame|connection|event|trace|term|round|slot|seed|schedule|operation|second|minute'

/**
 * What a reader stumbles over, and what to write instead. Matched without regard to case, and across the ends of lines.
 * @type {readonly { banned: RegExp, use: string }[]}
 */
export const phrases = [
  { banned: /\bunless told\b/, use: 'by default' },
  { banned: /(?<!const )\b(tells?|told|telling) of\b/, use: 'reports, or is notified of' },
  { banned: /\b(is|are|was|be|been) told\b(?! apart)/, use: 'gets, learns or is notified' },
  { banned: /\bwho(m|so)?ever\b/, use: 'a process that, or the name of what acts' },
  { banned: /\b(befalls?|befell|befallen|suffer(s|ed)?)\b/, use: 'happens to, or the verb of what acts' },
  { banned: /\bper cent\b/, use: 'percent, or %' },
  { banned: /\bfor ever\b/, use: 'forever' },
  {
    banned: /\b(anew|thereof|therein|thence|whence|wherefore|hitherto|henceforth|forthwith|nought|lest|ere|whilst|amongst)\b/,
    use: 'a word of today',
  },
  { banned: /\bbut for\b/, use: 'except for, or without' },
  { banned: /\bso as to\b/, use: 'to' },
  { banned: /(?<=[a-z,] )upon (an?|the|it|its|this|that|each|every)\b/, use: 'on, or when' },
  { banned: /\b(is|are|was|were) no more(?=[,;:)'"]| (in|and|or|but)\b)/, use: 'no longer exists, or no longer' },
  { banned: new RegExp(`\\b(${actor})s?,? whom?\\b`), use: 'a process that' },
  { banned: new RegExp(`\\b(an?|one|two|three|\\d+) (${countable})s? an? (${countable})\\b`), use: 'per: a register per key' },
  { banned: /\b\d+ times an? (second|minute|hour)\b/, use: 'per second' },
  { banned: /\w+'s(?=[.,;:)]( |$))/, use: "the owner before a noun: the hub's process" },
  { banned: /\bof (the|an?) \w+'s(?= (and|or|that|which|is|are|in|on)\b)/, use: "the owner before a noun: the hub's process" },
  { banned: /\b(proves?|proved|proven|proving)\b/, use: 'tests, shows or checks; a proof proves' },
]

/** Parts of names, as in `hubTold`, that are no terms of the field. @type {Readonly<Record<string, string>>} */
export const names = {
  told: 'what was sent or indicated',
  asked: 'queried or requested',
  suffer: 'what happens',
  befall: 'what happens',
  whoever: 'what acts',
}

/** Whole names that stood for something else. @type {Readonly<Record<string, string>>} */
export const wholeNames = { '#come': 'arrive', Coming: 'Pending', Quiet: 'Idle', Beat: 'Heartbeat' }

const kinds = /\.(ts|mts|cts|mjs|js|cjs|md|vue|css|proto|sh|json|ya?ml)$/
// The list itself, its tests, and what tools write.
const exempt = new Set(['scripts/law/words.mjs', 'scripts/words.test.ts', 'pnpm-lock.yaml'])

/** The text with the lines of each paragraph joined. Every character keeps its place. @param {string} text */
const unwrapped = (text) => text.replaceAll(/\r?\n(?!\s*\n)[ \t]*(\/\/|\*(?!\*)|#|>)?[ \t]*/g, (ending) => ' '.repeat(ending.length))

/** The banned phrases in a text. @param {Text} text @returns {Finding[]} */
export const phrasesIn = ({ path, text }) => {
  const line = unwrapped(text)
  return phrases.flatMap(({ banned, use }) =>
    [...line.matchAll(new RegExp(banned.source.replaceAll(' ', ' +'), 'gi'))].map(({ 0: found, index }) => ({
      severity: /** @type {const} */ ('error'),
      where: `${path}:${text.slice(0, index).split('\n').length}`,
      message: `"${found.replaceAll(/ +/g, ' ')}" is banned, write: ${use}`,
    })),
  )
}

/** The banned names in a source. @param {Source} source @returns {Finding[]} */
export const namesIn = ({ path, tree }) => {
  /** @type {Finding[]} */
  const findings = []
  walk(tree, (node) => {
    if (!ts.isIdentifier(node) && !ts.isPrivateIdentifier(node)) return
    const part = node.text.split(/[^A-Za-z]|(?=[A-Z])/).find((word) => Object.hasOwn(names, word.toLowerCase()))
    const use = part ? names[part.toLowerCase()] : Object.hasOwn(wholeNames, node.text) && wholeNames[node.text]
    const line = tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1
    if (use) findings.push({ severity: 'error', where: `${path}:${line}`, message: `the name ${node.text} is banned, write: ${use}` })
  })
  return findings
}

/** All texts below a folder that git knows or would add. @param {string} root @returns {Text[]} */
export const textsBelow = (root) => {
  const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: root, encoding: 'utf8' }).split('\n')
  return [...new Set(files)]
    .filter((path) => kinds.test(path) && !exempt.has(path) && existsSync(join(root, path)))
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }))
}

/** Plain, modern technical English, as far as a machine can see it. @param {House} house @param {readonly Text[]} texts @returns {Finding[]} */
export const checkWords = ({ sources }, texts) => [
  ...texts.flatMap(phrasesIn),
  ...sources.filter(({ path }) => !exempt.has(path)).flatMap(namesIn),
]
