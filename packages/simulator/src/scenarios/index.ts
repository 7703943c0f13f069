import { BasicBroadcast } from '@upon/broadcast'
import { LeaderBasedEpochChange, LeaderDrivenConsensus } from '@upon/consensus'
import { IncreasingTimeout, IncreasingTimeoutWithHints, MonarchicalEventualLeaderDetection } from '@upon/fd'
import { ReadImposeWriteConsultMajority } from '@upon/register'
import { idealLeaderDetector } from '../ideal/eventual-leader-detector'
import { atomicRegister, bestEffortBroadcast, epochChange, eventualLeader, eventuallyPerfect, uniformConsensus } from '../properties'
import type { Scenario } from '../scenario'
import { broadcastClient, messages } from '../workload/broadcast'
import { consensusClient, proposals } from '../workload/consensus'
import { type RegisterOperation, readsAndWrites, registerClient } from '../workload/register'

export const uc: Scenario<number> = {
  name: 'uc',
  processes: 5,
  resilience: 'f < N/2',
  setup: (process) => consensusClient(process, process.run(LeaderDrivenConsensus.of<number>())),
  operations: proposals,
  check: ({ trace }) => uniformConsensus(trace),
}

/** Consensus over a leader detector that lies as much as it may. */
export const lies: Scenario<number> = {
  ...uc,
  name: 'lies',
  setup: (process) => {
    const ec = LeaderBasedEpochChange.over({ eld: idealLeaderDetector(process) })
    return consensusClient(process, process.run(LeaderDrivenConsensus.over({ ec }).of<number>()))
  },
}

export const nnar: Scenario<RegisterOperation> = {
  name: 'nnar',
  processes: 5,
  resilience: 'f < N/2',
  setup: (process) => registerClient(process, process.run(ReadImposeWriteConsultMajority.of<number>())),
  operations: readsAndWrites,
  check: ({ trace }) => atomicRegister(trace),
}

export const beb: Scenario<number> = {
  name: 'beb',
  processes: 5,
  resilience: 'f < N',
  setup: (process) => broadcastClient(process.run(BasicBroadcast.of<number>())),
  operations: messages,
  check: ({ trace }) => bestEffortBroadcast(trace),
}

const none = { operations: () => [], resilience: 'f < N' } as const

export const eld: Scenario = {
  ...none,
  name: 'eld',
  processes: 5,
  setup: (process) => void process.run(MonarchicalEventualLeaderDetection),
  check: ({ trace }) => eventualLeader(trace),
}

export const epfd: Scenario = {
  ...none,
  name: 'epfd',
  processes: 5,
  setup: (process) => void process.run(IncreasingTimeout),
  check: ({ trace }) => eventuallyPerfect(trace),
}

export const hints: Scenario = { ...epfd, name: 'hints', setup: (process) => void process.run(IncreasingTimeoutWithHints) }

export const ec: Scenario = {
  ...none,
  name: 'ec',
  processes: 5,
  setup: (process) => void process.run(LeaderBasedEpochChange),
  check: ({ trace }) => epochChange(trace, trace.processes.at(-1)?.id ?? ''),
}

/** The algorithms of this project, by the names that `upon-sim` knows. */
export const scenarios: Readonly<Record<string, Scenario>> = { uc, lies, nnar, beb, eld, epfd, hints, ec } as never
