import { PerfectPointToPointLinks } from '@upon/contract'
import { expect, it } from 'vitest'
import { type Schedule, simulate } from '../src'

const PROCESSES = process.env.UPON_DEEP ? 1_000 : 150
const RUMOURS = 3
const FANOUT = 8

/** Each process sends a rumour that is new to it to a few others, over one of several links. */
function gossip(schedule: Schedule, stabilisationMs: number) {
  let learnt = 0
  const run = simulate<number>({
    processes: PROCESSES,
    seed: 1,
    record: 'nothing',
    schedule,
    stabilisationMs,
    setup: (p) => {
      const links = Array.from({ length: RUMOURS }, (_, i) => p.run(PerfectPointToPointLinks, `pl${i}`))
      const known = new Set<number>()
      const learn = (rumour: number) => {
        if (known.has(rumour)) return
        known.add(rumour)
        learnt++
        for (let i = 0; i < FANOUT; i++) links[rumour]?.send(p.random.pick(p.processes), rumour)
      }
      for (const pl of links) p.upon(pl.deliver, (_q, rumour) => learn(rumour as number))
      return (rumour, done) => {
        learn(rumour)
        done()
      }
    },
    operations: Array.from({ length: RUMOURS }, (_, i) => ({ process: `p${i + 1}`, afterMs: i, operation: i })),
  })
  return { learnt, end: run.end }
}

const PRIORITIES: Schedule = { kind: 'priorities', seed: 1, stepMs: 0.001, changes: [5, 50] }

it.each([
  ['random delays', { kind: 'random', seed: 1, shape: 'uniform', lowMs: 0.5, highMs: 5 }, 0],
  ['priorities until the stabilisation time', PRIORITIES, 50],
  ['priorities with a bound', PRIORITIES, 0],
] as const)(`gossip among ${PROCESSES} processes costs what is sent, not what could be: %s`, (_, schedule, stabilisationMs) => {
  const { learnt, end } = gossip(schedule, stabilisationMs)
  expect(end).toBe('quiescent')
  expect(learnt).toBeGreaterThan(0.99 * PROCESSES * RUMOURS)
})
