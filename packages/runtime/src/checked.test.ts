import { algorithm, checked, increasing, PerfectPointToPointLinks } from '@upon/contract'
import { describe, expect, it } from 'vitest'
import { assumes, handLinks, Step } from '../test/modules'
import { Process } from './index'

type Said = { readonly kind: 'SAID'; readonly n: number } | { readonly kind: 'ASKED' }
const isSaid = (m: unknown): m is Said => {
  const { kind, n } = (m ?? {}) as { kind?: unknown; n?: unknown }
  return kind === 'ASKED' || (kind === 'SAID' && typeof n === 'number')
}

const Hearing = algorithm(
  { name: 'hearing', implements: { step: Step }, uses: { pl: checked(PerfectPointToPointLinks.of<Said>(), isSaid) }, assumes },
  ({ step, pl, upon }) => {
    upon(pl.deliver, 'SAID', (_p, { n }) => step.answer(n.toFixed(0) as never))
    upon(pl.deliver, 'ASKED', () => step.answer('asked' as never))
  },
)
const Families = algorithm(
  { name: 'families', implements: { step: Step }, uses: { pl: checked(increasing(PerfectPointToPointLinks.of<Said>()), isSaid) }, assumes },
  ({ step, pl, upon }) => {
    pl.create(1)
    upon(pl.deliver, (index, p, m) => step.answer(`${index} ${p} ${m.kind}` as never))
  },
)

const LIES: readonly unknown[] = [{ kind: 'SAID' }, { kind: 'SAID', n: '1' }, null, undefined, 5, 'SAID', [], { kind: 'ASKED'.length }]

describe('what liars send', () => {
  it.each([
    ['one instance', Hearing, 'step.pl', ['1', 'asked']],
    ['a family', Families, 'step.pl[1]', ['1 q SAID', '1 q ASKED']],
  ] as const)('is dropped before a handler sees it, counted and reported: %s', (_, algorithm, path, heard) => {
    const links = handLinks()
    const reported: unknown[] = []
    const onMalformed = (at: string, message: unknown) => reported.push([at, message])
    const process = new Process({ self: 'p', processes: ['p', 'q'], supply: [links.transport], onMalformed })
    const seen: unknown[] = []
    process.upon(process.run(algorithm).answer, (m) => seen.push(m))
    for (const lie of LIES) links.receive('q', path, lie)
    links.receive('q', path, { kind: 'SAID', n: 1 })
    links.receive('q', path, { kind: 'ASKED' })
    expect(seen).toEqual(heard)
    const { malformed, unknownKinds } = process.counters
    expect(malformed + unknownKinds).toBe(LIES.length)
    expect(reported).toHaveLength(malformed)
  })

  it('stays checked over other links', () => {
    const links = handLinks()
    const process = new Process({ self: 'p', processes: ['p', 'q'], supply: [links.transport] })
    process.run(Hearing.over({ pl: links.transport }))
    links.receive('q', 'step.pl', { kind: 'SAID' })
    expect(process.counters.malformed).toBe(1)
  })
})
