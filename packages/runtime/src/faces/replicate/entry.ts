import type { ProcessId } from '@upon/contract'

/** Says that a command is to be applied once, however often it is executed, at whichever replica. */
export interface Once {
  /** What `openSession` gave. */
  readonly session: string
  /** Greater than that of the session's command before, which has been answered; the same when this command is tried again. */
  readonly number: number
}

export interface CommandEntry<C> {
  readonly kind: 'COMMAND'
  readonly p: ProcessId
  readonly n: number
  readonly command: C
  readonly once?: Once
}

/** What stands in the log; `p` is who has put it there, and `n` its number of the call that waits for it. */
export type Entry<C> =
  | CommandEntry<C>
  | { readonly kind: 'OPEN'; readonly p: ProcessId; readonly n: number }
  /** Nothing but a place: what is read when it comes up is no older than the read. */
  | { readonly kind: 'READ'; readonly p: ProcessId; readonly n: number }
  | { readonly kind: 'DIGEST'; readonly p: ProcessId; readonly number: number; readonly digest: string }

/** What came of a command, or why nothing did. */
export type Outcome =
  | { readonly kind: 'applied'; readonly answer: unknown }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'expired' }
