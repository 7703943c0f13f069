import type { Module } from '@upon/contract'
import { Ensemble, type Member } from './ensemble'

/** What precedes a message, if the module orders messages: what its sender had broadcast before; or what it had broadcast or delivered before. */
export type Before = 'nothing' | 'broadcasts' | 'broadcasts and deliveries'

/** A message and its direct predecessors. Their predecessors precede it, too. */
export interface Ordered {
  readonly predecessors: readonly Ordered[]
}

/** The order of messages at one process: each waits until all before it are delivered or lost there. */
export class Order {
  readonly #before: Before
  readonly #isDelivered = new Map<Ordered, boolean>()
  #waiting: { readonly message: Ordered; readonly deliver: () => boolean }[] = []
  /** The direct predecessors of the next message of this process. */
  #past: Ordered[] = []

  constructor(before: Before) {
    this.#before = before
  }

  /** The next message of this process. */
  issue(): Ordered {
    const message = { predecessors: this.#past }
    this.#past = this.#before === 'nothing' ? [] : [message]
    return message
  }

  /** A message has arrived at this process. When it is its turn, `deliver` returns whether it is delivered; it is lost if a predecessor was lost. */
  arrive(message: Ordered, deliver: () => boolean): void {
    this.#waiting.push({ message, deliver })
    for (let turn = this.#takeTurn(); turn !== undefined; turn = this.#takeTurn()) this.#settle(turn.message, turn.deliver)
  }

  #takeTurn() {
    const turn = this.#waiting.find(({ message }) => message.predecessors.every((before) => this.#isDelivered.has(before)))
    this.#waiting = this.#waiting.filter((waiting) => waiting !== turn)
    return turn
  }

  #settle(message: Ordered, deliver: () => boolean): void {
    const past = this.#past
    if (this.#before === 'broadcasts and deliveries') this.#past = [...past, message] // what its delivery brings about comes after it
    const isDelivered = message.predecessors.every((before) => this.#isDelivered.get(before)) && deliver()
    this.#isDelivered.set(message, isDelivered)
    if (!isDelivered) this.#past = past
  }
}

/** Adversarial layers at one path that keep an order of messages. */
export class OrderedEnsemble<M extends Module> extends Ensemble<M> {
  readonly #orders = new WeakMap<Member<M>, Order>()
  readonly #before: Before

  constructor(before: Before) {
    super()
    this.#before = before
  }

  orderAt(member: Member<M>): Order {
    const order = this.#orders.get(member) ?? new Order(this.#before)
    this.#orders.set(member, order)
    return order
  }
}
