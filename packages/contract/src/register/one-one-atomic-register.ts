import { refusesBottom } from '../bottom'
import { abstraction } from '../layer'
import type { Indication, Module, Request } from '../module'

/**
 * The (1,1) atomic register of section 4.2: one process may write, one may read, and the reader gets no value that is older than
 * one that it has read before. `undefined` is ⊥, the value before the first write.
 */
export interface OneOneAtomicRegister extends Module {
  readonly guarantees: { readonly oneOneAtomicRegister: true }
  readonly read: Request<[]>
  readonly write: Request<[v: this['payload']]>
  readonly readReturn: Indication<[v: this['payload'] | undefined]>
  readonly writeReturn: Indication<[]>
}

export const OneOneAtomicRegister = abstraction<OneOneAtomicRegister>({
  name: 'OneOneAtomicRegister',
  instance: 'ooar',
  requests: { read: [], write: ['v'] },
  refuses: { write: refusesBottom },
  indications: { readReturn: ['v'], writeReturn: [] },
  properties: {
    OOAR1: 'Termination: if a correct process invokes an operation, then the operation eventually completes (liveness).',
    OOAR2:
      'Validity: a read that is not concurrent with a write returns the last value written; one that is may return that or a value concurrently written (safety).',
    OOAR3: 'Ordering: if a read returns v and a later read returns w, then the write of w does not precede the write of v (safety).',
  },
})
