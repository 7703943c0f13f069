import type { ProcessId, Trigger, UponEvent } from '@upon/contract'
import { Deliveries, type Delivery } from './deliveries'
import { endOf, type FaceProcess, type OperationOptions, signalOf } from './face'
import { checkPort } from './port'
import { Turns } from './turns'

/** What `run` gives for any broadcast: best-effort, reliable, uniform, in FIFO or in total order. */
export interface BroadcastPort<M> {
  readonly broadcast: Trigger<[m: M]>
  readonly deliver: UponEvent<[p: ProcessId, m: M]>
}

export interface BroadcastFaceOptions {
  /** Deliveries that an iterator holds until they are taken; 10,000 by default. One that is further behind ends with `DeliveriesLostError`. */
  readonly holdLimit?: number
}

/** A broadcast as an application sees it. Who delivers what, and when, is the broadcast's own matter. */
export interface BroadcastFace<M> {
  /**
   * Hands the message over, at once if the links have room, otherwise as soon as they have room. Await it, and you are never faster than the
   * links. Calls keep their order. Rejects with `NoEffectError` if the process ends before, if `m` cannot travel, or if 10,000 calls
   * wait already. If you do not await a call, the last two are unhandled rejections; the first is ignored.
   */
  broadcast(m: M, options?: OperationOptions): Promise<void>
  /**
   * What is delivered, in the order of delivery. Each iterator sees everything from its making on, the first one also what came before;
   * `break` and `return()` unsubscribe. Nobody can slow a broadcast down, so an iterator holds what its consumer has not taken, up to
   * `holdLimit`: there is never a gap. Ends when the process stops, and throws its `HandlerError` when it crashes, after what is held.
   */
  readonly deliveries: AsyncIterable<Delivery<M>>
}

const LOUD = ['refused', 'overloaded'] as const
const EVENTS = { requests: ['broadcast'], indications: ['deliver'] }

/** Promises and async iteration for a broadcast. What was delivered before goes to the first face or handler of the port. */
export function broadcastFace<M>(process: FaceProcess, port: BroadcastPort<M>, options: BroadcastFaceOptions = {}): BroadcastFace<M> {
  checkPort('broadcastFace', process, port, EVENTS)
  const { holdLimit = 10_000 } = options
  if (!(holdLimit >= 1)) throw new RangeError(`holdLimit: expected a number of at least 1, found ${holdLimit}`)
  const deliveries = new Deliveries<M>(holdLimit)
  const turns = new Turns(port)
  process.upon(port.deliver, (from, message) => deliveries.push({ from, message }))
  process.whenEnded((error) => {
    turns.ended(endOf(error))
    deliveries.end({ error })
  })
  const broadcast = (m: M, options?: OperationOptions) => {
    const signal = signalOf('broadcast', options)
    const invoke = () => port.broadcast(m)
    return turns.take({ name: 'broadcast', begun: 'no effect', ends: 'at once', loud: LOUD, invoke }, signal) as Promise<void>
  }
  return { broadcast, deliveries }
}
