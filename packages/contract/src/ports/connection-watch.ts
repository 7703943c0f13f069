import type { ProcessId } from '../event'
import { abstraction } from '../layer'
import type { Indication, Module } from '../module'

/**
 * What a network with connections knows about the processes at the other ends. It is only a hint: it may be wrong about a correct
 * process, and may say nothing about a crashed one.
 */
export interface ConnectionWatch extends Module {
  readonly guarantees: { readonly connectionWatch: true }
  /** Nothing listens at the address of p any more: its process has ended, or its listener. */
  readonly refused: Indication<[p: ProcessId]>
  /** Something that p sent recently has arrived: p lives, even if other messages are late. Once per process and time-out of the detector is enough. */
  readonly alive: Indication<[p: ProcessId]>
}

export const ConnectionWatch = abstraction<ConnectionWatch>({
  name: 'ConnectionWatch',
  instance: 'watch',
  requests: {},
  indications: { refused: ['p'], alive: ['p'] },
  properties: {},
})
