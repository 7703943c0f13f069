import { EagerProbabilisticBroadcast } from '@upon/broadcast'
import type { Outside, ProbabilisticBroadcast } from '@upon/contract'
import { simulate } from '@upon/simulator'
import { expect, it } from 'vitest'
import { isDeep } from '../proofs/deep'

const [PROCESSES, ROUNDS] = isDeep ? [1_000, 5] : [100, 4]
const SEEDS = isDeep ? 3 : 8
const TIMEOUT_MS = 600_000
const LOST_PERCENT = 10
const ARRIVES = 1 - LOST_PERCENT / 100

/** The part of all processes that deliver one message. */
function reached(fanout: number, rounds: number, seed: number): number {
  let deliveries = 0
  simulate<string>({
    processes: PROCESSES,
    seed,
    record: 'nothing',
    schedule: { kind: 'random', seed, shape: 'uniform', lowMs: 1, highMs: 5 },
    faults: [{ kind: 'loss', lostPercent: LOST_PERCENT, duplicatedPercent: 0 }],
    setup: (p) => {
      const pb: Outside<ProbabilisticBroadcast, string> = p.run(EagerProbabilisticBroadcast.with({ fanout, rounds }).of<string>())
      p.upon(pb.deliver, () => {
        deliveries++
      })
      return (m, done) => {
        pb.broadcast(m)
        done()
      }
    },
    operations: [{ process: 'p1', afterMs: 0, operation: 'rumour' }],
  })
  return deliveries / PROCESSES
}

/** The part that hears at least one of the messages that arrive, if each goes to any other process with the same probability. */
function estimate(fanout: number, rounds: number): number {
  let arriving = 0
  for (let r = 1; r <= rounds; r++) arriving += (fanout * ARRIVES) ** r
  return 1 - (1 - 1 / (PROCESSES - 1)) ** arriving
}

const all = Array.from({ length: SEEDS }, (_, i) => i + 1)

it(`PB1 probabilistic validity: of ${PROCESSES} processes as many deliver as arriving messages can be expected to reach`, {
  timeout: TIMEOUT_MS,
}, () => {
  const [expected, few] = [estimate(3, ROUNDS), 0.95]
  const mean = all.reduce((sum, seed) => sum + reached(3, ROUNDS, seed), 0) / SEEDS
  expect(expected).toBeLessThan(few)
  expect(Math.abs(mean - expected)).toBeLessThan(0.1)
})

it(`PB1 probabilistic validity: a message reaches all of ${PROCESSES} processes where a miss is expected once in a hundred messages`, {
  timeout: TIMEOUT_MS,
}, () => {
  const fanout = isDeep ? 7 : 6
  expect((1 - estimate(fanout, ROUNDS)) * PROCESSES).toBeLessThan(0.01)
  for (const seed of all) expect(reached(fanout, ROUNDS, seed)).toBe(1)
})
