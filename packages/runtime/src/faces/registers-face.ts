import { type Layer, type Module, misuse, type PayloadOf } from '@upon/contract'
import { described } from '../misuse'
import type { Process } from '../process'
import type { Supply } from '../process-options'
import type { Supplying } from '../supplying'
import { endOf, type Obstacle, type OperationOptions } from './face'
import { type RegisterFace, registerIn } from './register-face'
import { type AnyRegister, registersOver } from './registers'
import { Turns } from './turns'

export interface RegistersOptions {
  /** The name of the instance, the same in all processes; by default, `registers`. */
  readonly name?: string
  /** How many registers there may be here; 10,000 by default. */
  readonly limit?: number
}

/**
 * A family of registers by key, for key-value applications. Each register is made on first use, here or by another process. Operations on
 * one key take turns; operations on different keys do not wait for each other.
 */
export interface RegistersFace<V> {
  /** Like `read` of a single register. Also rejects with `NoEffectError` for a new key if there are `limit` registers already. */
  read(key: string, options?: OperationOptions): Promise<V | undefined>
  /** Like `write` of a single register. Also rejects with `NoEffectError` for a new key if there are `limit` registers already. */
  write(key: string, v: V, options?: OperationOptions): Promise<void>
}

/** Runs a family of registers in a process, each an instance of `register`. All processes of the system must run it, under the same name. */
export function registersFace<S extends readonly Supply[], L extends Layer<AnyRegister & Module>>(
  process: Process<S>,
  register: L & Supplying<L, S>,
  { name = 'registers', limit = 10_000 }: RegistersOptions = {},
): RegistersFace<PayloadOf<L>> {
  if (!(limit >= 1)) throw misuse(`limit: expected a number of at least 1, found ${limit}`)
  if (typeof (process as Partial<Process<S>> | undefined)?.run !== 'function')
    throw misuse(`registersFace: expected a process, found ${described(process)}`)
  type V = PayloadOf<L>
  const port = (process as unknown as Process<[]>).run(registersOver(register, limit).of<V>(), name)
  const inUse = new Map<string, Turns>()
  let end: Obstacle | undefined
  const settle = (key: string, how: (turns: Turns) => void) => {
    const turns = inUse.get(key)
    if (turns === undefined) return
    how(turns)
    if (turns.isIdle) inUse.delete(key)
  }
  process.upon(port.readReturn, (key, v) => settle(key, (turns) => turns.returned('read', v)))
  process.upon(port.writeReturn, (key) => settle(key, (turns) => turns.returned('write')))
  process.upon(port.refuse, (key) => settle(key, (turns) => turns.refused(new RangeError(`there are ${limit} registers already`))))
  process.whenEnded((error) => {
    end = endOf(error)
    for (const turns of inUse.values()) turns.ended(end)
    inUse.clear()
  })
  const at = <T>(key: string, operate: (register: RegisterFace<V>) => Promise<T>): Promise<T> => {
    if (typeof key !== 'string') throw misuse(`registersFace: a key is a string, not ${described(key)}`)
    const turns = inUse.get(key) ?? new Turns(port)
    if (end === undefined) inUse.set(key, turns)
    else turns.ended(end)
    const call = operate(registerIn<V>(turns, { read: () => port.read(key), write: (v) => port.write(key, v) }))
    if (turns.isIdle) inUse.delete(key) // nothing has begun
    return call
  }
  return {
    read: (key, options) => at(key, (register) => register.read(options)),
    write: (key, v, options) => at(key, (register) => register.write(v, options)),
  }
}
