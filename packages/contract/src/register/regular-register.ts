import { refusesBottom } from '../bottom'
import { abstraction } from '../layer'
import type { Indication, Module, Request } from '../module'

/**
 * Module 4.1, page 143: the (1,N) regular register. One process may write, all may read, one operation at a time each. A read that
 * overlaps a write may return the value before that write or the value that it writes. `undefined` is ⊥, the value before the first write.
 */
export interface RegularRegister extends Module {
  readonly guarantees: { readonly regularRegister: true }
  readonly read: Request<[]>
  readonly write: Request<[v: this['payload']]>
  readonly readReturn: Indication<[v: this['payload'] | undefined]>
  readonly writeReturn: Indication<[]>
}

export const RegularRegister = abstraction<RegularRegister>({
  name: 'RegularRegister',
  instance: 'onrr',
  source: 'Module 4.1, page 143',
  requests: { read: [], write: ['v'] },
  refuses: { write: refusesBottom },
  indications: { readReturn: ['v'], writeReturn: [] },
  properties: {
    ONRR1: 'Termination: if a correct process invokes an operation, then the operation eventually completes (liveness).',
    ONRR2:
      'Validity: a read that is not concurrent with a write returns the last value written; one that is may return that or a value concurrently written (safety).',
  },
})
