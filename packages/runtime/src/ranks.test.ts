import { misuse } from '@upon/contract'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Process } from './process'
import { rankProcesses } from './ranks'

describe('ranks', () => {
  it('without ranks, the order of names decides, whatever the order in which they are listed', () => {
    const signs = ['0', 'a', 'b', '~', '\u{e9}', '\ue000', '\uffff', '\u{10000}', '\u{10ffff}'] // a table of all characters takes 2 s to make
    const names = fc.uniqueArray(fc.string({ unit: fc.constantFrom(...signs), minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(names, (processes) => {
        const self = processes[0] as string
        const one = rankProcesses(self, processes)
        const other = rankProcesses(self, [...processes].reverse())
        const byBytes = [...processes].sort((p, q) => Buffer.compare(Buffer.from(p), Buffer.from(q)))
        const expected = byBytes.map((p, i) => [p, i + 1])
        for (const { processes, rank } of [one, other]) expect(processes.map((p) => [p, rank(p)])).toEqual(expected)
      }),
    )
  })

  it('names are ordered by code point', () => {
    expect(rankProcesses('a', ['b', 'p10', 'p2', '\u{10000}', '\uffff', 'a', 'ab', 'B']).processes).toEqual(
      ['B', 'a', 'ab', 'b', 'p10', 'p2', '\uffff', '\u{10000}'], //
    )
  })

  it('processes are by rank where ranks are given', () => {
    const rank = (p: string) => ({ p: 3, q: -1, r: 2 })[p] ?? 0
    expect(new Process({ self: 'p', processes: ['p', 'q', 'r'], rank }).processes).toEqual(['q', 'r', 'p'])
  })

  it('what is no process has rank 0, which no process has by default', () => {
    const { rank } = rankProcesses('p', ['p', 'q'])
    expect(['p', 'q', 'x'].map(rank)).toEqual([1, 2, 0])
  })

  it.each([
    [['p', ''], undefined, 'a process needs a name: expected a text, found ""'],
    [['p', undefined], undefined, 'a process needs a name: expected a text, found undefined'],
    [['p', 5], undefined, 'a process needs a name: expected a text, found 5'],
    [['p', 'q', 'p'], undefined, 'process p is listed twice: each process needs a name of its own'],
    [['p', '\ud800'], undefined, 'process \\u{d800}: its name has half a character, which no network carries'],
    [['q', 'r'], undefined, 'process p is not among q, r'],
    [[], undefined, 'process p is not among '],
    [['p', 'q'], () => 1, 'p and q both have rank 1: each process needs its own'],
    [['p', 'q', 'r'], (p: string) => ({ p: 1 })[p] ?? 2, 'q and r both have rank 2: each process needs its own'],
    [['p', 'q'], (p: string) => ({ p: 1 })[p], 'rank of q: expected a whole number, found undefined'],
    [['p', 'q'], () => Number.NaN, 'rank of p: expected a whole number, found NaN'],
    [['p', 'q'], () => 1.5, 'rank of p: expected a whole number, found 1.5'],
  ])('%j: refused, and what is wrong with it', (processes, rank, message) => {
    const make = () => new Process({ self: 'p', processes: processes as string[], ...(rank && { rank: rank as () => number }) })
    expect(make).toThrow(misuse(message))
  })
})
