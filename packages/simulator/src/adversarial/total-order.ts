import type { Abstraction, Port, ProcessId, TotalOrderBroadcast } from '@upon/contract'
import type { SimulatedProcess } from '../engine/simulated-process'
import { adversarialPort, type Concern, Ensemble, type Member } from './ensemble'

interface Message {
  readonly s: ProcessId
  readonly m: unknown
  readonly about: Concern
}

/** The one order of all messages, and those of faulty senders that are lost. */
class Order extends Ensemble<TotalOrderBroadcast> {
  readonly #order: Message[] = []
  readonly #lost: Message[] = []
  readonly #delivered = new Map<ProcessId, Set<Message>>()

  constructor(readonly isUniform: boolean) {
    super()
  }

  /** Appends a message, or loses it; each process then has one more to deliver. */
  add(message: Message, { process, random, processes }: Member<TotalOrderBroadcast>): void {
    const isLost = process.isFaulty(message.s) && random.chance(50)
    if (isLost) this.#lost.push(message)
    else this.#order.push(message)
    for (const p of random.shuffle(processes)) this.tell(p, (at) => this.#deliverNext(at))
  }

  #deliverNext(at: Member<TotalOrderBroadcast>): void {
    const { process, self, random } = at
    const isFree = !this.isUniform && process.isFaulty(self)
    const delivered = this.#delivered.get(self) ?? new Set()
    this.#delivered.set(self, delivered)
    const order = isFree ? random.shuffle([...this.#order, ...this.#lost]) : this.#order
    const next = order.find((message) => !delivered.has(message))
    if (next === undefined) return
    delivered.add(next)
    at.arrival(next.about, () => at.indicate.deliver(next.s, next.m))
  }
}

/**
 * Orders messages arbitrarily. A message of a faulty sender may be lost. If the order binds correct processes only, a faulty one delivers
 * any messages in any order, lost ones too.
 */
export const adversarialOrder = (
  process: SimulatedProcess,
  abstraction: Abstraction<TotalOrderBroadcast>,
  bound: 'correct' | 'all',
): Port<TotalOrderBroadcast> =>
  adversarialPort(
    process,
    abstraction,
    () => new Order(bound === 'all'),
    (me, all) => ({
      broadcast: (m) => {
        const about = me.saying(m)
        process.afterwards(me.lateMs(), () => all.add({ s: me.self, m, about }, me), { path: me.path, ...about })
        me.countSends()
      },
    }),
  )
