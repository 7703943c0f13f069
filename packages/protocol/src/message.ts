import type { Type } from './type'

/**
 * A process as the hub describes it. `port` is its listening port; `rank` comes from the hub only.
 * Fields that did not arrive read as `''` or 0, as proto3 has it; the same holds for all messages here.
 */
export interface ProcessId {
  readonly host: string
  readonly port: number
  readonly owner: string
  readonly index: number
  readonly rank: number
}

/** A register's or proposal's value: an int32 `v`, or undefined (the book's bottom) when `defined` is false. See `toValue` and `fromValue`. */
export interface Value {
  readonly defined: boolean
  readonly v: number
}

/** The body of a message that says nothing more than its type. */
export type Empty = Readonly<Record<string, never>>

/** A body that is one value; no `value` at all means undefined, as in `fromValue`. */
export interface ValueBody {
  readonly value?: Value | undefined
}

/** A body that is one process. */
export interface ProcessBody {
  readonly process?: ProcessId | undefined
}

/** What every message that travels is wrapped in; see `wrap` and `unwrap`. */
export interface NetworkMessage {
  /** Where the sender can be reached; some foreign senders leave it empty. */
  readonly senderHost: string
  readonly senderListeningPort: number
  readonly message?: Message | undefined
}

/** A process makes itself known to the hub. */
export interface ProcRegistration {
  readonly owner: string
  readonly index: number
}

/** The processes of a new system, with their ranks. */
export interface ProcInitializeSystem {
  readonly processes: readonly ProcessId[]
}

/** Propose `value` for the consensus named `topic`. */
export interface AppPropose {
  readonly topic: string
  readonly value?: Value | undefined
}

/** Names a register: the body of a read, and of the end of a write. */
export interface RegisterBody {
  readonly register: string
}

/** A register and a value: the body of a write, and of the end of a read. */
export interface RegisterValueBody {
  readonly register: string
  readonly value?: Value | undefined
}

/** An epoch was aborted in this state: the value and the epoch that wrote it. */
export interface EpAborted {
  readonly ets: number
  readonly valueTimestamp: number
  readonly value?: Value | undefined
}

/** An epoch decided. */
export interface EpDecide {
  readonly ets: number
  readonly value?: Value | undefined
}

/** A process's state in epoch consensus: its value and the epoch that wrote it. */
export interface EpInternalState {
  readonly valueTimestamp: number
  readonly value?: Value | undefined
}

/** A leader announces an epoch. */
export interface EcInternalNewEpoch {
  readonly timestamp: number
}

/** An epoch starts, with its leader. */
export interface EcStartEpoch {
  readonly newTimestamp: number
  readonly newLeader?: ProcessId | undefined
}

/** An event within a process, as are all bodies below that carry a message: they never travel. */
export interface BebBroadcast {
  readonly message?: Message | undefined
}

/** A broadcast message and who sent it. */
export interface BebDeliver {
  readonly message?: Message | undefined
  readonly sender?: ProcessId | undefined
}

/** The body of a register's read request and acknowledgement. */
export interface ReadIdBody {
  readonly readId: number
}

/** The body of a register's internal value and write: what is written under which timestamp and writer's rank. */
export interface NnarInternalValue {
  readonly readId: number
  readonly timestamp: number
  readonly writerRank: number
  readonly value?: Value | undefined
}

/** A message to be sent, and to whom. */
export interface PlSend {
  readonly destination?: ProcessId | undefined
  readonly message?: Message | undefined
}

/** A delivered message and who sent it. */
export interface PlDeliver {
  readonly sender?: ProcessId | undefined
  readonly message?: Message | undefined
}

/** What every message consists of beside its body. Strings that are empty or did not arrive are undefined after `decode`. */
export interface Envelope {
  readonly type: Type
  readonly messageUuid?: string | undefined
  readonly FromAbstractionId?: string | undefined
  readonly ToAbstractionId?: string | undefined
  readonly systemId?: string | undefined
  /** Our extension, unknown to foreign implementations: the sender accepts kept-open connections, in this version (`UPON_VERSION`). */
  readonly upon?: number | undefined
  /** Ours, skipped by others: the sender refuses this message, which it had from the receiver, and why. */
  readonly refusal?: string | undefined
  /** Ours, skipped by others: which start of the sender this is. On registrations, and on what a hub sends. */
  readonly incarnation?: string | undefined
}

/** The body fields of a `Message`, each named as on the wire. */
export interface Bodies {
  readonly networkMessage?: NetworkMessage
  readonly procRegistration?: ProcRegistration
  readonly procInitializeSystem?: ProcInitializeSystem
  readonly procDestroySystem?: Empty
  readonly appBroadcast?: ValueBody
  readonly appValue?: ValueBody
  readonly appPropose?: AppPropose
  readonly appDecide?: ValueBody
  readonly appRead?: RegisterBody
  readonly appWrite?: RegisterValueBody
  readonly appReadReturn?: RegisterValueBody
  readonly appWriteReturn?: RegisterBody
  readonly ucDecide?: ValueBody
  readonly ucPropose?: ValueBody
  readonly epAbort?: Empty
  readonly epAborted?: EpAborted
  readonly epInternalAccept?: Empty
  readonly epDecide?: EpDecide
  readonly epInternalDecided?: ValueBody
  readonly epPropose?: ValueBody
  readonly epInternalRead?: Empty
  readonly epInternalState?: EpInternalState
  readonly epInternalWrite?: ValueBody
  readonly ecInternalNack?: Empty
  readonly ecInternalNewEpoch?: EcInternalNewEpoch
  readonly ecStartEpoch?: EcStartEpoch
  readonly bebBroadcast?: BebBroadcast
  readonly bebDeliver?: BebDeliver
  readonly eldTimeout?: Empty
  readonly eldTrust?: ProcessBody
  readonly nnarInternalAck?: ReadIdBody
  readonly nnarInternalRead?: ReadIdBody
  readonly nnarInternalValue?: NnarInternalValue
  readonly nnarInternalWrite?: NnarInternalValue
  readonly nnarRead?: Empty
  readonly nnarReadReturn?: ValueBody
  readonly nnarWrite?: ValueBody
  readonly nnarWriteReturn?: Empty
  readonly epfdTimeout?: Empty
  readonly epfdInternalHeartbeatRequest?: Empty
  readonly epfdInternalHeartbeatReply?: Empty
  readonly epfdSuspect?: ProcessBody
  readonly epfdRestore?: ProcessBody
  readonly plDeliver?: PlDeliver
  readonly plSend?: PlSend
}

/**
 * A message as a plain object. Exactly one body is set: the one whose name matches `type`, such as `appWrite` for APP_WRITE.
 * `decode` gives only such messages and `encode` refuses others; a body that has no fields may be left out.
 */
export interface Message extends Envelope, Bodies {}

/** The name of a body's field in `Message`. */
export type BodyField = keyof Bodies
