import type { ProcessId } from '../event'
import { abstraction } from '../layer'
import type { Module, Query } from '../module'

declare const signature: unique symbol

/** A signature of a process. It can be sent. Only `verify` tells it from another value. */
export interface Signature {
  readonly [signature]: true
}

/**
 * Digital signatures (section 2.3.3, page 30). A signature is valid for the path of the instance that signs: the same data at another path needs
 * another signature. Equal data have the same signature on any machine (`canonical`).
 */
export interface Signatures extends Module {
  readonly guarantees: { readonly signatures: true }
  /** Signs in the name of this process. */
  readonly sign: Query<[m: this['payload']], Signature>
  /** Whether p has signed this. False if there is no signature. */
  readonly verify: Query<[p: ProcessId, m: this['payload'], s: Signature | undefined], boolean>
}

export const Signatures = abstraction<Signatures>({
  name: 'Signatures',
  instance: 'sig',
  requests: {},
  indications: {},
  queries: { sign: ['m'], verify: ['p', 'm', 's'] },
  properties: {
    SIG1: 'Validity: what a correct process has signed, every correct process verifies (safety).',
    SIG2: 'Unforgeability: if m verifies for a correct process p, then p has signed m (safety).',
  },
})
