import type { Due } from './agenda'

/** What the simulator knows about an instance path. */
export interface Path {
  readonly text: string
  readonly hash: number
  /** Whether it is below a failure detector: what happens here never ends, and does not count as work under way. */
  readonly isBackground: boolean
  /** How many messages went over each link on this path; links that none went over have no item. */
  readonly counts: number[]
}

/** A scheduled event: the arrival of a message, a time-out, a step of a client, or a fault. */
export class Scheduled implements Due {
  timeUs = 0
  order = 0
  /** `done`: cancelled, lost, or handled. */
  state: 'scheduled' | 'done' = 'scheduled'
  sentUs = 0
  /** The trace entry of its sending. */
  sentEntry = -1
  /** How many messages the link has carried on this path, this one included; it identifies the message. */
  count = 0

  constructor(
    readonly kind: 'message' | 'repeat' | 'timeout' | 'step' | 'fault',
    /** The process where it happens; -1 for all. */
    readonly to: number,
    readonly isBackground: boolean,
    readonly from: number,
    readonly path: Path | undefined,
    readonly message: unknown,
    readonly isLossy: boolean,
    readonly action: (() => void) | undefined,
  ) {}
}
