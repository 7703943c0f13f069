import type { Event, ProcessId, Trigger } from '@upon/contract'
import { Deliveries, type Delivery } from './deliveries'
import { endOf, type FaceProcess, type Obstacle } from './face'
import { NoEffectError } from './operation-error'

/** What `run` gives for any broadcast: best-effort, reliable, uniform, in FIFO or in total order. */
export interface BroadcastPort<M> {
  readonly broadcast: Trigger<[m: M]>
  readonly deliver: Event<[p: ProcessId, m: M]>
}

export interface BroadcastFaceOptions {
  /** Deliveries that an iterator holds until they are taken; 10,000 unless told. One that is further behind ends with `DeliveriesLostError`. */
  readonly holdLimit?: number
}

/** A broadcast as an application sees it. Who delivers what, and when, is the broadcast's own matter. */
export interface BroadcastFace<M> {
  /** Hands the message over and returns. Throws `NoEffectError` when the process has ended. */
  broadcast(m: M): void
  /**
   * What is delivered, in the order of delivery. Each iterator sees everything from its making on, the first one also what came before;
   * `break` and `return()` unsubscribe. Nobody can slow a broadcast down, so an iterator holds what its consumer has not taken, up to
   * `holdLimit`: there is never a gap. Ends when the process stops, and throws its `HandlerError` when it crashes, after what is held.
   */
  readonly deliveries: AsyncIterable<Delivery<M>>
}

/** Async iteration for a broadcast's deliveries. From now on the port's `deliver` is the face's. */
export function broadcastFace<M>(process: FaceProcess, port: BroadcastPort<M>, options: BroadcastFaceOptions = {}): BroadcastFace<M> {
  const { holdLimit = 10_000 } = options
  if (!(holdLimit >= 1)) throw new RangeError(`holdLimit: expected a number of at least 1, found ${holdLimit}`)
  const deliveries = new Deliveries<M>(holdLimit)
  let end: Obstacle | undefined
  process.upon(port.deliver, (from, message) => deliveries.push({ from, message }))
  process.whenEnded((error) => {
    end = endOf(error)
    deliveries.end({ error })
  })
  const broadcast = (m: M) => {
    if (end !== undefined) throw new NoEffectError('broadcast', end.reason, end.cause)
    port.broadcast(m)
  }
  return { broadcast, deliveries }
}
