import type { ProcessId } from '../event'
import { abstraction } from '../layer'
import type { Indication, Module } from '../module'

/**
 * What a network with connections knows of the processes at their other ends. A hint and no more: it may be wrong about a correct
 * process, and need not say anything about a crashed one.
 */
export interface ConnectionWatch extends Module {
  readonly guarantees: { readonly connectionWatch: true }
  /** Nobody listens any more where p did: its process has gone, or its listener. */
  readonly refused: Indication<[p: ProcessId]>
  /** Something has come from p that it sent lately: it lives, whatever else is late. Once per process and time-out of the detector is enough. */
  readonly alive: Indication<[p: ProcessId]>
}

export const ConnectionWatch = abstraction<ConnectionWatch>({
  name: 'ConnectionWatch',
  instance: 'watch',
  requests: {},
  indications: { refused: ['p'], alive: ['p'] },
  properties: {},
})
