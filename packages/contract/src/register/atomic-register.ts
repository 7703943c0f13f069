import { refusesBottom } from '../bottom'
import { abstraction } from '../layer'
import type { OneNAtomicRegister } from './one-n-atomic-register'

/**
 * Module 4.3, page 161: the (N,N) atomic register. Every process may read and write, one operation at a time each. An operation
 * takes effect at one moment between its invocation and its completion. `undefined` is ⊥, the value before the first write.
 */
export interface AtomicRegister extends OneNAtomicRegister {
  readonly guarantees: OneNAtomicRegister['guarantees'] & { readonly atomicRegister: true }
}

export const AtomicRegister = abstraction<AtomicRegister>({
  name: 'AtomicRegister',
  instance: 'nnar',
  source: 'Module 4.3, page 161',
  requests: { read: [], write: ['v'] },
  refuses: { write: refusesBottom },
  indications: { readReturn: ['v'], writeReturn: [] },
  properties: {
    NNAR1: 'Termination: if a correct process invokes an operation, then the operation eventually completes (liveness).',
    NNAR2:
      'Atomicity: every read returns the value of the most recent write in some order of all complete operations, and some incomplete ones, in which each stands between its invocation and its completion (safety).',
  },
})
