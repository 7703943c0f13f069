import type { Field } from '@upon/compliance'
import { openSession } from '@upon/simulator'
import { describe, expect, it } from 'vitest'
import { catalogue } from '../src/index'

const processes = ['p1', 'p2', 'p3']
const few = (entry: (typeof catalogue)[number]) => entry.suite.few(processes)

describe.each(catalogue.map((entry) => [entry.name, entry] as const))('%s', (_, entry) => {
  const { suite, scenario } = entry

  it('offers something exactly if its users ask for something', () => {
    const offers = processes.flatMap((process) => suite.offers?.({ process, processes, before: [] }) ?? [])
    expect(offers.length > 0).toBe(few(entry).length > 0)
  })

  it('describes what its users ask for', () => {
    for (const { operation } of few(entry)) expect(suite.describe?.(operation)).toMatch(/^[a-z].*/)
  })

  it('carries out all that it offers, and breaks no assumption and throws nothing', () => {
    const session = openSession({ setup: scenario.setup, processes, seed: 1, model: scenario })
    const requested: { process: string; operation: unknown }[] = []
    for (let round = 0; round < 2; round++)
      for (const process of processes) {
        const offers = suite.offers?.({ process, processes, before: requested }) ?? []
        const offer = offers[round % Math.max(1, offers.length)]
        if (offer === undefined) continue
        const operation = offer.operation()
        session.apply({ do: 'request', process, operation })
        requested.push({ process, operation })
        session.apply({ do: 'until', timeMs: session.timeMs + 50 })
      }
    expect(session.errors).toEqual([])
    expect(session.broken).toEqual([])
    const requests = session.trace.entries.filter(
      (entry) => entry.type === 'event' && entry.direction === 'request' && !entry.path.includes('.'),
    )
    expect(requests.length > 0).toBe(requested.length > 0)
  })

  it('refuses arguments that do not fit their fields', () => {
    for (const process of processes)
      for (const offer of suite.offers?.({ process, processes, before: [] }) ?? []) {
        expect(() => offer.operation({ other: 1 })).toThrow(/no such argument/)
        for (const field of offer.fields)
          if (field.kind !== 'value') expect(() => offer.operation({ [field.name]: unfit(field) })).toThrow(RangeError)
      }
  })
})

const unfit = (field: Field) => (field.kind === 'number' ? field.least - 1 : 'another')

it('a proposal is offered once, and values differ by default', () => {
  const suite = catalogue.find(({ name }) => name === 'leader-driven-consensus')!.suite
  const before = [{ process: 'p1', operation: 1 }]
  expect(suite.offers?.({ process: 'p1', processes, before })).toEqual([])
  expect(suite.offers?.({ process: 'p2', processes, before })[0]?.operation()).toBe(2)
})
