import { eventualLeaderDetector, eventuallyPerfectFailureDetector, leaderElection, perfectFailureDetector } from '@upon/compliance'
import {
  ElectLowerEpoch,
  ExcludeOnTimeout,
  IncreasingTimeout,
  IncreasingTimeoutWithHints,
  MonarchicalEventualLeaderDetection,
  MonarchicalLeaderElection,
} from '@upon/fd'
import { type Entry, entry } from './entry'

const systems = [{ processes: 2, crashes: 1, timeouts: 4 }]

export const fd: readonly Entry[] = [
  entry(perfectFailureDetector, ExcludeOnTimeout, { systems: [{ processes: 2, crashes: 1, timeouts: 6 }] }),
  entry(leaderElection, MonarchicalLeaderElection, { systems: [{ processes: 3, crashes: 2 }] }),
  entry(eventuallyPerfectFailureDetector, IncreasingTimeout, { systems }),
  // a time-out so short that it must grow to be right
  entry(eventuallyPerfectFailureDetector, IncreasingTimeout.with({ delayMs: 20 }), { name: 'increasing-timeout-in-a-hurry', systems }),
  entry(eventuallyPerfectFailureDetector, IncreasingTimeoutWithHints, { systems }),
  entry(eventualLeaderDetector, MonarchicalEventualLeaderDetection, { systems: [{ processes: 2, crashes: 1, lies: 2 }] }),
  entry(eventualLeaderDetector, ElectLowerEpoch, { systems }),
]
