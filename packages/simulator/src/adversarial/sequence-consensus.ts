import { type ProcessId, SequenceConsensus } from '@upon/contract'
import type { SimulatedProcess } from '../engine/simulated-process'
import { adversarialPort, Ensemble, type Member } from './ensemble'

/** The values of all slots, and snapshots of them. */
class Slots extends Ensemble<SequenceConsensus> {
  readonly #values: unknown[] = []
  readonly #snapshots = new Map<number, unknown>()
  readonly #reached = new Map<ProcessId, number>()

  /** Puts a value at the end, or loses that of a faulty process; each process then has one more slot to reach. */
  add(value: unknown, { process, self, random, processes }: Member<SequenceConsensus>): void {
    if (process.isFaulty(self) && random.chance(50)) return
    this.#values.push(value)
    for (const p of random.shuffle(processes)) this.tell(p, (at) => this.#next(at))
  }

  keep(slot: number, snapshot: unknown, { self }: Member<SequenceConsensus>): void {
    if (slot <= (this.#reached.get(self) ?? 0) && !this.#snapshots.has(slot)) this.#snapshots.set(slot, snapshot)
  }

  /** The next slot; or a snapshot of any that comes later. */
  #next({ self, random, indicate }: Member<SequenceConsensus>): void {
    const reached = this.#reached.get(self) ?? 0
    const later = [...this.#snapshots.keys()].filter((slot) => slot > reached)
    const slot = later.length > 0 && random.chance(50) ? random.pick(later) : undefined
    if (slot !== undefined) {
      this.#reached.set(self, slot)
      indicate.restore(slot, this.#snapshots.get(slot))
    } else if (reached < this.#values.length) {
      this.#reached.set(self, reached + 1)
      indicate.decide(reached + 1, this.#values[reached])
    }
  }
}

/**
 * The worst sequence consensus that its module allows: values come to slots late, in an order that has nothing to do with who proposed what
 * and when; those of a faulty process may be lost; and any process may be given a snapshot in place of decisions, however little it is behind.
 */
export const adversarialSequenceConsensus = (process: SimulatedProcess) =>
  adversarialPort(
    process,
    SequenceConsensus,
    () => new Slots(),
    (me, all) => ({
      propose: (v) => {
        process.afterwards(me.lateMs(), () => all.add(v, me), { path: me.path })
        me.countSends()
      },
      compact: (slot: number, snapshot: unknown) => all.keep(slot, snapshot, me),
    }),
  )
