import type { Trigger, UponEvent } from '@upon/contract'
import { abortOf, Call, endOf, type FaceProcess, type Obstacle, type OperationOptions, signalOf } from './face'
import type { OperationError } from './operation-error'
import { checkPort, fullBelow, oneFace, refusalOf } from './port'

/** What `run` returns for consensus, uniform or not. */
export interface ConsensusPort<V> {
  readonly propose: Trigger<[v: V]>
  readonly decide: UponEvent<[v: V]>
}

/** One instance of consensus as an application sees it. */
export interface ConsensusFace<V> {
  /**
   * Proposes as soon as the links have room, and resolves with the decision. A process proposes once: a further call
   * proposes nothing and resolves with the decision. Rejects with `NoEffectError` if nothing was proposed here, for instance because
   * `v` cannot travel. Rejects with `OutcomeUnknownError` after a proposal, which may still be decided; `decision` still waits for it.
   */
  propose(v: V, options?: OperationOptions): Promise<V>
  /** Resolves with the decision, without proposing. Rejects with `NoEffectError`. */
  decision(options?: OperationOptions): Promise<V>
}

const EVENTS = { requests: ['propose'], indications: ['decide'] }

/** Promises for an instance of consensus. A port has one such face, which alone may trigger its requests. */
export function consensusFace<V>(process: FaceProcess, port: ConsensusPort<V>): ConsensusFace<V> {
  checkPort('consensusFace', process, port, EVENTS)
  return oneFace(port, () => {
    const face = new Consensus<V>(port)
    process.upon(port.decide, (v) => face.decide(v))
    process.whenEnded((error) => face.end(endOf(error)))
    return face
  })
}

class Consensus<V> implements ConsensusFace<V> {
  readonly #waiting = new Map<Call<V>, OperationError['outcome']>()
  #decided: { readonly v: V } | undefined
  #end: Obstacle | undefined
  #isProposed = false

  constructor(readonly port: ConsensusPort<V>) {}

  propose = (v: V, options?: OperationOptions): Promise<V> => {
    const signal = signalOf('propose', options)
    const call = new Call<V>('propose')
    if (!this.#isSettled(call, signal)) {
      this.#wait(call, signal)
      this.#propose(call, v)
    }
    return call.promise
  }

  decision = (options?: OperationOptions): Promise<V> => {
    const signal = signalOf('decision', options)
    const call = new Call<V>('decision')
    if (!this.#isSettled(call, signal)) this.#wait(call, signal)
    return call.promise
  }

  decide(v: V): void {
    this.#decided = { v }
    for (const call of this.#waiting.keys()) call.resolve(v)
    this.#waiting.clear()
  }

  end(end: Obstacle): void {
    this.#end = end
    for (const [call, outcome] of this.#waiting) call.fail(outcome, end)
    this.#waiting.clear()
  }

  /** Settles a call that need not, or cannot, wait. */
  #isSettled(call: Call<V>, signal: AbortSignal | undefined): boolean {
    const outcome = call.operation === 'propose' && this.#isProposed ? 'unknown' : 'no effect'
    if (this.#decided !== undefined) call.resolve(this.#decided.v)
    else if (this.#end !== undefined) call.fail(outcome, this.#end)
    else if (signal?.aborted === true) call.fail(outcome, abortOf(signal))
    else return false
    return true
  }

  #wait(call: Call<V>, signal: AbortSignal | undefined): void {
    this.#waiting.set(call, 'no effect')
    call.abortWith(signal, () => {
      const outcome = this.#waiting.get(call) ?? 'no effect'
      this.#waiting.delete(call)
      return outcome
    })
  }

  #propose(call: Call<V>, v: V): void {
    if (!this.#waiting.has(call)) return // aborted or answered while there was no room
    const full = this.#isProposed ? undefined : fullBelow(this.port)
    if (full !== undefined) {
      full.whenRoom(() => this.#propose(call, v))
      return
    }
    this.#waiting.set(call, 'unknown')
    if (this.#isProposed) return
    this.#isProposed = true
    try {
      this.port.propose(v)
    } catch (error) {
      const refusal = refusalOf(error)
      this.#isProposed = refusal === undefined
      this.#waiting.delete(call)
      if (refusal !== undefined) call.fail('no effect', refusal)
      else call.fail('unknown', { reason: 'crashed', cause: error }) // unless the end of the process has said so
    }
  }
}
