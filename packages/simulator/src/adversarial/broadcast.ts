import type { Abstraction, BestEffortBroadcast, Port, ProcessId } from '@upon/contract'
import type { SimulatedProcess } from '../engine/simulated-process'
import { adversarialPort, type Member } from './ensemble'
import { type Before, OrderedEnsemble } from './order'

/**
 * Whether p must deliver a message of a faulty sender that the processes in `delivered` have delivered: it must; it need not, whatever
 * others do; or it must if one of those does for which the same holds.
 */
export type Duty = 'must' | 'may' | 'all or none'
export type DutyOf = (p: ProcessId, delivered: ReadonlySet<ProcessId>, isFaulty: (p: ProcessId) => boolean) => Duty

type Broadcaster = Member<BestEffortBroadcast>

/**
 * Carries each message to each process independently, late and in no order but the one required. It loses messages of a faulty sender as far
 * as `dutyOf` allows, and with a message all those after it in the order. An order binds faulty processes, too: no process knows that it
 * will crash, so no algorithm can keep an order at the correct ones alone.
 */
export function adversarialBroadcast(
  process: SimulatedProcess,
  abstraction: Abstraction<BestEffortBroadcast>,
  dutyOf: DutyOf,
  before: Before = 'nothing',
): Port<BestEffortBroadcast> {
  const isFaulty = (p: ProcessId) => process.isFaulty(p)
  /** In some runs faulty processes reach each other, so that they can get far with what no correct one knows. */
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
        const about = me.saying(m)
        const deliver = (at: Broadcaster): boolean => {
          const { self, random } = at
          const duty = isFaulty(me.self) ? dutyOf(self, delivered, isFaulty) : 'must'
          const loses =
            duty !== 'must' &&
            ((isLost && duty === 'all or none') || random.chance(isFaulty(self) ? losesAmongFaultyPercent(me) : losesPercent))
          isLost ||= loses && duty === 'all or none'
          if (loses) return false
          delivered.add(self)
          at.arrival(about, () => at.indicate.deliver(me.self, m))
          return true
        }
        for (const q of me.random.shuffle(me.processes)) all.tell(q, (at) => all.orderAt(at).arrive(message, () => deliver(at)), about)
        me.countSends()
      },
    }),
  )
}
