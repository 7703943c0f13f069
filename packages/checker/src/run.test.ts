import { traceOf } from '@upon/trace'
import { expect, test } from 'vitest'
import { check } from './check'
import { runOf } from './run'

const holds = (instance: string, lines: string) =>
  Object.fromEntries(check(traceOf(instance, lines), { name: instance.split(': ')[1] ?? '' }).map((v) => [v.property, v.holds]))

test('processes that never crash are correct', () => {
  const run = runOf(traceOf('uc: UniformConsensus', 'p1 crash'))
  expect(run.correct).toEqual(['p2', 'p3'])
  expect([...run.crashes.keys()]).toEqual(['p1'])
})

test('processes that recovered from every crash are correct; those whose last crash has no recovery are not', () => {
  const run = runOf(traceOf('uc: UniformConsensus', 'p1 crash\np2 crash\np1 recover\np2 recover\np3 crash\np2 crash\np3 recover'))
  expect(run.correct).toEqual(['p1', 'p3'])
  expect([...run.crashes].map(([p, { index }]) => [p, index])).toEqual([['p2', 5]])
  expect(run.everyCrash.map(({ process, index }) => [process, index])).toEqual([
    ['p1', 0],
    ['p2', 1],
    ['p3', 4],
    ['p2', 5],
  ])
})

test('ELD1: a process that has recovered may be trusted, a process that is down may not', () => {
  const trusted = 'p1 < trust "p3"\np2 < trust "p3"\np3 < trust "p3"\np3 crash\np3 recover'
  expect(holds('eld: EventualLeaderDetector', `${trusted}\np3 < trust "p3"`)).toEqual({ ELD1: true, ELD2: true })
  expect(holds('eld: EventualLeaderDetector', `${trusted}\np3 crash`)).toEqual({ ELD1: false, ELD2: true })
})

test('UC1: a process that recovers must decide eventually, a process that stays down need not', () => {
  const decided = 'p1 > propose 1\np2 > propose 1\np3 > propose 1\np1 < decide 1\np2 < decide 1\np3 crash'
  expect(holds('uc: UniformConsensus', decided).UC1).toBe(true)
  expect(holds('uc: UniformConsensus', `${decided}\np3 recover`).UC1).toBe(false)
})

test('NNAR1: an operation that a crash interrupted need not return, even if its process recovers', () => {
  const interrupted = 'p1 > write 1\np1 crash\np1 recover'
  expect(holds('nnar[x]: AtomicRegister', interrupted).NNAR1).toBe(true)
  expect(holds('nnar[x]: AtomicRegister', `${interrupted}\np1 > read`).NNAR1).toBe(false)
})
