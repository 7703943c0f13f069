import type { Trigger, UponEvent } from '@upon/contract'
import { endOf, type FaceProcess, type OperationOptions, signalOf } from './face'
import { checkPort, oneFace } from './port'
import { Turns } from './turns'

/** What `run` gives for any register: regular or atomic, of one writer or of many. */
export interface RegisterPort<V> {
  readonly read: Trigger<[]>
  readonly write: Trigger<[v: V]>
  readonly readReturn: UponEvent<[v: V | undefined]>
  readonly writeReturn: UponEvent<[]>
}

/**
 * A register as an application sees it. One operation at a time, as the book has it: calls take turns, in their order, reads and writes
 * alike, and up to 10,000 wait; they also wait for room in the links. What a read or write guarantees is the register's own matter.
 */
export interface RegisterFace<V> {
  /** The value; `undefined` before the first write. Rejects with `NoEffectError` alone: who gives up a read has changed nothing. */
  read(options?: OperationOptions): Promise<V | undefined>
  /**
   * Resolves when the value is written. Rejects with `NoEffectError` when the write had not begun, or `v` cannot travel, and with
   * `OutcomeUnknownError` when it had: it may take effect before or after any later read.
   */
  write(v: V, options?: OperationOptions): Promise<void>
}

const EVENTS = { requests: ['read', 'write'], indications: ['readReturn', 'writeReturn'] }

/** Promises for a register's events: the one face of its port, whose requests nobody else may trigger. */
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

/** A register whose operations take their turns there. */
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
