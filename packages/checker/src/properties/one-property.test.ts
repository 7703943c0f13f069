import { type Trace, traceOf } from '@upon/trace'
import { expect, test } from 'vitest'
import { options } from '../../test/rows'
import { agreement } from '../../test/rows-of-agreement'
import { broadcasts, links } from '../../test/rows-of-messages'
import { sequences } from '../../test/rows-of-sequences'
import { consensus, detectors, epochs, registers } from '../../test/rows-of-the-others'
import { checkAll, properties } from '../index'

const rows = [...links, ...broadcasts, ...detectors, ...registers, ...consensus, ...epochs, ...sequences, ...agreement]

/** The properties of a trace with a verdict like this. */
const which = (trace: Trace, is: unknown): string[] =>
  checkAll(trace, options).flatMap(({ property, holds }) => (holds === is ? [property] : []))

const titled = rows.map(([property, instance, violated, holds]) => ({ property, instance, violated, holds }))

test.each(titled)('$property of $instance is violated, and no other: $violated', ({ property, instance, violated }) => {
  const trace = traceOf(instance, violated)
  const quiescent = { violated: which(trace, false), unknown: which(trace, 'unknown'), illFormed: which(trace, 'ill-formed') }
  expect(quiescent).toEqual({ violated: [property], unknown: [], illFormed: [] })
  const cut = { ...trace, end: 'cut' } as const
  expect([...which(cut, false), ...which(cut, 'unknown')]).toContain(property)
  expect(which(cut, false).filter((name) => name !== property)).toEqual([])
})

test.each(titled)('$property of $instance holds, as all do: $holds', ({ instance, holds }) => {
  const trace = traceOf(instance, holds)
  expect(checkAll(trace, options).filter((verdict) => verdict.holds !== true)).toEqual([])
  expect(which({ ...trace, end: 'cut' }, false)).toEqual([])
})

test('every property that a check is written for is violated here by itself', () => {
  const tried = new Set(rows.map(([property]) => property))
  expect(
    Object.values(properties)
      .flatMap((checks) => Object.keys(checks))
      .filter((name) => !tried.has(name)),
  ).toEqual([])
})
