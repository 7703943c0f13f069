export { MonarchicalEventualLeaderDetection } from './eventual-leader/monarchical-eventual-leader-detection'
export { type Heartbeat, IncreasingTimeout } from './eventually-perfect/increasing-timeout'
export { IncreasingTimeoutWithHints } from './eventually-perfect/increasing-timeout-with-hints'
export { ExcludeOnTimeout } from './perfect/exclude-on-timeout'
