import type { ProcessId } from '@upon/contract'

/** What a command brings about: the state after it, and what its caller gets. */
export interface Step<S, A> {
  readonly state: S
  readonly answer: A
}

/** A deterministic state machine. Commands, answers and snapshots are plain data: they travel, and they are compared. */
export interface StateMachine<S, C, A> {
  readonly initial: S
  /**
   * The state after a command, and the answer. It depends on nothing but its arguments: no clock, no random number, no order of a set that
   * each process fills in its own way. It may change `state` in place, but never `command`, not even once it is part of the state: copy it first,
   * for the log still holds it. If it throws, the command has no effect: throw before you change.
   */
  readonly apply: (state: S, command: C) => Step<S, A>
  /** The state as plain data, a copy; `structuredClone` by default. */
  readonly snapshot?: (state: S) => unknown
  /** The state that a snapshot was made of; `structuredClone` by default. */
  readonly restore?: (snapshot: unknown) => S
}

/** What happens at one replica, for an observer. `number` counts the commands that were applied, the same at all replicas. */
export type ReplicaEvent<C, A> =
  | { readonly kind: 'applied'; readonly number: number; readonly process: ProcessId; readonly command: C; readonly answer: A }
  /** `apply` threw: the state is as before. */
  | { readonly kind: 'failed'; readonly number: number; readonly process: ProcessId; readonly command: C; readonly message: string }
  /** This replica was far behind: it has the state after `number` commands from another one. */
  | { readonly kind: 'restored'; readonly number: number }
  /** After `number` commands, replicas have different states: `apply` is not deterministic. The digests that are known, by process. */
  | { readonly kind: 'different'; readonly number: number; readonly digests: ReadonlyMap<ProcessId, string> }
  /** The state cannot be handed to others, as it is too large: the log is kept for a process that is behind. */
  | { readonly kind: 'no snapshot'; readonly number: number; readonly cause: unknown }
