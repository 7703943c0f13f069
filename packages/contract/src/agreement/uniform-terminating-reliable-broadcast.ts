import type { ProcessId } from '../event'
import { abstraction } from '../layer'
import type { Indication, Module, Request } from '../module'

/** The message of the sender, wrapped so that no message can be mistaken for `FAILED`. */
export interface Sent<M> {
  readonly m: M
}

/** △, which is delivered instead of the message of a sender that has failed. */
export const FAILED = 'FAILED'

/**
 * Module 6.4, page 294: a broadcast of one message by one sender s, which all processes know. Either all deliver the message of s, or all deliver
 * `FAILED`. It ends only if s broadcasts or crashes.
 */
export interface UniformTerminatingReliableBroadcast extends Module {
  readonly guarantees: { readonly uniformTerminatingReliableBroadcast: true }
  readonly parameters: { readonly s: ProcessId }
  /** For s alone. */
  readonly broadcast: Request<[m: this['payload']]>
  readonly deliver: Indication<[p: ProcessId, m: Sent<this['payload']> | typeof FAILED]>
}

export const UniformTerminatingReliableBroadcast = abstraction<UniformTerminatingReliableBroadcast>({
  name: 'UniformTerminatingReliableBroadcast',
  instance: 'utrb',
  source: 'Module 6.4, page 294',
  requests: { broadcast: ['m'] },
  indications: { deliver: ['p', 'm'] },
  lasting: { deliver: 'forever' },
  properties: {
    UTRB1: 'Validity: if the sender s is correct and broadcasts m, then s eventually delivers m (liveness).',
    UTRB2: 'Termination: every correct process eventually delivers exactly one message, and no process delivers more (liveness, safety).',
    UTRB3: 'Integrity: if a process delivers m, and m is not △, then s broadcast m before (safety).',
    UTRB4: 'Uniform agreement: if some process delivers m, correct or not, then every correct process eventually delivers m (liveness).',
  },
})
