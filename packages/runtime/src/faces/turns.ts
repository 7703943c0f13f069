import { abortOf, Call, endOf, type FaceProcess, type Obstacle } from './face'
import type { OperationError } from './operation-error'

/** Calls that wait for their turn at one face. */
const WAITING_LIMIT = 10_000

/** An operation that is called: what it is, how to invoke it, and what is known of its effect once it has begun and was not seen to end. */
export interface Operation {
  readonly name: string
  readonly begun: OperationError['outcome']
  invoke(): void
}

interface Turn {
  readonly call: Call<unknown>
  readonly operation: Operation
}

/**
 * Operations one at a time, in the order of the calls, as the book has it of registers. An operation whose call was aborted keeps its
 * turn until it returns, so that its return is nobody else's.
 */
export class Turns {
  readonly #waiting = new Set<Turn>()
  #current: Turn | undefined
  #end: Obstacle | undefined

  constructor(process: FaceProcess) {
    process.whenEnded((error) => this.#ended(endOf(error)))
  }

  /** Calls an operation: now, or when those called before it have returned. */
  take(operation: Operation, signal: AbortSignal | undefined): Promise<unknown> {
    const call = new Call<unknown>(operation.name)
    const turn = { call, operation }
    if (this.#end !== undefined) call.fail('no effect', this.#end)
    else if (signal?.aborted === true) call.fail('no effect', abortOf(signal))
    else if (this.#waiting.size >= WAITING_LIMIT) call.fail('no effect', { reason: 'overloaded' })
    else {
      call.abortWith(signal, () => (this.#waiting.delete(turn) ? 'no effect' : operation.begun))
      if (this.#current === undefined) this.#begin(turn)
      else this.#waiting.add(turn)
    }
    return call.promise
  }

  /** The operation that has its turn has returned. */
  returned(name: string, value?: unknown): void {
    const turn = this.#current
    if (turn?.operation.name !== name) return
    this.#current = undefined
    turn.call.resolve(value)
    for (const next of this.#waiting) {
      this.#waiting.delete(next)
      this.#begin(next)
      return
    }
  }

  #begin(turn: Turn): void {
    this.#current = turn
    try {
      turn.operation.invoke()
    } catch (error) {
      turn.call.fail(turn.operation.begun, { reason: 'crashed', cause: error }) // unless the end of the process has said so
    }
  }

  #ended(end: Obstacle): void {
    const turn = this.#current
    this.#end = end
    turn?.call.fail(turn.operation.begun, end)
    for (const { call } of this.#waiting) call.fail('no effect', end)
    this.#waiting.clear()
  }
}
