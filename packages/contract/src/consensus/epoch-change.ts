import type { ProcessId } from '../event'
import { abstraction } from '../layer'
import type { Indication, Module } from '../module'

/** l0, the leader of epoch 0, which all processes trust at first: the process of the highest rank. Takes the processes by increasing rank. */
export const firstLeader = (processes: readonly ProcessId[]): ProcessId => processes[processes.length - 1] as ProcessId

/** Module 5.3, page 218: starts epochs, each with a timestamp and a leader; epoch 0 with leader l0 (`firstLeader`) has started already. */
export interface EpochChange extends Module {
  readonly guarantees: { readonly epochChange: true }
  readonly startEpoch: Indication<[ts: number, l: ProcessId]>
}

export const EpochChange = abstraction<EpochChange>({
  name: 'EpochChange',
  instance: 'ec',
  source: 'Module 5.3, page 218',
  requests: {},
  indications: { startEpoch: ['ts', 'l'] },
  lasting: { startEpoch: 'latest' },
  properties: {
    EC1: 'Monotonicity: a correct process that starts an epoch (ts, l) and later one (ts′, l′) has ts′ > ts (safety).',
    EC2: 'Consistency: correct processes that start epochs of the same timestamp have the same leader in them (safety).',
    EC3: 'Eventual leadership: there is a time after which every correct process has started the same last epoch, whose leader is correct, and starts no more (liveness).',
  },
})
