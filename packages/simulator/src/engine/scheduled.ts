import type { ProcessId } from '@upon/contract'
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
  /** Of a timer, how often it was started so far; of a step, how many its process had; of a copy, which one it is: so these have names, too. */
  number = 0

  constructor(
    readonly kind: 'message' | 'repeat' | 'timeout' | 'step' | 'operation' | 'fault',
    /** The process that it comes to; -1 for what concerns all. */
    readonly to: number,
    readonly isBackground: boolean,
    readonly from: number,
    readonly path: Path | undefined,
    /** What a message says; of a step of an adversarial layer, what it is about. */
    readonly message: unknown,
    readonly isLossy: boolean,
    readonly action: (() => void) | undefined,
  ) {}
}

/** What a step of an adversarial layer is about: the instance, and the message that it delivers, if it does. */
export interface About {
  readonly path: string
  readonly from?: ProcessId
  readonly message?: unknown
  /** The entry of the request that it comes from; -1 if that is not recorded. */
  readonly sentEntry?: number
}

/** The name of something that is under way: the same in every run in which the same things were done before. A plan's deviations and fates go by it. */
export function nameOf({ kind, from, to, path, count, number }: Scheduled, processes: readonly ProcessId[]): string {
  switch (kind) {
    case 'message':
      return `${processes[from]}>${processes[to]} ${path?.text} ${count}`
    case 'repeat':
      return `${processes[from]}>${processes[to]} ${path?.text} ${count} again${number > 1 ? ` ${number}` : ''}`
    case 'timeout':
      return `${processes[to]} ${path?.text} ${number}`
    default:
      return `${processes[to] ?? 'all'} ${kind} ${number}`
  }
}
