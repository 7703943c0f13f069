import type { Observation } from '@upon/runtime'
import type { Address, EndpointLimits } from '@upon/transport/tcp'
import type { Log } from './log'

export interface NodeOptions {
  /** Where the hub listens. It need not be there yet. */
  readonly hub: Address
  readonly host: string
  /** 0 lets the system choose. */
  readonly port: number
  /** Who we are, to the hub: `owner-index`. */
  readonly owner: string
  readonly index: number
  readonly log?: Log
  /** `kept`, the default: connections among our own processes stay open. `classic`: always one connection per message. */
  readonly connections?: 'kept' | 'classic'
  /** Δ of the failure detector and its first delay; 100 ms by default. */
  readonly delayMs?: number
  readonly limits?: Partial<EndpointLimits>
  /** Sees every event of every layer, in every system. */
  readonly observe?: (systemId: string, observation: Observation) => void
  /**
   * A folder, made if it is not there: each system is recorded in a file of its own in it, `abc-1.sys-1.ndjson`, which `upon-check` and `joinRecordings` of
   * `@upon/trace` make one trace with those of the other processes. What cannot be recorded is logged, and seen in `recordings`; the process goes on.
   */
  readonly trace?: string
}
