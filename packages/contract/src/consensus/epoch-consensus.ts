import { refusesBottom } from '../bottom'
import type { ProcessId } from '../event'
import { abstraction } from '../layer'
import type { Indication, Module, Request } from '../module'

/** The state that an epoch leaves to the next: the value last accepted, and its epoch. `undefined` is ⊥. */
export interface EpochState<V> {
  readonly valts: number
  readonly val: V | undefined
}

/** What an epoch starts with: its timestamp, its leader, and the state that the epoch before left. */
export interface EpochParameters<V> {
  readonly ets: number
  readonly l: ProcessId
  readonly state: EpochState<V>
}

/**
 * Module 5.4, page 221: an attempt of leader l to decide, in the epoch of timestamp ets. Instances run one at a time, with
 * increasing timestamps. Each starts with the state that the previous one left when it was aborted. `undefined` is ⊥ and cannot be proposed.
 */
export interface EpochConsensus extends Module {
  readonly guarantees: { readonly epochConsensus: true }
  readonly parameters: EpochParameters<this['payload']>
  readonly propose: Request<[v: this['payload']]>
  readonly abort: Request<[]>
  readonly decide: Indication<[v: this['payload']]>
  readonly aborted: Indication<[state: EpochState<this['payload']>]>
}

export const EpochConsensus = abstraction<EpochConsensus>({
  name: 'EpochConsensus',
  instance: 'ep',
  source: 'Module 5.4, page 221',
  requests: { propose: ['v'], abort: [] },
  refuses: { propose: refusesBottom },
  indications: { decide: ['v'], aborted: ['state'] },
  properties: {
    EP1: 'Validity: a value that a correct process decides in epoch ts was proposed by the leader of this or an earlier epoch (safety).',
    EP2: 'Uniform agreement: no two processes decide differently in an epoch (safety).',
    EP3: 'Integrity: every correct process decides at most once in an epoch (safety).',
    EP4: 'Lock-in: if a correct process decided v in an epoch ts′ < ts, then no correct process decides other than v in ts (safety).',
    EP5: 'Termination: if the leader is correct and proposes, and no correct process aborts, then every correct process eventually decides (liveness).',
    EP6: 'Abort behaviour: a correct process that aborts completes the abort; it aborts only on request (liveness, safety).',
  },
})
