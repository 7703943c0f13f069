import type { Abstraction, OneOneAtomicRegister, Port } from '@upon/contract'
import type { SimulatedProcess } from '../engine/simulated-process'
import { adversarialPort, Ensemble } from './ensemble'
import { Role } from './role'

class Memory extends Ensemble<OneOneAtomicRegister> {
  value: unknown
  readonly writer = new Role()
  readonly reader = new Role()
}

/**
 * A register whose operations take effect at a random moment between invocation and completion. A write whose process crashes before that
 * moment takes effect then, later, or never. Where only one process may write, or read, the module promises nothing to any other: its writes
 * have no effect, and it reads ⊥.
 */
export function adversarialAtomic(
  process: SimulatedProcess,
  abstraction: Abstraction<OneOneAtomicRegister>,
  roles: readonly ('one writer' | 'one reader')[],
): Port<OneOneAtomicRegister> {
  return adversarialPort(
    process,
    abstraction,
    () => new Memory(),
    (me, all) => ({
      read: () => {
        const isServed = !roles.includes('one reader') || all.reader.isOf(me.self)
        me.late(() => {
          const value = isServed ? all.value : undefined
          me.late(() => me.indicate.readReturn(value))
        })
        me.countSends()
      },
      write: (v) => {
        const isServed = !roles.includes('one writer') || all.writer.isOf(me.self)
        const takeEffect = () => {
          if (process.isAlive(me.self) || me.random.chance(30)) {
            if (isServed) all.value = v
            me.late(() => me.indicate.writeReturn())
          } else if (me.random.chance(70)) process.afterwards(me.lateMs(), takeEffect, { path: me.path })
        }
        process.afterwards(me.lateMs(), takeEffect, { path: me.path })
        me.countSends()
      },
    }),
  )
}
