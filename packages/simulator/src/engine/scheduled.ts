import type { Due } from './agenda'

/** What the simulator knows about an instance path. */
export interface Path {
  readonly text: string
  readonly hash: number
  /** Below a failure detector: what goes on here goes on for ever, and is no work under way. */
  readonly isBackground: boolean
  /** How many messages went over each link on this path; links that none went over have no item. */
  readonly counts: number[]
}

/** Something that will happen: a message that arrives, a timer that times out, a step of a client, a fault. */
export class Scheduled implements Due {
  timeUs = 0
  order = 0
  /** `done`: taken back, lost, or handled. */
  state: 'scheduled' | 'done' = 'scheduled'
  sentUs = 0
  /** The trace entry of its sending. */
  sentEntry = -1
  /** The number of the link on its path, and so the message's name. */
  count = 0

  constructor(
    readonly kind: 'message' | 'repeat' | 'timeout' | 'step' | 'fault',
    /** The process that it comes to; -1 for what concerns all. */
    readonly to: number,
    readonly isBackground: boolean,
    readonly from: number,
    readonly path: Path | undefined,
    readonly message: unknown,
    readonly isLossy: boolean,
    readonly action: (() => void) | undefined,
  ) {}
}
