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
import { type ProcessUnderTest, run, type Suite, type Tested } from '../suite'

/** A detector has no requests, so no clients. */
const withoutClients = {
  start: <M extends Module>(process: ProcessUnderTest, algorithm: Tested<M>) => void run(process, algorithm),
  operations: () => [],
  few: () => [],
} as const

/** The indications of a module with this name. */
const indications = ({ trace }: Run, name: string, { name: module }: Abstraction<Module>): AlgorithmEvent[] =>
  trace.entries.filter((entry): entry is AlgorithmEvent => entry.type === 'event' && entry.module === module && entry.event === name)

const crashOf = ({ trace }: Run, p: unknown): TraceEntry | undefined =>
  trace.entries.find(({ type, process }) => type === 'crash' && process === p)

/** Whether some process got an indication about p before one about q, and another process the other way round. */
const inDifferentOrders = (events: readonly AlgorithmEvent[]): boolean => {
  const orders = new Set<string>()
  events.forEach(({ process, attributes: [q] }, i) => {
    for (const before of events.slice(0, i)) if (before.process === process) orders.add(`${before.attributes[0]} ${q}`)
  })
  return [...orders].some((order) => orders.has(order.split(' ').reverse().join(' ')))
}

export const perfectFailureDetector: Suite<PerfectFailureDetector> = {
  ...withoutClients,
  module: PerfectFailureDetector,
  sometimes: {
    'two crashes are detected in different orders': (run) => inDifferentOrders(indications(run, 'crash', PerfectFailureDetector)),
    'a process that has detected another one crashes': (run) =>
      indications(run, 'crash', PerfectFailureDetector).some(({ process }) => crashOf(run, process)),
  },
}

export const leaderElection: Suite<LeaderElection> = {
  ...withoutClients,
  module: LeaderElection,
  sometimes: {
    'a leader crashes, and another one is elected': (run) =>
      new Set(indications(run, 'leader', LeaderElection).map(({ attributes: [p] }) => p)).size > 1,
    'a process is elected that has crashed': (run) =>
      indications(run, 'leader', LeaderElection).some(({ attributes: [p], index }) => (crashOf(run, p)?.index ?? index) < index),
  },
}

export const eventuallyPerfectFailureDetector: Suite<EventuallyPerfectFailureDetector> = {
  ...withoutClients,
  module: EventuallyPerfectFailureDetector,
  sometimes: {
    'a process is suspected wrongly, and restored': (run) =>
      indications(run, 'restore', EventuallyPerfectFailureDetector).some(({ attributes: [p] }) => !crashOf(run, p)),
    'a process that has crashed is suspected': (run) =>
      indications(run, 'suspect', EventuallyPerfectFailureDetector).some(({ attributes: [p] }) => crashOf(run, p)),
  },
}

export const eventualLeaderDetector: Suite<EventualLeaderDetector> = {
  ...withoutClients,
  module: EventualLeaderDetector,
  sometimes: {
    'a leader crashes, and another one is trusted': (run) =>
      indications(run, 'trust', EventualLeaderDetector).some(({ attributes: [p] }) => crashOf(run, p)),
    'a leader that was doubted is trusted again': (run) => {
      const trusts = indications(run, 'trust', EventualLeaderDetector)
      return trusts.some(
        ({ process, attributes: [p] }, i) =>
          !crashOf(run, p) && trusts.slice(0, i).some((e) => e.process === process && e.attributes[0] === p),
      )
    },
  },
}
