import { type Assumptions, algorithm, assumptionsOf, canonical, modelOf, mostFaulty, restate, together } from '@upon/contract'
import { describe, expect, it } from 'vitest'
import { assumes, Echo, Step } from '../test/modules'
import { Process, type ProcessOptions } from './index'

const third = algorithm(
  { name: 'third', implements: { step: Step }, uses: {}, assumes: { ...assumes, timing: 'eventually-synchronous', resilience: 'f < N/3' } },
  ({ step, f, l0, upon }) => upon(step.ask, () => step.answer(`${f} ${l0}` as never)),
)
const system = (options: Partial<ProcessOptions<[]>> = {}) =>
  new Process({ self: 'a', processes: ['a', 'b', 'c', 'd', 'e', 'f', 'g'], ...options })
const answer = (process: Process) => {
  const step = process.run(third)
  const seen: unknown[] = []
  process.upon(step.answer, (m) => seen.push(m))
  step.ask(0)
  return seen
}

describe('what an algorithm assumes', () => {
  it('gives it f, the most that its resilience bears unless the host says less, and l0, the process of the highest rank', () => {
    expect(answer(system())).toEqual(['2 g'])
    expect(answer(system({ f: 1 }))).toEqual(['1 g'])
    expect(answer(system({ f: 0, rank: (p) => -p.charCodeAt(0) }))).toEqual(['0 a'])
  })

  it('must be what the host says of the system', () => {
    expect(() => system({ f: 3 }).run(third)).toThrow('step: third assumes f < N/3: at most 2 of 7 processes, not 3')
    expect(() => system({ timing: 'asynchronous' }).run(third)).toThrow(
      'step: third assumes an eventually synchronous system; this one is asynchronous',
    )
    expect(answer(system({ timing: 'synchronous' }))).toEqual(['2 g'])
    for (const f of [-1, 7, 1.5, '1' as never]) expect(() => system({ f })).toThrow('f: expected how many of 7 processes may be faulty')
    expect(() => system({ timing: 'soon' as never })).toThrow('timing: expected synchronous')
  })

  it.each([
    ['f < N', [0, 1, 2, 3, 4, 5, 6]],
    ['f < N/2', [0, 0, 1, 1, 2, 2, 3]],
    ['f < N/3', [0, 0, 0, 1, 1, 1, 2]],
    ['f < N/5', [0, 0, 0, 0, 0, 1, 1]],
  ] as const)('%s: fewer than that of 1 to 7', (resilience, most) => {
    expect(most.map((_, i) => mostFaulty(resilience, i + 1))).toEqual(most)
  })

  it('is, of two layers, what both tolerate, with the stronger timing and the fewer faults', () => {
    const recovering = { processes: 'crash-recovery', timing: 'asynchronous', resilience: 'f < N/2' } as const
    const noisy = { processes: 'crash-stop', timing: 'eventually-synchronous', resilience: 'f < N', besides: 'clocks' } as const
    const lying: Assumptions = { processes: 'byzantine', timing: 'asynchronous', resilience: 'f < N/3' }
    const any: Assumptions = { ...assumes, processes: 'any' }
    const both = { processes: 'crash-stop', timing: 'eventually-synchronous', resilience: 'f < N/2', besides: 'clocks' }
    expect(together(recovering, noisy)).toEqual(both)
    expect(together(noisy, recovering)).toEqual(both)
    expect(together(recovering, lying)).toMatchObject({ processes: 'crash-stop', resilience: 'f < N/3' })
    expect(together(lying, any).processes).toBe('byzantine')
    expect([recovering, noisy, lying, any].map(modelOf)).toEqual(['fail-recovery', 'fail-noisy', 'fail-arbitrary', 'fail-silent'])
  })

  it('counts for all layers above it', () => {
    const Above = algorithm({ name: 'above', implements: { step: Step }, uses: { below: third }, assumes }, () => {})
    expect(assumptionsOf(Above)).toEqual({ ...assumes, timing: 'eventually-synchronous', resilience: 'f < N/3' })
  })

  it('is refused where a layer tolerates less, also in plain JavaScript', () => {
    const lying = { ...assumes, processes: 'byzantine' } as const
    const make = () => algorithm({ name: 'above', implements: { step: Step }, uses: { below: Echo as never }, assumes: lying }, () => {})
    expect(make).toThrow("algorithm above tolerates 'byzantine'; below it, as 'below', echo tolerates only 'crash-stop'")
    const wrong = (given: object) => () => algorithm({ name: 'x', implements: { step: Step }, uses: {}, assumes: given as never }, () => {})
    expect(wrong({ model: 'fail-silent', resilience: 'f < N' })).toThrow('algorithm x: assumes.processes: expected crash-stop')
    expect(wrong({ ...assumes, resilience: 'f < N/7' })).toThrow('algorithm x: assumes.resilience: expected f < N, f < N/2')
  })
})

it('restate: the same algorithm over other layers, under another name', () => {
  const Above = algorithm({ name: 'above', implements: { step: Step }, uses: { below: Echo }, assumes }, ({ step, below, upon }) => {
    upon(step.ask, (m) => below.ask(m as never))
    upon(below.answer, (m) => step.answer(m as never))
  })
  const Restated = restate(Above, { name: 'restated', implements: Step, over: { below: third } })
  expect([Restated.name, Above.name]).toEqual(['restated', 'above'])
  const process = system()
  const step = process.run(Restated.of<unknown>())
  const seen: unknown[] = []
  process.upon(step.answer, (m) => seen.push(m))
  step.ask(0)
  expect(seen).toEqual(['2 g'])
})

it('canonical: one text for equal values, and different ones for others', () => {
  const equal: readonly [unknown, unknown][] = [
    [
      { a: 1, b: [2] },
      { b: [2], a: 1 },
    ],
    [
      new Map([
        [1, 'x'],
        [2, 'y'],
      ]),
      new Map([
        [2, 'y'],
        [1, 'x'],
      ]),
    ],
    [new Set(['a', 'b']), new Set(['b', 'a'])],
    [new Uint8Array([1, 2]), new Uint8Array([0, 1, 2]).subarray(1)],
  ]
  for (const [a, b] of equal) expect(canonical(a)).toBe(canonical(b))
  const all = [
    undefined,
    null,
    '⊥',
    'null',
    0,
    -0,
    '0',
    0n,
    Number.NaN,
    'NaN',
    true,
    'true',
    [],
    {},
    [undefined],
    [null],
    new Map(),
    new Set(),
  ]
  const more = [
    { 'a:1,b': 2 },
    { a: 1, b: 2 },
    ['a', 'b'],
    ['a,b'],
    new Uint8Array(0),
    [[], []],
    [[[]]],
    { a: undefined },
    [1, [2, 3]],
    [1, 2, 3],
  ]
  expect(new Set([...all, ...more].map(canonical)).size).toBe(all.length + more.length)
})
