import {
  type Abstraction,
  EventualLeaderDetector,
  EventuallyPerfectFailureDetector,
  LeaderElection,
  type Module,
  PerfectFailureDetector,
} from '@upon/contract'
import type { Run } from '@upon/simulator'
import type { AlgorithmEvent, TraceEntry } from '@upon/trace'
import { type Host, run, type Suite, type Tested } from '../suite'

/** Nobody asks anything of a detector. */
const unasked = {
  start: <M extends Module>(process: Host, algorithm: Tested<M>) => void run(process, algorithm),
  operations: () => [],
  few: () => [],
} as const

/** What processes were told under that name. */
const told = ({ trace }: Run, name: string, { name: module }: Abstraction<Module>): AlgorithmEvent[] =>
  trace.entries.filter((entry): entry is AlgorithmEvent => entry.type === 'event' && entry.module === module && entry.event === name)

const crashOf = ({ trace }: Run, p: unknown): TraceEntry | undefined =>
  trace.entries.find(({ type, process }) => type === 'crash' && process === p)

/** Whether some process was told of q after it had been told of p, and some other the other way round. */
const inDifferentOrders = (events: readonly AlgorithmEvent[]): boolean => {
  const orders = new Set<string>()
  events.forEach(({ process, attributes: [q] }, i) => {
    for (const before of events.slice(0, i)) if (before.process === process) orders.add(`${before.attributes[0]} ${q}`)
  })
  return [...orders].some((order) => orders.has(order.split(' ').reverse().join(' ')))
}

export const perfectFailureDetector: Suite<PerfectFailureDetector> = {
  ...unasked,
  module: PerfectFailureDetector,
  sometimes: {
    'two crashes are detected in different orders': (run) => inDifferentOrders(told(run, 'crash', PerfectFailureDetector)),
    'a process that has detected another one crashes': (run) =>
      told(run, 'crash', PerfectFailureDetector).some(({ process }) => crashOf(run, process)),
  },
}

export const leaderElection: Suite<LeaderElection> = {
  ...unasked,
  module: LeaderElection,
  sometimes: {
    'a leader crashes, and another one is elected': (run) =>
      new Set(told(run, 'leader', LeaderElection).map(({ attributes: [p] }) => p)).size > 1,
    'a process is elected that has crashed': (run) =>
      told(run, 'leader', LeaderElection).some(({ attributes: [p], index }) => (crashOf(run, p)?.index ?? index) < index),
  },
}

export const eventuallyPerfectFailureDetector: Suite<EventuallyPerfectFailureDetector> = {
  ...unasked,
  module: EventuallyPerfectFailureDetector,
  sometimes: {
    'a process is suspected wrongly, and restored': (run) =>
      told(run, 'restore', EventuallyPerfectFailureDetector).some(({ attributes: [p] }) => !crashOf(run, p)),
    'a process that has crashed is suspected': (run) =>
      told(run, 'suspect', EventuallyPerfectFailureDetector).some(({ attributes: [p] }) => crashOf(run, p)),
  },
}

export const eventualLeaderDetector: Suite<EventualLeaderDetector> = {
  ...unasked,
  module: EventualLeaderDetector,
  sometimes: {
    'a leader crashes, and another one is trusted': (run) =>
      told(run, 'trust', EventualLeaderDetector).some(({ attributes: [p] }) => crashOf(run, p)),
    'a leader that was doubted is trusted again': (run) => {
      const trusts = told(run, 'trust', EventualLeaderDetector)
      return trusts.some(
        ({ process, attributes: [p] }, i) =>
          !crashOf(run, p) && trusts.slice(0, i).some((e) => e.process === process && e.attributes[0] === p),
      )
    },
  },
}
