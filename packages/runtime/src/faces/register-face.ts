import type { Trigger, UponEvent } from '@upon/contract'
import { endOf, type FaceProcess, type OperationOptions, signalOf } from './face'
import { checkPort, oneFace } from './port'
import { Turns } from './turns'

/** What `run` returns for any register: regular or atomic, with one writer or many. */
export interface RegisterPort<V> {
  readonly read: Trigger<[]>
  readonly write: Trigger<[v: V]>
  readonly readReturn: UponEvent<[v: V | undefined]>
  readonly writeReturn: UponEvent<[]>
}

/**
 * A register as an application sees it. One operation at a time, as in the book: reads and writes take turns in the order of the calls, and
 * up to 10,000 calls wait; they also wait for room in the links. The module of the register says what a read or write guarantees.
 */
export interface RegisterFace<V> {
  /** The value; `undefined` before the first write. Rejects only with `NoEffectError`, because a read changes nothing. */
  read(options?: OperationOptions): Promise<V | undefined>
  /**
   * Resolves when the value is written. Rejects with `NoEffectError` if the write had not begun, or if `v` cannot travel. Rejects with
   * `OutcomeUnknownError` if it had begun: it may take effect before or after any later read.
   */
  write(v: V, options?: OperationOptions): Promise<void>
}

const EVENTS = { requests: ['read', 'write'], indications: ['readReturn', 'writeReturn'] }

/** Promises for a register's events. A port has one such face, which alone may trigger its requests. */
export function registerFace<V>(process: FaceProcess, port: RegisterPort<V>): RegisterFace<V> {
  checkPort('registerFace', process, port, EVENTS)
  return oneFace(port, () => {
    const turns = new Turns(port)
    process.whenEnded((error) => turns.ended(endOf(error)))
    process.upon(port.readReturn, (v) => turns.returned('read', v))
    process.upon(port.writeReturn, () => turns.returned('write'))
    return registerIn(turns, port)
  })
}

/** A register whose operations take turns in `turns`. */
export function registerIn<V>(turns: Turns, port: { read(): void; write(v: V): void }): RegisterFace<V> {
  const ends = 'when it returns'
  return {
    read: (options) =>
      turns.take({ name: 'read', begun: 'no effect', ends, invoke: () => port.read() }, signalOf('read', options)) as Promise<
        V | undefined
      >,
    write: (v, options) =>
      turns.take({ name: 'write', begun: 'unknown', ends, invoke: () => port.write(v) }, signalOf('write', options)) as Promise<void>,
  }
}
