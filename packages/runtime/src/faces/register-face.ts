import type { Event, Trigger } from '@upon/contract'
import type { FaceProcess, OperationOptions } from './face'
import { Turns } from './turns'

/** What `run` gives for any register: regular or atomic, of one writer or of many. */
export interface RegisterPort<V> {
  readonly read: Trigger<[]>
  readonly write: Trigger<[v: V]>
  readonly readReturn: Event<[v: V | undefined]>
  readonly writeReturn: Event<[]>
}

/**
 * A register as an application sees it. One operation at a time, as the book has it: calls take turns, in their order, reads and writes
 * alike, and up to 10,000 wait. What a read or write guarantees is the register's own matter.
 */
export interface RegisterFace<V> {
  /** The value; `undefined` before the first write. Rejects with `NoEffectError` alone: who gives up a read has changed nothing. */
  read(options?: OperationOptions): Promise<V | undefined>
  /**
   * Resolves when the value is written. Rejects with `NoEffectError` when the write had not begun, and with `OutcomeUnknownError` when
   * it had: it may take effect before or after any later read.
   */
  write(v: V, options?: OperationOptions): Promise<void>
}

/** Promises for a register's events. From now on the port is the face's: nobody else may trigger its requests. */
export function registerFace<V>(process: FaceProcess, port: RegisterPort<V>): RegisterFace<V> {
  const turns = new Turns(process)
  process.upon(port.readReturn, (v) => turns.returned('read', v))
  process.upon(port.writeReturn, () => turns.returned('write'))
  return {
    read: (options) => turns.take({ name: 'read', begun: 'no effect', invoke: port.read }, options?.signal) as Promise<V | undefined>,
    write: (v, options) => turns.take({ name: 'write', begun: 'unknown', invoke: () => port.write(v) }, options?.signal) as Promise<void>,
  }
}
