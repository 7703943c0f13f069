import { refusesBottom } from '../bottom'
import { abstraction } from '../layer'
import type { Indication, Module, Request } from '../module'

/** Module 5.1, page 205: each process proposes a value, and all correct processes decide the same one of these. `undefined` is ⊥ and cannot be proposed. */
export interface Consensus extends Module {
  readonly guarantees: { readonly consensus: true }
  readonly propose: Request<[v: this['payload']]>
  readonly decide: Indication<[v: this['payload']]>
}

export const Consensus = abstraction<Consensus>({
  name: 'Consensus',
  instance: 'c',
  source: 'Module 5.1, page 205',
  requests: { propose: ['v'] },
  refuses: { propose: refusesBottom },
  indications: { decide: ['v'] },
  lasting: { decide: 'forever' },
  once: { propose: 'this process has proposed already' },
  properties: {
    C1: 'Termination: every correct process eventually decides some value (liveness).',
    C2: 'Validity: if a process decides v, then v was proposed by some process (safety).',
    C3: 'Integrity: no process decides twice (safety).',
    C4: 'Agreement: no two correct processes decide differently (safety).',
  },
})
