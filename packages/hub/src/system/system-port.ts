import type { Message } from '@upon/protocol'
import type { HubEvent } from '../events'
import type { MissingReason, Owed, Pending } from './pending'
import type { Recorder } from './recorder'

/** A process as it takes part in one system. */
export interface Member {
  readonly name: string
  readonly host: string
  readonly port: number
  readonly rank: number
}

/** What those who command the processes of one system, and await their answers, need of it. */
export interface SystemPort {
  readonly id: string
  /** By rank, from 1. */
  readonly members: readonly Member[]
  /** Sees what is asked and answered. */
  readonly recorder: Recorder | undefined
  nowMs(): number
  isCrashed(process: string): boolean
  isUnreachable(process: string): boolean
  /** Makes room for one more register or topic. Throws HubError `too-many`. */
  claimName(what: 'register' | 'topic', name: string): void
  command(member: Member, message: Message): void
  /** Throws HubError `too-many`. */
  expect<V>(process: string, timeoutMs: number): Pending<V>
  answer<V>(pending: Pending<V>, value: V, atMs?: number): void
  miss(pending: Owed, reason: MissingReason): void
  refuse(pending: Owed, why: string): void
  emit(event: HubEvent): void
}
