import type { Abstraction, BestEffortBroadcast, Port, ProcessId } from '@upon/contract'
import type { SimulatedProcess } from '../engine/simulated-process'
import { adversarialPort, type Member } from './ensemble'
import { type Before, OrderedEnsemble } from './order'

/**
 * Whether p must deliver a message of a faulty sender, when those in `delivered` have: it must; it need not, whatever others do; or
 * it need not if none of those does of whom the same is said.
 */
export type Duty = 'must' | 'may' | 'all or none'
export type DutyOf = (p: ProcessId, delivered: ReadonlySet<ProcessId>, isFaulty: (p: ProcessId) => boolean) => Duty

type Broadcaster = Member<BestEffortBroadcast>

/**
 * Carries each message to each process by itself, late and in no order but the one asked for. It loses those of a faulty sender as far as
 * `dutyOf` allows, and with a message all that come after it. An order binds faulty processes, too: no process knows that it will crash, so
 * no algorithm can keep an order at the correct ones alone.
 */
export function adversarialBroadcast(
  process: SimulatedProcess,
  abstraction: Abstraction<BestEffortBroadcast>,
  dutyOf: DutyOf,
  before: Before = 'nothing',
): Port<BestEffortBroadcast> {
  const isFaulty = (p: ProcessId) => process.isFaulty(p)
  /** In some runs faulty processes hear each other, so that they may come far with what no correct one knows. */
  const losesAmongFaultyPercent = (me: Broadcaster) => process.shared(`among faulty ${me.path}`, () => me.random.pick([0, 50]))
  return adversarialPort(
    process,
    abstraction,
    () => new OrderedEnsemble<BestEffortBroadcast>(before),
    (me, all) => ({
      broadcast: (m) => {
        const message = all.orderAt(me).issue()
        const delivered = new Set<ProcessId>()
        const losesPercent = me.random.pick([0, 50, 100])
        let isLost = false
        const deliver = ({ self, indicate, random }: Broadcaster): boolean => {
          const duty = isFaulty(me.self) ? dutyOf(self, delivered, isFaulty) : 'must'
          const loses =
            duty !== 'must' &&
            ((isLost && duty === 'all or none') || random.chance(isFaulty(self) ? losesAmongFaultyPercent(me) : losesPercent))
          isLost ||= loses && duty === 'all or none'
          if (loses) return false
          delivered.add(self)
          indicate.deliver(me.self, m)
          return true
        }
        for (const q of me.random.shuffle(me.processes)) all.tell(q, (at) => all.orderAt(at).arrive(message, () => deliver(at)))
        me.countSends()
      },
    }),
  )
}
