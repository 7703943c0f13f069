import type { EndpointCounters } from '@upon/transport/tcp'
import { HubError } from './errors'
import type { HubEvent, Log } from './events'
import type { IgnoredCounters } from './messages/incoming'

export interface HubOptions {
  /** Where to listen; also what processes see as the hub's host unless it is a wildcard. */
  readonly host: string
  /** 0 takes a free one: see `Hub.address`. */
  readonly port: number
  /** How long each process has to answer a command; default 5,000. */
  readonly timeoutMs?: number
  /**
   * How long `system` waits after it told the processes: nothing in the protocol says when they are ready, and what reaches a process before
   * it has heard of the system is lost. Default 100.
   */
  readonly settleMs?: number
  /** For the values that the hub chooses; default 1. */
  readonly seed?: number
  readonly log?: Log
  readonly onEvent?: (event: HubEvent) => void
  /**
   * A folder, made if it is not there: each system is recorded in a file of its own in it, `sys-1.hub.ndjson`, a whole trace that `upon-check` and `readTrace` of
   * `@upon/trace` take: what each process, of whatever implementation, was asked and answered. `Hub.listen` rejects when nothing can be written
   * there; what fails later is logged, and seen in `recordings`, and the hub goes on.
   */
  readonly trace?: string
}

export interface HubCounters {
  readonly ignored: Readonly<IgnoredCounters>
  /** Lines about others that were left out of the log, as there were too many. */
  readonly suppressedLines: number
  /** Frames that have arrived and wait for their turn. */
  readonly waitingBytes: number
  /** Answers waited for at the moment. */
  readonly pending: number
  readonly endpoint: EndpointCounters
}

export interface StormOptions {
  /** In all, shared out evenly; default 100. */
  readonly operations?: number
  readonly seed?: number
  readonly processes?: readonly string[]
}

export interface ConsensusOptions {
  /** For the processes in order of rank; those without get values of their own. */
  readonly values?: readonly number[]
  readonly processes?: readonly string[]
}

/** The longest time-out that a timer can hold. */
const LIMIT_TIMEOUT_MS = 2 ** 31 - 1

export function checkTimeout(timeoutMs: number): number {
  if (timeoutMs > 0 && timeoutMs <= LIMIT_TIMEOUT_MS) return timeoutMs
  throw new HubError('bad-argument', `timeoutMs is above 0 and at most ${LIMIT_TIMEOUT_MS}, found ${timeoutMs}`)
}
