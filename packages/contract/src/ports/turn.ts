import { abstraction } from '../layer'
import type { Indication, Module, Request } from '../module'

/**
 * The turn of the host: everything that its process gets at once, such as the messages of one read of a socket. An algorithm that collects what
 * a turn brings, and acts on it at the end, needs one message or one round of agreement instead of many.
 */
export interface Turn extends Module {
  readonly guarantees: { readonly turn: true }
  /** Requests an indication at the end of this turn. Once per turn is enough. */
  readonly awaitEnd: Request<[]>
  /** The turn in which it was requested has ended. */
  readonly end: Indication<[]>
}

export const Turn = abstraction<Turn>({
  name: 'Turn',
  instance: 'turn',
  requests: { awaitEnd: [] },
  indications: { end: [] },
  properties: { TRN1: 'End: a turn whose end is requested ends once, after everything that had come by then (liveness, safety).' },
})
