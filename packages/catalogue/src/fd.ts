import { eventualLeaderDetector, eventuallyPerfectFailureDetector } from '@upon/compliance'
import { ElectLowerEpoch, IncreasingTimeout, IncreasingTimeoutWithHints, MonarchicalEventualLeaderDetection } from '@upon/fd'
import { type Entry, entry } from './entry'

const systems = [{ processes: 2, crashes: 1, timeouts: 4 }]

export const fd: readonly Entry[] = [
  entry(eventuallyPerfectFailureDetector, IncreasingTimeout, { systems }),
  entry(eventuallyPerfectFailureDetector, IncreasingTimeoutWithHints, { systems }),
  entry(eventualLeaderDetector, MonarchicalEventualLeaderDetection, { systems }),
  entry(eventualLeaderDetector, ElectLowerEpoch, { systems }),
]
