import { misuse } from '@upon/contract'
import type { HandlerError } from '../handler-error'
import { described } from '../misuse'
import type { Process } from '../process'
import { onAbort } from './abort'
import { NoEffectError, type OperationError, OutcomeUnknownError, type Reason } from './operation-error'

/** What a face needs from its process. */
export type FaceProcess = Pick<Process, 'upon' | 'whenEnded'>

/** How to give up one call of an operation. */
export interface OperationOptions {
  /** When it is aborted, the call rejects at once. An operation that has begun goes on underneath: no algorithm can undo it. */
  readonly signal?: AbortSignal | undefined
}

/** Checks what TypeScript would check: with wrong options, a call would have no time-out and wait forever. */
export function signalOf(operation: string, options: OperationOptions | undefined): AbortSignal | undefined {
  if (options === undefined) return undefined
  if (typeof options !== 'object' || options === null || isSignal(options))
    throw misuse(`${operation}: expected { signal }, found ${described(options)}`)
  const { signal } = options
  if (signal !== undefined && !isSignal(signal)) throw misuse(`${operation}: signal: expected an AbortSignal, found ${described(signal)}`)
  return signal
}

const isSignal = (value: unknown) => typeof value === 'object' && value !== null && 'aborted' in value && 'addEventListener' in value

/** What keeps an operation from completing. */
export interface Obstacle {
  readonly reason: Reason
  readonly cause?: unknown
}

/** The end of a process: it crashed with that error, or was stopped. */
export const endOf = (error: HandlerError | undefined): Obstacle => ({ reason: error === undefined ? 'stopped' : 'crashed', cause: error })

export const abortOf = (signal: AbortSignal): Obstacle => ({ reason: 'aborted', cause: signal.reason })

const ignore = () => {}

/** One call that waits for its outcome: settled once, by what comes first. */
export class Call<T> {
  /**
   * A failure counts as handled, except for the reasons that are `loud`. So a caller that does not look at the promise gets an unhandled rejection
   * for those alone, and no program dies because a process has ended.
   */
  readonly promise: Promise<T>
  #resolve: (value: T) => void = ignore
  #reject: (error: unknown) => void = ignore
  #unwatch = ignore

  constructor(
    readonly operation: string,
    readonly loud: readonly Reason[] = [],
  ) {
    this.promise = new Promise<T>((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
  }

  /** Calls `action` if the signal is aborted before this is settled. It returns the error. */
  abortWith(signal: AbortSignal | undefined, action: () => OperationError['outcome']): void {
    if (signal !== undefined) this.#unwatch = onAbort(signal, () => this.fail(action(), abortOf(signal)))
  }

  resolve(value: T): void {
    this.#unwatch()
    this.#resolve(value)
  }

  /** Rejects with an error of the caller's own. */
  throw(error: unknown): void {
    this.#unwatch()
    this.#reject(error)
  }

  fail(outcome: OperationError['outcome'], { reason, cause }: Obstacle): void {
    this.#unwatch()
    if (!this.loud.includes(reason)) this.promise.catch(ignore)
    this.#reject(new (outcome === 'unknown' ? OutcomeUnknownError : NoEffectError)(this.operation, reason, cause))
  }
}
