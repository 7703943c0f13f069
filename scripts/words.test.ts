import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readHouse } from './law/sources.mjs'
import { checkWords, phrases, phrasesIn, textsBelow } from './law/words.mjs'

const found = (text: string, path = 'README.md') => phrasesIn({ path, text }).map(({ where, message }) => `${where}: ${message}`)

describe('banned phrases', () => {
  it.each([
    'It is open unless told otherwise.',
    'The observer is told of each event.',
    'a call that tells of its end',
    'The user is told nothing.',
    'Whoever sends it waits.',
    'to whomever it concerns',
    'what befalls a process',
    'the others suffer',
    'ten per cent',
    'They run for ever.',
    'It begins anew.',
    'all but for one',
    'so as to tell them apart',
    'what to do upon each event',
    'A system that is no more, or never was.',
    'a peer who drops a message',
    'nodes, who wait',
    'a register a key',
    'one connection a frame',
    '20 times a second',
    "a process of the hub's.",
    "The names are the book's, as are the numbers.",
    "a link of the epoch's that is gone",
    'Ten thousand schedules prove it.',
  ])('are found: %s', (text) => {
    expect(found(text)).not.toEqual([])
  })

  it('each phrase of the list is one that some text above or here has', () => {
    const texts = readFileSync(new URL(import.meta.url), 'utf8')
    for (const { banned } of phrases) expect(texts, String(banned)).toMatch(new RegExp(banned.source, 'i'))
  })

  it.each([
    'By default it is open.',
    'Two processes of one name are told apart by their addresses.',
    'There are no more requests.',
    'a process that drops a message, and people who read it',
    'a register per key',
    "the hub's process; 's.' and it is here",
    'upon(beb.deliver, f)',
    '# upon\n\nThe abstractions',
    'a proof, and a test',
  ])('are not found: %s', (text) => {
    expect(found(text)).toEqual([])
  })

  it('name the file, the line, the phrase and what to write instead', () => {
    expect(found('One.\n\nIt is open unless told otherwise.')).toEqual(['README.md:3: "unless told" is banned, write: by default'])
  })

  it('are found over the ends of lines, in comments and in prose', () => {
    expect(found('It is open unless\ntold otherwise.')).toEqual(['README.md:1: "unless told" is banned, write: by default'])
    expect(found('/**\n * It is open unless\n * told otherwise.\n */', 'a.ts').join()).toContain('a.ts:2: "unless told"')
    expect(found('// It is open unless\n// told otherwise.', 'a.ts').join()).toContain('a.ts:1: "unless told"')
  })
})

it('the law reads every text that git knows or would add, and the names in every source', () => {
  const root = mkdtempSync(join(tmpdir(), 'upon-words-'))
  execFileSync('git', ['init', '--quiet'], { cwd: root })
  mkdirSync(join(root, 'packages/hub/src'), { recursive: true })
  writeFileSync(join(root, '.gitignore'), 'ignored.md\n')
  for (const name of ['ignored.md', 'README.md']) writeFileSync(join(root, name), 'Whoever reads this.')
  writeFileSync(join(root, 'packages/hub/src/a.ts'), 'class Quiet { #asked = 1; get isAsked() { return this.#asked } }\nconst basket = 1\n')
  const findings = checkWords(readHouse(root), textsBelow(root)).map(({ where, message }) => `${where}: ${message}`)
  rmSync(root, { recursive: true })
  expect(findings).toEqual([
    'README.md:1: "Whoever" is banned, write: a process that, or the name of what acts',
    'packages/hub/src/a.ts:1: the name Quiet is banned, write: Idle',
    'packages/hub/src/a.ts:1: the name #asked is banned, write: queried or requested',
    'packages/hub/src/a.ts:1: the name isAsked is banned, write: queried or requested',
    'packages/hub/src/a.ts:1: the name #asked is banned, write: queried or requested',
  ])
})
