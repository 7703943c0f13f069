import type { ProcessId } from '@upon/contract'
import { byCode } from '../errors'

/** A message that was delivered, and the process that broadcast it. */
export interface Delivery<M> {
  readonly from: ProcessId
  readonly message: M
}

/**
 * An iterator fell behind by more than `holdLimit`. It has returned all deliveries up to here, and loses later ones. Other iterators lose
 * nothing; a new iterator gets all deliveries from its creation on.
 */
export class DeliveriesLostError extends Error {
  override readonly name = 'DeliveriesLostError'
  readonly code = 'UPON_DELIVERIES_LOST'

  constructor(readonly limit: number) {
    super(`more than ${limit} deliveries waited to be taken: let senders wait for confirmations, or raise holdLimit`)
  }

  static override readonly [Symbol.hasInstance] = byCode('UPON_DELIVERIES_LOST')
}

type Result<M> = IteratorResult<Delivery<M>, undefined>
const DONE = { done: true, value: undefined } as const

/** One consumer: holds deliveries until it takes them. */
class DeliveryIterator<M> implements AsyncIterator<Delivery<M>, undefined> {
  #held: Delivery<M>[] = []
  #taken = 0
  readonly #waiting: { resolve(result: Result<M>): void; reject(error: unknown): void }[] = []
  #end: { error?: unknown } | undefined

  constructor(
    readonly limit: number,
    readonly unsubscribe: (iterator: DeliveryIterator<M>) => void,
  ) {}

  push(delivery: Delivery<M>): void {
    const next = this.#waiting.shift()
    if (next !== undefined) next.resolve({ done: false, value: delivery })
    else if (this.#held.length - this.#taken < this.limit) this.#held.push(delivery)
    else this.end({ error: new DeliveriesLostError(this.limit) })
  }

  /** No deliveries will come. The consumer can still take what is held; then it gets the error, once, or the end. */
  end(end: { error?: unknown }): void {
    this.unsubscribe(this)
    this.#end ??= end
    for (const next of this.#waiting.splice(0)) this.#settle(next)
  }

  next(): Promise<Result<M>> {
    const promise = new Promise<Result<M>>((resolve, reject) => {
      const next = { resolve, reject }
      if (this.#taken < this.#held.length) resolve({ done: false, value: this.#take() })
      else if (this.#end !== undefined) this.#settle(next)
      else this.#waiting.push(next)
    })
    promise.catch(() => {}) // handled, also if nobody looks
    return promise
  }

  /** Unsubscribes, and drops what is held: `break` does so. */
  return(): Promise<Result<M>> {
    this.#held = []
    this.#taken = 0
    this.#end = {}
    this.end({})
    return Promise.resolve(DONE)
  }

  #settle({ resolve, reject }: { resolve(result: Result<M>): void; reject(error: unknown): void }): void {
    const { error } = this.#end as { error?: unknown }
    this.#end = {}
    if (error === undefined) resolve(DONE)
    else reject(error)
  }

  #take(): Delivery<M> {
    const delivery = this.#held[this.#taken++] as Delivery<M>
    if (this.#taken === this.#held.length || this.#taken === this.limit) {
      this.#held = this.#held.slice(this.#taken)
      this.#taken = 0
    }
    return delivery
  }
}

/** All deliveries, for any number of iterators. Each gets every delivery from its creation on. */
export class Deliveries<M> implements AsyncIterable<Delivery<M>> {
  readonly #iterators = new Set<DeliveryIterator<M>>()
  #end: { error?: unknown } | undefined
  /** Holds deliveries before the first iterator exists. */
  #first: DeliveryIterator<M> | undefined

  constructor(readonly limit: number) {
    this.#first = this.#subscribe()
  }

  push(delivery: Delivery<M>): void {
    for (const iterator of this.#iterators) iterator.push(delivery)
  }

  end(end: { error?: unknown }): void {
    this.#end = end
    for (const iterator of this.#iterators) iterator.end(end)
  }

  [Symbol.asyncIterator](): AsyncIterator<Delivery<M>, undefined> {
    const iterator = this.#first ?? this.#subscribe()
    this.#first = undefined
    return iterator
  }

  #subscribe(): DeliveryIterator<M> {
    const iterator = new DeliveryIterator<M>(this.limit, (ended) => this.#iterators.delete(ended))
    if (this.#end === undefined) this.#iterators.add(iterator)
    else iterator.end(this.#end)
    return iterator
  }
}
