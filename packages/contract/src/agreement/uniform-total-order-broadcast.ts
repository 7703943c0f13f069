import type { UniformReliableBroadcast } from '../broadcast/uniform-reliable-broadcast'
import { abstraction } from '../layer'
import type { TotalOrderBroadcast } from './total-order-broadcast'

/** Module 6.2, page 284: total-order broadcast. Its order binds also a process that delivers and then crashes. */
export interface UniformTotalOrderBroadcast extends UniformReliableBroadcast, TotalOrderBroadcast {
  readonly guarantees: UniformReliableBroadcast['guarantees'] & TotalOrderBroadcast['guarantees'] & { readonly uniformTotalOrder: true }
}

export const UniformTotalOrderBroadcast = abstraction<UniformTotalOrderBroadcast>({
  name: 'UniformTotalOrderBroadcast',
  instance: 'utob',
  source: 'Module 6.2, page 284',
  requests: { broadcast: ['m'] },
  indications: { deliver: ['p', 'm'] },
  properties: {
    UTOB1: 'Validity: if a correct process p broadcasts m, then p eventually delivers m (liveness).',
    UTOB2: 'No duplication: no process delivers m more than once (safety).',
    UTOB3: 'No creation: if a process delivers m with sender p, then p broadcast m before (safety).',
    UTOB4: 'Uniform agreement: if some process delivers m, correct or not, then every correct process eventually delivers m (liveness).',
    UTOB5: 'Uniform total order: two processes, correct or not, that both deliver two messages deliver them in the same order (safety).',
  },
})
