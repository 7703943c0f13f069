import type { Attached } from '@upon/contract'
import { describe, expect, it } from 'vitest'
import { decodeMembership, describeMembership, difference, encodeMembership, type Membership, newIncarnation } from './membership'

const of = (self: string, processes: readonly string[], rank?: Attached['rank']) =>
  describeMembership({ self, processes, ...(rank && { rank }) })

const ranks = (table: Record<string, number>) => (p: string) => table[p] ?? 0
const many = (n: number) => Array.from({ length: n }, (_, i) => `process-${i}`)
const renamed = (at: number, name: string) => many(500).map((p, i) => (i === at ? name : p))
const again = (membership: Membership) => decodeMembership(encodeMembership(membership)) as Membership
const withMore = (membership: Membership, more: object) =>
  decodeMembership(new TextEncoder().encode(JSON.stringify({ ...membership, ...more })))

describe('memberships', () => {
  it('the same names and ranks may talk, in either direction, and arrive as they were sent', () => {
    const [p, q] = [of('p', ['p', 'q', 'é\u{10000}']), of('q', ['p', 'q', 'é\u{10000}'])]
    expect(again(p)).toEqual(p)
    expect(difference(p, again(q))).toBe(undefined)
    expect(difference(of('process-0', many(500)), again(of('process-499', many(500))))).toBe(undefined)
  })

  it.each([
    [of('p', ['p', 'q', 'r']), of('q', ['p', 'q']), 'q lists p, q; here p, q, r'],
    [of('p', ['p', 'q']), of('x', ['p', 'x']), 'x lists p, x; here p, q'],
    [of('p', ['p', 'q', 'r']), of('q', ['q', 'p', 'r']), 'ranks of p and q are swapped at q'],
    [of('p', ['p', 'q'], ranks({ p: 1, q: 2 })), of('q', ['p', 'q'], ranks({ p: 0, q: 1 })), 'the rank of p is 0 at q; here 1'],
    [of('p', ['p', 'q']), of('q', ['p', 'q'], ranks({ p: 1, q: 3 })), 'the rank of q is 3 at q; here 2'],
    [of('p', ['p', 'q']), of('p', ['p', 'q']), 'both are called p: each process needs a name of its own'],
    [of('process-1', many(500)), of('process-2', many(499)), /^process-2 lists 499 processes, process-0, .* and 489 more; here 500, /],
    [of('process-1', many(500)), of('process-2', renamed(3, 'x')), 'process-2 lists x where here is process-3'],
    [of('process-1', many(500)), of('process-2', renamed(400, 'x')), 'names or ranks of process-2 are others than here'],
    [of('p', ['p', 'q']), of('q\u001b[31m', ['p', 'q\u001b[31m']), 'q\\u{1b}[31m lists p, q\\u{1b}[31m; here p, q'],
  ] as const)('a process that differs learns in what: %#', (mine, theirs, line) => {
    const found = difference(mine, again(theirs))
    if (typeof line === 'string') expect(found).toBe(line)
    else expect(found).toMatch(line)
  })

  it('terms that both tell must be the same; one that only one of them knows is of another version', () => {
    const described = (self: string, terms: Membership['terms']) => describeMembership({ self, processes: ['p', 'q'] }, 'i', terms)
    expect(difference(described('p', { payloadBytes: 5 }), described('q', { payloadBytes: 6 }))).toBe('payloadBytes is 6 at q; here 5')
    expect(difference(described('p', { payloadBytes: 5 }), described('q', { toString: 1 }))).toBe(undefined)
  })

  it('a later version is understood as far as it goes, and refused only if it says so', () => {
    const [p, q] = [of('p', ['p', 'q']), of('q', ['p', 'q'])]
    const later = withMore(q, { version: 7, colour: { of: 'hair' }, processes: q.processes.map((each) => [...each, 'more']) })
    expect(difference(p, later as Membership)).toBe(undefined)
    const proud = withMore(q, { version: 7, oldest: 6 })
    expect(difference(p, proud as Membership)).toBe('q needs version 6 of the protocol; here it is 1')
    expect(difference({ ...p, version: 9, oldest: 8 }, q)).toBe('q has version 1 of the protocol; here at least 8 is needed')
  })

  it.each([
    { version: '1' },
    { size: -1 },
    { self: 5 },
    { processes: [['p']] },
    { processes: { p: 1 } },
    { terms: null },
    { terms: { a: {} } },
    { digest: 'x'.repeat(20_000) },
  ])('does not understand %o', (more) => {
    expect(withMore(of('p', ['p', 'q']), more)).toBe(undefined)
  })

  it('does not understand what is no membership', () => {
    for (const text of ['', '{', 'null', '5', '[]']) expect(decodeMembership(new TextEncoder().encode(text))).toBe(undefined)
    expect(decodeMembership(Uint8Array.of(0x22, 0xff, 0x22))).toBe(undefined)
  })

  it('the greeting of 500 processes fits a small datagram, and incarnations differ', () => {
    expect(encodeMembership(of('process-1', many(500))).length).toBeLessThan(1_000)
    expect(new Set(Array.from({ length: 100 }, newIncarnation)).size).toBe(100)
    expect(newIncarnation()).toMatch(/^[0-9a-f]{16}$/)
  })
})
