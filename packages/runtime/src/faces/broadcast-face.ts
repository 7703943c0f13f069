import type { ProcessId, Trigger, UponEvent } from '@upon/contract'
import { Deliveries, type Delivery } from './deliveries'
import { endOf, type FaceProcess, type OperationOptions, signalOf } from './face'
import { checkPort } from './port'
import { Turns } from './turns'

/** What `run` returns for any broadcast: best-effort, reliable, uniform, in FIFO or in total order. */
export interface BroadcastPort<M> {
  readonly broadcast: Trigger<[m: M]>
  readonly deliver: UponEvent<[p: ProcessId, m: M]>
}

export interface BroadcastFaceOptions {
  /** Deliveries that an iterator holds until they are taken; 10,000 by default. One that is further behind ends with `DeliveriesLostError`. */
  readonly holdLimit?: number
}

/** A broadcast as an application sees it. The module of the broadcast says which processes deliver a message, and when. */
export interface BroadcastFace<M> {
  /**
   * Hands the message over, at once if the links have room, otherwise as soon as they have room. Await it, and you are never faster than the
   * links. Calls keep their order. Rejects with `NoEffectError` if the process ends before, if `m` cannot travel, or if 10,000 calls
   * wait already. If you do not await a call, the last two are unhandled rejections; the first is ignored.
   */
  broadcast(m: M, options?: OperationOptions): Promise<void>
  /**
   * The deliveries, in their order. Each iterator gets all deliveries from its creation on; the first one also gets earlier deliveries.
   * `break` and `return()` unsubscribe. A receiver cannot slow a broadcast down, so an iterator holds what its consumer has not taken, up to
   * `holdLimit`. There is never a gap. After what it holds, the iterator ends if the process stops, and throws the `HandlerError` if it crashes.
   */
  readonly deliveries: AsyncIterable<Delivery<M>>
}

const LOUD = ['refused', 'overloaded'] as const
const EVENTS = { requests: ['broadcast'], indications: ['deliver'] }

/** Promises and async iteration for a broadcast. Earlier deliveries go to the first face or handler of the port. */
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
