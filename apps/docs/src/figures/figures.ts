import { BasicBroadcast } from '@upon/broadcast'
import { atomicRegister, bestEffortBroadcast, scenarioOf, uniformConsensus } from '@upon/compliance'
import { LeaderDrivenConsensus } from '@upon/consensus'
import { ExcludeOnTimeout } from '@upon/fd'
import { ReadImposeWriteConsultMajority } from '@upon/register'
import { crash, partition, pause, runSeed, runSeeds, shrink, simulate } from '@upon/simulator'
import type { PictureOptions, Trace, TraceEntry } from '@upon/trace'
import { MyRegister } from '../../examples/my-register'

/** A run to draw: the trace, the events that matter, and a caption. */
export interface Figure {
  readonly trace: Trace
  readonly show: (entry: TraceEntry) => boolean
  readonly marked: readonly TraceEntry[]
  readonly marks?: PictureOptions['marks']
  readonly caption: string
}

const marks =
  (...events: readonly string[]) =>
  (trace: Trace): TraceEntry[] =>
    trace.entries.filter(
      (entry) => entry.type === 'event' && entry.direction === 'indication' && events.includes(`${entry.path}.${entry.event}`),
    )

/** The links' events between processes, every event of the top instance, and every fault of a process. */
export const betweenProcesses =
  (top: string, kinds?: RegExp) =>
  (entry: TraceEntry): boolean => {
    if (entry.type !== 'event') return true
    if (entry.direction === 'rule') return false
    if (entry.path === top) return true
    if (!entry.module.endsWith('Links') || entry.attributes[0] === entry.process) return false
    return kinds === undefined || kinds.test(JSON.stringify(entry.attributes))
  }

/** The runs that the guides show. Each is simulated when the site is built. */
export const figures: Readonly<Record<string, () => Figure>> = {
  'best-effort': () => {
    const { trace } = simulate<number>({
      processes: ['p', 'q', 'r'],
      seed: 4,
      setup: (process) => bestEffortBroadcast.start(process, BasicBroadcast),
      operations: [{ process: 'p', afterMs: 0, operation: 52 }],
      faults: [crash('p').afterSends(1)],
    })
    return {
      trace,
      show: betweenProcesses('beb'),
      marked: marks('beb.deliver')(trace),
      marks: 'highlight',
      caption: 'p crashes in the middle of its broadcast. One process delivers the message, another never will: best effort, and no more.',
    }
  },
  register: () => {
    const { trace } = simulate({
      processes: ['p', 'q', 'r'],
      seed: 2,
      setup: (process) => atomicRegister.start(process, ReadImposeWriteConsultMajority),
      operations: [
        { process: 'p', afterMs: 0, operation: { kind: 'write', value: 5 } },
        { process: 'q', afterMs: 25, operation: { kind: 'read' } },
      ],
    })
    return {
      trace,
      show: betweenProcesses('nnar'),
      marked: marks('nnar.readReturn', 'nnar.writeReturn')(trace),
      marks: 'highlight',
      caption: 'A write and then a read of an atomic register: each asks a majority, and then tells one.',
    }
  },
  'leader-crash': () => {
    const { trace } = simulate<number>({
      processes: ['p', 'q', 'r'],
      seed: 0x5eed,
      setup: (process) => uniformConsensus.start(process, LeaderDrivenConsensus),
      operations: ['p', 'q', 'r'].map((process, i) => ({ process, afterMs: 0, operation: i + 1 })),
      faults: [crash('r').afterSends(4)],
    })
    return {
      trace,
      show: betweenProcesses('uc', /READ|WRITE|STATE|ACCEPT|DECIDED|NEWEPOCH|NACK/),
      marked: marks('uc.decide')(trace),
      marks: 'highlight',
      caption: 'The leader r crashes before anybody learns the decision. q takes over, and finds the value that a majority has accepted.',
    }
  },
  'not-atomic': () => {
    const scenario = scenarioOf(atomicRegister, MyRegister, { processes: 4 })
    const { failures } = runSeeds(scenario, 1, 1_000)
    if (failures.length === 0) throw new Error('my-register has become atomic: the guide says that it is not')
    const shrunk = failures.slice(0, 5).map(({ seed }) => shrink(scenario, runSeed(scenario, seed)))
    const { run, violation } = shrunk.reduce((shortest, each) => (each.steps < shortest.steps ? each : shortest))
    return {
      trace: run.trace,
      show: betweenProcesses('nnar'),
      marked: violation.events ?? [],
      caption: `${violation.property} violated: ${violation.why}`,
    }
  },
  partition: () => {
    const { trace } = simulate({
      processes: ['p', 'q', 'r'],
      seed: 7,
      setup: (process) => atomicRegister.start(process, ReadImposeWriteConsultMajority),
      operations: [
        { process: 'p', afterMs: 0, operation: { kind: 'write', value: 5 } },
        { process: 'r', afterMs: 2, operation: { kind: 'read' } },
      ],
      faults: [partition(['p'], ['q', 'r']).from(0).to(40)],
    })
    return {
      trace,
      show: betweenProcesses('nnar'),
      marked: marks('nnar.readReturn', 'nnar.writeReturn')(trace),
      marks: 'highlight',
      caption: 'A partition cuts p off. The majority goes on; p waits until it can ask one, and returns nothing false meanwhile.',
    }
  },
  'wrong-detection': () => {
    const { trace } = simulate({
      processes: ['p', 'q', 'r'],
      seed: 3,
      setup: (process) => void process.run(ExcludeOnTimeout),
      faults: [pause('r').from(120).to(330)],
    })
    return {
      trace,
      show: (entry) => entry.type !== 'event' || entry.path === 'pfd',
      marked: marks('pfd.crash')(trace),
      caption:
        'r was only slow for a while, and goes on. The others have detected its crash, forever: what they decide from now on may be wrong.',
    }
  },
}
