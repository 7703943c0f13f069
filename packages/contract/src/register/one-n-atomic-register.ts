import { refusesBottom } from '../bottom'
import { abstraction } from '../layer'
import type { OneOneAtomicRegister } from './one-one-atomic-register'
import type { RegularRegister } from './regular-register'

/**
 * Module 4.2, page 149: the (1,N) atomic register. One process may write, all may read, one operation at a time each. No read
 * returns a value that is older than one that an earlier read returned. `undefined` is ⊥, the value before the first write.
 */
export interface OneNAtomicRegister extends RegularRegister, OneOneAtomicRegister {
  readonly guarantees: RegularRegister['guarantees'] & OneOneAtomicRegister['guarantees'] & { readonly oneNAtomicRegister: true }
}

export const OneNAtomicRegister = abstraction<OneNAtomicRegister>({
  name: 'OneNAtomicRegister',
  instance: 'onar',
  source: 'Module 4.2, page 149',
  requests: { read: [], write: ['v'] },
  refuses: { write: refusesBottom },
  indications: { readReturn: ['v'], writeReturn: [] },
  properties: {
    ONAR1: 'Termination: if a correct process invokes an operation, then the operation eventually completes (liveness).',
    ONAR2:
      'Validity: a read that is not concurrent with a write returns the last value written; one that is may return that or a value concurrently written (safety).',
    ONAR3: 'Ordering: if a read returns v and a later read returns w, then the write of w does not precede the write of v (safety).',
  },
})
