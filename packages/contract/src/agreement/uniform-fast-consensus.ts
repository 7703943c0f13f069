import { refusesBottom } from '../bottom'
import type { UniformConsensus } from '../consensus/uniform-consensus'
import { abstraction } from '../layer'

/** Module 6.5, page 297: uniform consensus that takes one communication step if all propose the same value. `undefined` is ⊥, and cannot be proposed. */
export interface UniformFastConsensus extends UniformConsensus {
  readonly guarantees: UniformConsensus['guarantees'] & { readonly fast: true }
}

export const UniformFastConsensus = abstraction<UniformFastConsensus>({
  name: 'UniformFastConsensus',
  instance: 'ufc',
  source: 'Module 6.5, page 297',
  requests: { propose: ['v'] },
  refuses: { propose: refusesBottom },
  indications: { decide: ['v'] },
  lasting: { decide: 'forever' },
  properties: {
    UFC1: 'Fast termination: every correct process eventually decides some value; if all propose the same, after one communication step (liveness, safety).',
    UFC2: 'Validity: if a process decides v, then v was proposed by some process (safety).',
    UFC3: 'Integrity: no process decides twice (safety).',
    UFC4: 'Uniform agreement: no two processes decide differently (safety).',
  },
})
