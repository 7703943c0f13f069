import { expect, it } from 'vitest'
import { mutated, mutationsOf } from './mutants/mutations.mjs'

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
