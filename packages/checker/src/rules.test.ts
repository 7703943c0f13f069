import { type Trace, traceOf } from '@upon/trace'
import { expect, it } from 'vitest'
import { check } from './check'

const REGISTER = { name: 'RegularRegister' }

/** The trace with the rule Init of the instance before everything. */
const withInit = (trace: Trace): Trace => {
  const entries = trace.entries.map((entry) => ({ ...entry, index: entry.index + 1 }))
  const init = { type: 'event', index: 0, cause: -1, timeMs: 0, process: 'p1', path: 'onrr', module: 'RegularRegister' } as const
  return { ...trace, entries: [{ ...init, direction: 'rule', event: 'Init', attributes: [] }, ...entries] }
}

it('rules are no events: a register is judged as without them', () => {
  const trace = traceOf('onrr: RegularRegister', 'p1 > write 1\np1 < writeReturn\np2 > read\np2 < readReturn 1')
  const holds = (of: Trace) => check(of, REGISTER).map((verdict) => `${verdict.property} ${verdict.holds}`)
  expect(holds(withInit(trace))).toEqual(['ONRR1 true', 'ONRR2 true'])
  expect(holds(trace)).toEqual(holds(withInit(trace)))
})
