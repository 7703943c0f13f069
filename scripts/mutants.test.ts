import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { root } from './lib/workspace.mjs'
import { mutated, mutationsOf } from './mutants/mutations.mjs'
import { instrumented, placesOf } from './mutants/places.mjs'
import { knownSurvivors } from './mutants/survivors.mjs'

const source = `import { algorithm } from '@upon/contract'
type Data = { n: 1 }
export const Mine = algorithm(
  { name: 'mine', options: { delayMs: 100 }, state: () => ({ n: 0 }) },
  ({ beb, state, self, upon }) => {
    upon(beb.deliver, (p, m) => {
      if (m > state.n && p !== self) beb.broadcast(p)
    })
  },
)
`
const made = mutationsOf(source).map((mutation) => mutated(source, mutation))

it.each([
  ['a handler is left out', '    {}\n  },'],
  ['a statement is left out', '=> {\n      {}\n'],
  ['a condition is turned round', 'if (!(m > state.n && p !== self))'],
  ['either side of a condition is left out', 'if (p !== self)'],
  ['a comparison is off by one', 'm >= state.n'],
  ['a number is another', 'state: () => ({ n: 1 })'],
  ['one process is taken for another', 'beb.broadcast(self)'],
])('%s', (_, wrong) => {
  expect(made.some((text) => text.includes(wrong))).toBe(true)
})

it('what methods do, and what fields begin with, is mutated, too', () => {
  const counter = 'export class Counter {\n  n = 0\n  add(m: number) {\n    if (m > this.n) this.n = m\n  }\n}\n'
  const wrong = mutationsOf(counter).map((mutation) => mutated(counter, mutation))
  expect(wrong).toContain(counter.replace('n = 0', 'n = 1'))
  expect(wrong).toContain(counter.replace('m > this', 'm >= this'))
})

it('types, imports and options stay as they are, and every mutant differs', () => {
  expect(made.every((text) => text.includes('{ n: 1 }\n') && text.includes('delayMs: 100'))).toBe(true)
  expect(made).not.toContain(source)
  expect(new Set(made).size).toBe(made.length)
})

it('an instrumented source does the same, and says which functions were reached', () => {
  const code = '((a) => { const f = (n) => n + a; const g = () => { throw new Error() }; return [1].map((n) => ({ m: f(n) })) })'
  const reached = new Set<number>()
  Object.assign(globalThis, { uponReached: (place: number) => reached.add(place) })
  onTestFinished(() => void Reflect.deleteProperty(globalThis, 'uponReached'))
  const run = new Function(`return ${instrumented(code)}`)() as (a: number) => unknown
  expect(run(2)).toEqual([{ m: 3 }])
  const at = (text: string) => placesOf(code)({ start: code.indexOf(text), end: code.indexOf(text) + text.length })
  expect(reached).toEqual(new Set([at('n + a'), at('f(n)'), at('const f')]))
  expect(reached).not.toContain(at('throw'))
  expect(at(code)).toBeUndefined()
})

it.each(Object.entries(knownSurvivors))('each known survivor of %s is a line of it, and has a reason', (file, survivors) => {
  const path = join(root, file)
  expect(existsSync(path)).toBe(true)
  const lines = readFileSync(path, 'utf8')
    .split('\n')
    .map((line) => line.trim())
  for (const { was, why } of survivors) {
    expect(lines).toContain(was)
    expect(why).not.toBe('')
  }
})
