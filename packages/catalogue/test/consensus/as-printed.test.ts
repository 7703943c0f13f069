import { checkAll, EC3, type PropertyVerdict, UC1 } from '@upon/checker'
import { epochChange, type Suite, scenarioOf, uniformConsensus, type Value } from '@upon/compliance'
import { LeaderDrivenConsensus, PacedEpochChange } from '@upon/consensus'
import type { ProcessId, UniformConsensus } from '@upon/contract'
import { adversarial, type Run, runSeeds, type Scenario, type Violation } from '@upon/simulator'
import type { AlgorithmEvent, Trace, TraceEntry } from '@upon/trace'
import { describe, expect, it } from 'vitest'
import { EpochChangeAsPrinted } from './epoch-change-as-printed'

type Judge = NonNullable<Suite<UniformConsensus>['judge']>

/** Leader-driven consensus over leader detectors that err, where `printed` run the text's epoch change, and the others ours. */
function mixed(printed: readonly ProcessId[], judge: Judge): Scenario<Value> {
  const record = ['EpochChange', 'EpochConsensus', 'EventualLeaderDetector', 'BestEffortBroadcast']
  return scenarioOf({ ...uniformConsensus, judge, record }, LeaderDrivenConsensus, {
    name: `consensus where ${printed.join(', ')} run Algorithm 5.5 to the letter`,
    processes: 3,
    over: (_, process) => {
      const below = { eld: adversarial.EventualLeaderDetector(process) }
      const ec = printed.includes(process.self) ? EpochChangeAsPrinted.over(below) : PacedEpochChange.over(below)
      return LeaderDrivenConsensus.over({ ec })
    },
    sometimes: epochChange.sometimes ?? {},
  })
}

/** Nothing bad was found in many runs, and every required situation occurred. */
function expectNone(scenario: Scenario<Value>, runs: number): void {
  const { failures, sometimes } = runSeeds(scenario, 1, runs)
  expect(failures).toEqual([])
  for (const situation of Object.keys(epochChange.sometimes ?? {})) expect(sometimes[situation], situation).toBeGreaterThan(0)
}

describe('UC2 to UC4, EP1 to EP4, EC1, EC2', () => {
  const isSafety = ({ property }: PropertyVerdict) => /^(UC[234]|EP[1234]|EC[12])$/.test(property)

  it.each(['none', 'p1', 'p2', 'p3', 'p1 p2', 'p1 p3', 'p2 p3'])('hold among processes of which %s run the text', (printed) => {
    const scenario = mixed(printed.split(' '), (trace) => checkAll(trace).filter(isSafety))
    // those who run the text may announce epochs without end
    expectNone({ ...scenario, record: ['EpochChange', 'EpochConsensus'], rests: 'either', limits: { events: 1_000 } }, 60)
  })
})

describe('where one runs the text, or none, the others', () => {
  const isCorrectIn = (trace: Trace) => (p: ProcessId) => !trace.entries.some(({ type, process }) => type === 'crash' && process === p)

  /** The trace without what that one did, but that it crashed. If it did not, it does in its place what a correct other one does. */
  const without = (one: ProcessId, trace: Trace): Trace => {
    const isCorrect = isCorrectIn(trace)
    const twin = isCorrect(one) ? trace.processes.find(({ id }) => id !== one && isCorrect(id))?.id : undefined
    const left = trace.entries.flatMap((entry): TraceEntry[] => {
      if (entry.process === one) return entry.type === 'crash' ? [entry] : []
      return entry.type === 'event' && entry.process === twin ? [entry, { ...entry, process: one }] : [entry]
    })
    const entries = left.map((entry, index) => (entry.type === 'event' ? { ...entry, index, cause: -1 } : { ...entry, index }))
    return { ...trace, entries }
  }

  const events = ({ trace }: Run, process: ProcessId, path: string, event: string) =>
    trace.entries.filter(
      (entry): entry is AlgorithmEvent =>
        entry.type === 'event' && entry.process === process && entry.path === path && entry.event === event,
    )

  /** A process announces an epoch when it comes to trust itself; and else one each 100 ms, by a timer that may run twice as fast. */
  function raced(run: Run, p: ProcessId): Violation | undefined {
    const announced = events(run, p, 'uc.ec.beb', 'broadcast').length
    const elected = events(run, p, 'uc.ec.eld', 'trust').filter(({ attributes: [q] }) => q === p).length
    const most = elected + 1 + run.virtualMs / 50
    return announced <= most ? undefined : { property: 'pace', why: `${p} announced ${announced} epochs, and was elected ${elected} times` }
  }

  it.each(['none', 'p1', 'p2', 'p3'])('UC1, EC3: are not left behind, nor driven faster than their pace, by %s', (one) => {
    // that one may be left behind itself, and who needs it for a quorum waits for it
    const judge: Judge = (trace) => {
      const ours = one === 'none' ? trace : without(one, trace)
      const correct = trace.processes.filter(({ id }) => id !== one && isCorrectIn(trace)(id))
      return [EC3(ours, 'uc.ec'), ...(correct.length > trace.processes.length / 2 ? [UC1(ours, 'uc')] : [])]
    }
    const scenario = mixed([one], judge)
    const others = ['p1', 'p2', 'p3'].filter((p) => p !== one)
    const check = (run: Run) => scenario.check(run) ?? others.map((p) => raced(run, p)).find((violation) => violation !== undefined)
    expectNone({ ...scenario, check, limits: { events: 5_000 } }, 150)
  })
})
