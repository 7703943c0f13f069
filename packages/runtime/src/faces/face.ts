import type { HandlerError } from '../handler-error'
import type { Process } from '../process'
import { onAbort } from './abort'
import { NoEffectError, type OperationError, OutcomeUnknownError, type Reason } from './operation-error'

/** What a face needs of the process that it stands in. */
export type FaceProcess = Pick<Process, 'upon' | 'whenEnded'>

/** How one call of an operation may be given up. */
export interface OperationOptions {
  /** When it is aborted, the call is rejected at once. An operation that has begun goes on underneath: no algorithm can take it back. */
  readonly signal?: AbortSignal | undefined
}

/** What keeps an operation from completing. */
export interface Obstacle {
  readonly reason: Reason
  readonly cause?: unknown
}

/** The end of a process, which crashed with that error or was stopped. */
export const endOf = (error: HandlerError | undefined): Obstacle => ({ reason: error === undefined ? 'stopped' : 'crashed', cause: error })

export const abortOf = (signal: AbortSignal): Obstacle => ({ reason: 'aborted', cause: signal.reason })

const ignore = () => {}

/** One call that waits for its outcome: settled once, by whoever comes first. */
export class Call<T> {
  /** Counts as handled: who does not look at it is not told of failures, and no process dies of an unhandled rejection. */
  readonly promise: Promise<T>
  #resolve: (value: T) => void = ignore
  #reject: (error: unknown) => void = ignore
  #unwatch = ignore

  constructor(readonly operation: string) {
    this.promise = new Promise<T>((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    this.promise.catch(ignore)
  }

  /** Has `action` called if the signal is aborted before this is settled; it says with what error. */
  abortWith(signal: AbortSignal | undefined, action: () => OperationError['outcome']): void {
    if (signal !== undefined) this.#unwatch = onAbort(signal, () => this.fail(action(), abortOf(signal)))
  }

  resolve(value: T): void {
    this.#unwatch()
    this.#resolve(value)
  }

  fail(outcome: OperationError['outcome'], { reason, cause }: Obstacle): void {
    this.#unwatch()
    this.#reject(new (outcome === 'unknown' ? OutcomeUnknownError : NoEffectError)(this.operation, reason, cause))
  }
}
