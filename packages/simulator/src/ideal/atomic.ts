import type { Abstraction, OneOneAtomicRegister, Port } from '@upon/contract'
import type { SimulatedProcess } from '../simulated-process'
import { Ensemble, idealPort } from './ensemble'

class Memory extends Ensemble<OneOneAtomicRegister> {
  value: unknown
}

/**
 * A register whose operations take effect at a moment drawn from all that lie between invocation and completion. A write whose
 * process crashes before that moment takes effect then, later, or never.
 */
export function idealAtomic(process: SimulatedProcess, abstraction: Abstraction<OneOneAtomicRegister>): Port<OneOneAtomicRegister> {
  return idealPort(
    process,
    abstraction,
    () => new Memory(),
    (me, all) => ({
      read: () => {
        me.late(() => {
          const { value } = all
          me.late(() => me.indicate.readReturn(value))
        })
        me.countSends()
      },
      write: (v) => {
        const takeEffect = () => {
          if (process.isAlive(me.self) || me.random.chance(30)) {
            all.value = v
            me.late(() => me.indicate.writeReturn())
          } else if (me.random.chance(70)) process.afterwards(me.lateMs(), takeEffect)
        }
        process.afterwards(me.lateMs(), takeEffect)
        me.countSends()
      },
    }),
  )
}
