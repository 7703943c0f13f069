import { catalogue } from '@upon/catalogue'
import { crash, simulate } from '@upon/simulator'
import { expect, test } from 'vitest'
import { allSources } from '../house'
import { algorithmsIn } from './declarations'
import { handlerMaps, handlerOf } from './handlers'

const declarations = allSources().flatMap(algorithmsIn)
const maps = handlerMaps(declarations)

test('each handler, condition and Init has the lines of the code shown', () => {
  const [declaration] = declarations.filter(({ name }) => name === 'MonarchicalEventualLeaderDetection')
  const code = declaration?.code.split('\n') ?? []
  const map = maps['monarchical-eventual-leader-detection']
  expect(map?.handlers.map(({ on }) => on)).toEqual(['Init', 'epfd.suspect', 'epfd.restore', 'when 1'])
  for (const { on, lines } of map?.handlers ?? []) {
    const [[first, last] = [0, 0]] = lines
    const text = code.slice(first - 1, last).join('\n')
    expect(text.trim()).toMatch(on === 'Init' ? /^state: / : on === 'when 1' ? /^when\(/ : `upon(${on}`)
    expect(text.trim()).toMatch(/[),]$/)
  }
})

test('a handler per kind of message stands by itself', () => {
  const map = maps['read-write-epoch-consensus']
  const kinds = map?.handlers.filter(({ on }) => on.endsWith('.deliver')).map(({ kind }) => kind)
  expect(new Set(kinds).size).toBe(kinds?.length)
  expect(kinds).toContain('READ')
})

test.each(catalogue.map((entry) => [entry.name, entry] as const))(
  '%s: each entry of a run finds the lines that ran',
  (_, { scenario, suite }) => {
    const processes = ['p1', 'p2', 'p3']
    const faults = scenario.model === 'fail-recovery' ? [] : [crash('p1').at(3)]
    const { trace } = simulate({
      processes,
      seed: 1,
      setup: scenario.setup,
      operations: suite.few(processes),
      faults,
      limits: { events: 3_000 },
    })
    const ran = trace.entries.filter((entry) => entry.type === 'event')
    const lost = ran.filter(
      (entry) => entry.algorithm !== undefined && maps[entry.algorithm] !== undefined && handlerOf(entry, maps) === undefined,
    )
    expect([...new Set(lost.map(({ algorithm, path, direction, event }) => `${algorithm} ${path} ${direction} ${event}`))]).toEqual([])
    expect(ran.some((entry) => handlerOf(entry, maps) !== undefined)).toBe(true)
  },
)
