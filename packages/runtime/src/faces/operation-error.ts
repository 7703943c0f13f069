import { byCode } from '../errors'

/**
 * Why an operation did not complete for its caller: its signal was aborted, the process ended, too many calls wait already, or its value
 * cannot travel. Of a replicated state machine also: `apply` threw, the session is over, a snapshot was restored in place of the command, or
 * the replica has stopped because its state differs from that of the others.
 */
export type Reason = 'aborted' | 'crashed' | 'stopped' | 'overloaded' | 'refused' | 'failed' | 'expired' | 'restored' | 'diverged'

const words: Record<Reason, string> = {
  aborted: 'it was aborted',
  crashed: 'the process has crashed',
  stopped: 'the process has stopped',
  overloaded: 'too many calls wait for their turn',
  refused: 'it was refused',
  failed: 'apply threw',
  expired: 'the session has ended, or has executed a later command',
  restored: 'this replica was behind, and was given a snapshot',
  diverged: 'the state of this replica differs from that of the others',
}

/** The code of an `OperationError`. It says what is known about the effect. */
export type OperationCode = 'UPON_NO_EFFECT' | 'UPON_OUTCOME_UNKNOWN'

/**
 * An operation did not complete for its caller. `outcome` says what is known about its effect. `cause` is the signal's reason, the error that
 * crashed the process, or what was wrong with the value. `instanceof` and `code` work across copies of this package.
 */
export abstract class OperationError extends Error {
  abstract readonly outcome: 'no effect' | 'unknown'
  abstract readonly code: OperationCode

  constructor(
    /** `read`, `write`, `propose`, ... */
    readonly operation: string,
    readonly reason: Reason,
    what: string,
    override readonly cause?: unknown,
  ) {
    const why =
      (reason === 'refused' || reason === 'failed') && cause instanceof Error ? `${words[reason]}, ${cause.message}` : words[reason]
    super(`${operation}: ${why}; ${what}`)
  }

  static override readonly [Symbol.hasInstance] = byCode('UPON_NO_EFFECT', 'UPON_OUTCOME_UNKNOWN')
}

/** The operation has had no effect and never will: it had not begun, or it only reads. It is safe to call again. */
export class NoEffectError extends OperationError {
  override readonly name = 'NoEffectError'
  readonly outcome = 'no effect'
  readonly code = 'UPON_NO_EFFECT'

  constructor(operation: string, reason: Reason, cause?: unknown) {
    super(operation, reason, 'it has no effect', cause)
  }

  static override readonly [Symbol.hasInstance] = byCode('UPON_NO_EFFECT')
}

/** The operation had begun: it may have taken effect, may do so later, or never. To find out, use a later operation. */
export class OutcomeUnknownError extends OperationError {
  override readonly name = 'OutcomeUnknownError'
  readonly outcome = 'unknown'
  readonly code = 'UPON_OUTCOME_UNKNOWN'

  constructor(operation: string, reason: Reason, cause?: unknown) {
    super(operation, reason, 'whether it takes effect is unknown', cause)
  }

  static override readonly [Symbol.hasInstance] = byCode('UPON_OUTCOME_UNKNOWN')
}
