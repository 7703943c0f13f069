import type { ProcessId } from '@upon/contract'
import { byCode } from './errors'

/** A handler, condition or action threw. The process has crashed: its pending events are lost, as in any crash. */
export class HandlerError extends Error {
  override readonly name = 'HandlerError'
  readonly code = 'UPON_HANDLER_FAILED'

  constructor(
    readonly process: ProcessId,
    /** The instance whose event was being handled, and the event. */
    readonly path: string,
    readonly event: string,
    /** The instance that handled it, and its state at that moment. */
    readonly receiver: string,
    readonly state: object,
    override readonly cause: unknown,
  ) {
    super(
      `${process}: ${receiver || 'the application'} threw upon ${path}.${event}: ${cause instanceof Error ? cause.message : String(cause)}`,
    )
  }

  static override readonly [Symbol.hasInstance] = byCode('UPON_HANDLER_FAILED')
}
