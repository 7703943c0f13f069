import { FloodingConsensus, FloodingUniformConsensus } from '@upon/consensus'
import type { Consensus, Layer, Outside, PerfectPointToPointLinks, Timer } from '@upon/contract'
import { type ClientOperation, crash, type Fault, outsideModel, type Plan, simulate } from '@upon/simulator'
import type { AlgorithmEvent } from '@upon/trace'
import { describe, expect, it } from 'vitest'
import { catalogueWith, cleanUp } from '../mutants/build'
import type { Mutation } from '../mutants/mutant'

// Schedules in which the algorithms as printed decide p1's value here and another one there, found by looking for them. All is within
// the model: a message that takes 25 ms is lost when its sender crashes meanwhile, and no process is detected that has not crashed.

cleanUp()

const BOUND_MS = 25

interface Script {
  readonly processes: number
  readonly faults: readonly Fault[]
  /** Messages that take 25 ms; all others take one. */
  readonly slow: readonly string[]
  readonly afterMs?: Readonly<Record<string, number>>
}

type Flooding = Layer<Consensus, PerfectPointToPointLinks | Timer, string>

const mutant = async (name: string, mutation: Mutation) => (await catalogueWith(mutation)).find(name)?.algorithm as never as Flooding

/** What each process decides, when all propose their names. */
function decisions(algorithm: Flooding, script: Script): Record<string, unknown> {
  const { processes, faults, slow, afterMs = {} } = script
  const names = Array.from({ length: processes }, (_, i) => `p${i + 1}`)
  const operations: ClientOperation<string>[] = names.map((p) => ({ process: p, afterMs: afterMs[p] ?? 0, operation: p }))
  const deviations = Object.fromEntries(slow.map((message) => [message, BOUND_MS]))
  const schedule = { kind: 'fixed', delayMs: 1 } as const
  const plan: Plan<string> = { seed: 1, processes: names, operations, faults, schedule, deviations, stabilisationMs: 0, boundMs: BOUND_MS }
  expect(outsideModel(plan, { model: 'fail-stop', resilience: 'f < N' })).toBeUndefined()
  const { trace } = simulate<string>({
    ...plan,
    record: 'application',
    setup: (process) => {
      const c = process.run(algorithm as never) as Outside<Consensus, string>
      process.upon(c.decide, () => {})
      return (v, done) => {
        c.propose(v)
        done()
      }
    },
  })
  const decided = trace.entries.filter((entry): entry is AlgorithmEvent => entry.type === 'event' && entry.event === 'decide')
  return Object.fromEntries(decided.map(({ process, attributes }) => [process, attributes[0]]))
}

const c4: Script = {
  processes: 5,
  faults: [crash('p5').at(0), crash('p1', { lostPercent: 100 }).at(195), crash('p2', { lostPercent: 100 }).at(205)],
  slow: ['p1>p3 c.beb.pl 1', 'p1>p4 c.beb.pl 1', 'p2>p4 c.beb.pl 1', 'p2>p4 c.beb.pl 2', 'p2>p4 pfd.pl 4'],
  afterMs: { p1: 190, p2: 190 },
}

describe('C4 agreement: p2 is heard in two rounds by p3 and in none by p4, and knows what no other process knows about p1', () => {
  it('flooding consensus holds', () => {
    expect(decisions(FloodingConsensus.of<string>(), c4)).toEqual({ p3: 'p2', p4: 'p2' })
  })

  it('the text, in which each goes by its own detector, does not', async () => {
    const file = 'consensus/src/consensus/flooding-consensus.ts'
    const line = 'if (!said.correct.includes(q)) state.correct.delete(q)'
    expect(decisions(await mutant('flooding-consensus', { file, line, wrong: 'void q' }), c4)).toEqual({ p3: 'p1', p4: 'p2' })
  })
})

const uc4: Script = {
  processes: 3,
  faults: [crash('p1', { lostPercent: 100 }).at(10), crash('p2', { lostPercent: 100 }).at(210)],
  slow: ['p1>p2 uc.beb.pl 1', 'p1>p3 uc.beb.pl 1', 'p1>p3 uc.beb.pl 2', 'p2>p3 uc.beb.pl 3'],
}

describe('UC4 uniform agreement: p1 hides its proposal for two rounds, and p2 decides in the third and crashes', () => {
  it('flooding uniform consensus holds', () => {
    expect(decisions(FloodingUniformConsensus.of<string>(), uc4)).toEqual({ p2: 'p2', p3: 'p2' })
  })

  it('the text, in which all counts that was said in a round, does not', async () => {
    const file = 'consensus/src/uniform/flooding-uniform-consensus.ts'
    const line = 'for (const { proposals } of heard)'
    expect(
      decisions(
        await mutant('flooding-uniform-consensus', { file, line, wrong: 'for (const { proposals } of receivedIn(state.round).values())' }),
        uc4,
      ),
    ).toEqual({
      p2: 'p1',
      p3: 'p2',
    })
  })
})
