import type { Payload } from '@upon/contract'
import type { Command, Progress } from './progress'

export type Batch = readonly Command[]

/** What was accepted at a place, and in which epoch. A place that nobody knows anything of gets an empty batch, a no-op. */
export interface Entry {
  readonly valts: number
  readonly batch: Batch
}

/** What the log up to a place amounts to. */
export interface Snapshot {
  readonly base: Progress
  readonly snapshot: Payload
}

/** What the leader knows: the places up to `commit` are decided, and those up to `all` everybody has decided. */
export interface News {
  readonly commit: number
  readonly all: number
}

export type ToLeader =
  | { kind: 'COMMANDS'; commands: Batch }
  | ({ kind: 'ENTRY'; place: number } & Entry)
  | ({ kind: 'SNAPSHOT' } & Snapshot)
  | { kind: 'PROMISE'; decided: number; shown: number }
  | { kind: 'ACCEPT'; places: readonly number[]; decided: number }

export type FromLeader =
  | { kind: 'READ'; from: number }
  | ({ kind: 'SNAPSHOT' } & Snapshot)
  | ({ kind: 'WRITE'; place: number; batch: Batch } & News)
  | ({ kind: 'DECIDED' } & News)

export type Message = ToLeader | FromLeader
