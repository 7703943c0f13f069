import type { Abstraction, BestEffortBroadcast, Port, ProcessId } from '@upon/contract'
import type { SimulatedProcess } from '../engine/simulated-process'
import { adversarialPort, Ensemble, type Member } from './ensemble'

/**
 * Whether p must deliver a message of a faulty sender, when those in `delivered` have: it must; it need not, whatever others do; or
 * it need not if none of those does of whom the same is said.
 */
export type Duty = 'must' | 'may' | 'all or none'
export type DutyOf = (p: ProcessId, delivered: ReadonlySet<ProcessId>, isFaulty: (p: ProcessId) => boolean) => Duty

/** Carries each message to each process by itself, late and in no order. Those of a faulty sender it loses as far as `dutyOf` allows. */
export function adversarialBroadcast(
  process: SimulatedProcess,
  abstraction: Abstraction<BestEffortBroadcast>,
  dutyOf: DutyOf,
): Port<BestEffortBroadcast> {
  const isFaulty = (p: ProcessId) => process.isFaulty(p)
  /** In some runs faulty processes hear each other, so that they may come far with what no correct one knows. */
  const losesAmongFaultyPercent = (me: Member<BestEffortBroadcast>) =>
    process.shared(`among faulty ${me.path}`, () => me.random.pick([0, 50]))
  return adversarialPort(
    process,
    abstraction,
    () => new Ensemble<BestEffortBroadcast>(),
    (me, all) => ({
      broadcast: (m) => {
        const delivered = new Set<ProcessId>()
        const losesPercent = me.random.pick([0, 50, 100])
        let isLost = false
        for (const q of me.random.shuffle(me.processes))
          all.tell(q, ({ indicate, random }) => {
            const duty = isFaulty(me.self) ? dutyOf(q, delivered, isFaulty) : 'must'
            const loses =
              duty !== 'must' &&
              ((isLost && duty === 'all or none') || random.chance(isFaulty(q) ? losesAmongFaultyPercent(me) : losesPercent))
            isLost ||= loses && duty === 'all or none'
            if (loses) return
            delivered.add(q)
            indicate.deliver(me.self, m)
          })
        me.countSends()
      },
    }),
  )
}
