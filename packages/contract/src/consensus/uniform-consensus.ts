import { refusesBottom } from '../bottom'
import { abstraction } from '../layer'
import type { Consensus } from './consensus'

/** Module 5.2, page 211: each process proposes a value, and all processes that decide, even if they crash, decide the same one of these. `undefined` is ⊥ and cannot be proposed. */
export interface UniformConsensus extends Consensus {
  readonly guarantees: Consensus['guarantees'] & { readonly uniform: true }
}

export const UniformConsensus = abstraction<UniformConsensus>({
  name: 'UniformConsensus',
  instance: 'uc',
  source: 'Module 5.2, page 211',
  requests: { propose: ['v'] },
  refuses: { propose: refusesBottom },
  indications: { decide: ['v'] },
  lasting: { decide: 'forever' },
  once: { propose: 'this process has proposed already' },
  properties: {
    UC1: 'Termination: every correct process eventually decides some value (liveness).',
    UC2: 'Validity: if a process decides v, then v was proposed by some process (safety).',
    UC3: 'Integrity: no process decides twice (safety).',
    UC4: 'Uniform agreement: no two processes decide differently (safety).',
  },
})
