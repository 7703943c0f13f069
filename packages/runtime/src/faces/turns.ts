import { LinkedQueue } from '../linked-queue'
import { abortOf, Call, type Obstacle } from './face'
import type { OperationError, Reason } from './operation-error'
import { fullBelow, refusalOf } from './port'

/** Calls that wait for their turn at one face. */
const WAITING_LIMIT = 10_000

/** A called operation: its name, how to invoke it, and what is known about its effect if it has begun but its end was not seen. */
export interface Operation {
  readonly name: string
  readonly begun: OperationError['outcome']
  /** Whether it completes when it is invoked, or when it returns. */
  readonly ends: 'at once' | 'when it returns'
  /** The errors that a caller must notice, even if it does not look at the promise. */
  readonly loud?: readonly Reason[]
  invoke(): void
}

interface Turn {
  readonly call: Call<unknown>
  readonly operation: Operation
}

/**
 * Runs operations one at a time, in the order of the calls, as the book demands of registers; and none while the links below have no room. An
 * operation whose call was aborted keeps its turn until it returns, so that no other call gets its return.
 */
export class Turns {
  readonly #waiting = new LinkedQueue<Turn>()
  #current: Turn | undefined
  #end: Obstacle | undefined
  #isWaitingForRoom = false

  constructor(readonly port: object) {}

  /** Invokes an operation: now, or when the earlier ones have returned and there is room. */
  take(operation: Operation, signal: AbortSignal | undefined): Promise<unknown> {
    const call = new Call<unknown>(operation.name, operation.loud)
    if (this.#end !== undefined) call.fail('no effect', this.#end)
    else if (signal?.aborted === true) call.fail('no effect', abortOf(signal))
    else if (this.#waiting.size >= WAITING_LIMIT) call.fail('no effect', { reason: 'overloaded' })
    else {
      const place = this.#waiting.push({ call, operation })
      call.abortWith(signal, () => (this.#waiting.remove(place) ? 'no effect' : operation.begun))
      this.#next()
    }
    return call.promise
  }

  /** The operation that has its turn has returned. */
  returned(name: string, value?: unknown): void {
    const turn = this.#current
    if (turn?.operation.name !== name) return
    this.#current = undefined
    turn.call.resolve(value)
    this.#next()
  }

  /** The operation that has its turn was refused by the algorithm. */
  refused(cause: Error): void {
    this.#current?.call.fail('no effect', { reason: 'refused', cause })
    this.#current = undefined
    this.#next()
  }

  get isIdle(): boolean {
    return this.#current === undefined && this.#waiting.size === 0
  }

  /** The process has ended. */
  ended(end: Obstacle): void {
    const turn = this.#current
    this.#end = end
    turn?.call.fail(turn.operation.begun, end)
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) next.call.fail('no effect', end)
  }

  #next(): void {
    while (this.#current === undefined && !this.#isWaitingForRoom && this.#waiting.size > 0) {
      const full = fullBelow(this.port)
      if (full !== undefined) {
        this.#isWaitingForRoom = true
        full.whenRoom(() => {
          this.#isWaitingForRoom = false
          this.#next()
        })
        return
      }
      this.#begin(this.#waiting.shift() as Turn)
    }
  }

  #begin(turn: Turn): void {
    const { call, operation } = turn
    this.#current = turn
    try {
      operation.invoke()
      if (operation.ends !== 'at once' || this.#current !== turn) return
      this.#current = undefined
      call.resolve(undefined)
    } catch (error) {
      const refusal = refusalOf(error)
      if (refusal === undefined) {
        call.fail(operation.begun, { reason: 'crashed', cause: error }) // unless the end of the process has said so
        return
      }
      this.#current = undefined
      call.fail('no effect', refusal)
    }
  }
}
