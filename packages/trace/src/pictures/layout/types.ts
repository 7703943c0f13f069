import type { ProcessId } from '@upon/contract'
import type { TraceEntry } from '../../trace'

/** A point of a picture, in pixels from its upper left corner. */
export interface Place {
  readonly x: number
  readonly y: number
}

/** A rectangle of a picture. */
export interface Box {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

/** A part of a lane: the process is there, or it is paused. Where it has crashed there is none. */
export interface LaneSpan {
  readonly is: 'up' | 'paused'
  readonly from: Place
  readonly to: Place
}

/** The line of one process. */
export interface Lane {
  readonly process: ProcessId
  readonly from: Place
  readonly spans: readonly LaneSpan[]
}

/** An entry of the trace, where it is drawn. */
export interface Mark {
  readonly entry: TraceEntry
  readonly at: Place
  readonly isMarked: boolean
}

/** What became of a message. */
export type ArrowFate = 'delivered' | 'under way' | 'lost'

/** A message between two processes. One that is under way ends at the present, a lost one on its way or at a process that has crashed. */
export interface Arrow {
  readonly fate: ArrowFate
  readonly sender: ProcessId
  readonly receiver: ProcessId
  readonly from: Place
  readonly to: Place
  /** The entry at which the arrow begins. */
  readonly sent: number
  /** The entry of the delivery, or of the loss. */
  readonly ended?: number
  /** The id of something under way, if it was given with one. */
  readonly id?: string
  /** What holds back a message that is under way. */
  readonly heldBy?: string
}

/** A partition, as long as it lasts. */
export interface Band {
  /** The entry with which it began. */
  readonly entry: number
  readonly box: Box
  readonly words: string
  /** Whether it had not ended. */
  readonly isOpen: boolean
}

/** A text with its room, which no other label and no mark overlaps. */
export interface Label {
  readonly of: 'process' | 'number' | 'event' | 'fault' | 'message' | 'band' | 'time'
  readonly text: string
  /** Where the baseline begins, is centred or ends. */
  readonly at: Place
  readonly anchor: 'start' | 'middle' | 'end'
  readonly box: Box
  /** The entry that it belongs to. */
  readonly entry?: number
}

/** A space-time diagram as data: what to draw where. */
export interface SpaceTimeLayout {
  readonly width: number
  readonly height: number
  readonly lanes: readonly Lane[]
  readonly bands: readonly Band[]
  readonly arrows: readonly Arrow[]
  readonly marks: readonly Mark[]
  readonly labels: readonly Label[]
  /** The entries shown, of how many. */
  readonly shown: number
  readonly all: number
}

/** Something on its way at the end of a trace, as a session lists it. */
export interface UnderWay {
  readonly id?: string
  readonly from?: ProcessId
  readonly to?: ProcessId
  readonly sentEntry?: number
  readonly heldBy?: string
}
