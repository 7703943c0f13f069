import { abstraction } from '../layer'
import type { Indication, Module, Request } from '../module'

/**
 * The turn of the host: all that its process is handed in one go, as the messages of one read of a socket. An algorithm that gathers what
 * a turn brings, and acts on it at the end, spends one message or one round of agreement where it would spend many.
 */
export interface Turn extends Module {
  readonly guarantees: { readonly turn: true }
  /** Asks for the end of this turn; once a turn is enough. */
  readonly awaitEnd: Request<[]>
  /** The turn has ended in which it was asked for. */
  readonly end: Indication<[]>
}

export const Turn = abstraction<Turn>({
  name: 'Turn',
  instance: 'turn',
  requests: { awaitEnd: [] },
  indications: { end: [] },
  properties: { TRN1: 'End: a turn whose end is asked for ends, once, after everything that had come by then (liveness, safety).' },
})
