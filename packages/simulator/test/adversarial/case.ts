import type { AlgorithmEvent, Trace } from '@upon/trace'
import { adversarial, type ClientOperation, type PlanSpace, type Random, type Setup, type SimulatedProcess } from '../../src'

/** An adversarial layer with a client, and the freedoms of its module that it must be seen to use. */
export interface Case {
  readonly module: { readonly name: string; readonly properties: Readonly<Record<string, string>> }
  readonly resilience: PlanSpace<never>['resilience']
  readonly setup: Setup<string>
  readonly operations: (random: Random, processes: readonly string[]) => readonly ClientOperation<string>[]
  readonly sometimes: Readonly<Record<string, (seen: Seen) => boolean>>
  /** The module that it is judged by, if that is a stricter one. */
  readonly as?: Case['module']
  /** What is wrong, if the checker has no functions for the module's properties. */
  readonly wrong?: (seen: Seen) => string | undefined
  /** Whether its runs go on forever. */
  readonly rests?: 'never'
}

/** What a trace shows of an instance. */
export class Seen {
  readonly events: readonly AlgorithmEvent[]
  readonly crashes: ReadonlyMap<string, number>

  constructor(readonly trace: Trace) {
    this.events = trace.entries.filter((entry) => entry.type === 'event')
    this.crashes = new Map(trace.entries.flatMap((e) => (e.type === 'crash' ? [[e.process ?? '', e.index]] : [])))
  }

  of(event: string, process?: string): readonly AlgorithmEvent[] {
    return this.events.filter((e) => e.event === event && (process === undefined || e.process === process))
  }

  isCorrect = (p: unknown): boolean => !this.crashes.has(p as string)
  get correct(): readonly string[] {
    return this.trace.processes.map(({ id }) => id).filter(this.isCorrect)
  }
}

export const none = () => []
/** This many operations per process, all different, close together or not. */
export const some =
  (most: number, only?: string) =>
  (random: Random, processes: readonly string[]): ClientOperation<string>[] => {
    const pauseMs = random.pick([0, 5, 50])
    return processes.flatMap((process) =>
      Array.from({ length: random.between(1, most) }, (_, i) => {
        const reads = only === undefined ? random.chance(50) : process !== only || random.chance(20)
        return { process, afterMs: random.below(1 + pauseMs), operation: reads ? `read ${i}` : `${process} ${i}` }
      }),
    )
  }

export const silent =
  (module: 'PerfectFailureDetector' | 'LeaderElection' | 'EventuallyPerfectFailureDetector' | 'EventualLeaderDetector' | 'EpochChange') =>
  (process: SimulatedProcess) => {
    process.run(adversarial[module](process), 'x')
    return undefined
  }

export const first = (events: readonly AlgorithmEvent[]) => events[0]?.attributes[0]
export const differ = (values: readonly unknown[]) => new Set(values).size > 1
