import type { Event, Trigger } from '@upon/contract'
import { abortOf, Call, endOf, type FaceProcess, type Obstacle, type OperationOptions } from './face'
import type { OperationError } from './operation-error'

/** What `run` gives for consensus, uniform or not. */
export interface ConsensusPort<V> {
  readonly propose: Trigger<[v: V]>
  readonly decide: Event<[v: V]>
}

/** One instance of consensus as an application sees it. */
export interface ConsensusFace<V> {
  /**
   * Proposes, and gives what is decided, whoever proposed it. A process proposes once: a further call proposes nothing and gives the
   * decision, as if it had come second. Rejects with `OutcomeUnknownError` once something was proposed here: it may be decided yet.
   * `decision` waits on.
   */
  propose(v: V, options?: OperationOptions): Promise<V>
  /** Gives what is decided, without proposing. Rejects with `NoEffectError`. */
  decision(options?: OperationOptions): Promise<V>
}

/** Promises for an instance of consensus. From now on the port is the face's: nobody else may trigger its requests. */
export function consensusFace<V>(process: FaceProcess, port: ConsensusPort<V>): ConsensusFace<V> {
  const waiting = new Map<Call<V>, OperationError['outcome']>()
  let decided: { readonly v: V } | undefined
  let end: Obstacle | undefined
  let proposed = false

  process.upon(port.decide, (v) => {
    decided = { v }
    for (const call of waiting.keys()) call.resolve(v)
    waiting.clear()
  })
  process.whenEnded((error) => {
    end = endOf(error)
    for (const [call, outcome] of waiting) call.fail(outcome, end)
    waiting.clear()
  })

  const wait = (call: Call<V>, outcome: OperationError['outcome'], signal: AbortSignal | undefined) => {
    waiting.set(call, outcome)
    call.abortWith(signal, () => {
      waiting.delete(call)
      return outcome
    })
  }

  /** Settles a call that need not, or cannot, wait. */
  const settled = (call: Call<V>, signal: AbortSignal | undefined) => {
    const outcome = call.operation === 'propose' && proposed ? 'unknown' : 'no effect'
    if (decided !== undefined) call.resolve(decided.v)
    else if (end !== undefined) call.fail(outcome, end)
    else if (signal?.aborted === true) call.fail(outcome, abortOf(signal))
    else return false
    return true
  }

  return {
    propose(v, { signal } = {}) {
      const call = new Call<V>('propose')
      if (settled(call, signal)) return call.promise
      wait(call, 'unknown', signal)
      if (!proposed) {
        proposed = true
        try {
          port.propose(v)
        } catch (error) {
          call.fail('unknown', { reason: 'crashed', cause: error }) // unless the end of the process has said so
        }
      }
      return call.promise
    },
    decision({ signal } = {}) {
      const call = new Call<V>('decision')
      if (!settled(call, signal)) wait(call, 'no effect', signal)
      return call.promise
    },
  }
}
