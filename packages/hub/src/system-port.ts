import type { Message } from '@upon/protocol'
import type { HubEvent } from './events'
import type { Pending } from './pending'
import type { SystemRecorder } from './recording/system-recorder'

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
  /** By rank. */
  readonly members: readonly Member[]
  /** Sees what is asked and answered. */
  readonly recorder: SystemRecorder | undefined
  nowMs(): number
  isCrashed(process: string): boolean
  command(member: Member, message: Message): void
  expect<V>(process: string, timeoutMs: number): Pending<V>
  answer<V>(pending: Pending<V>, value: V, atMs?: number): void
  emit(event: HubEvent): void
}
