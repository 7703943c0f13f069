import type { ProcessId } from '@upon/contract'
import { copyOf } from '../engine/copy'
import { type About, nameOf, type Scheduled } from '../engine/scheduled'

/** Something that will happen in a session, as plain data. */
export interface Pending {
  /** The same in every session in which the same things were done before: `p1>p2 beb.pl 1`, `p1 uc.epfd.timer 3`, `p2 step 4`. */
  readonly id: string
  /** `step`: of an adversarial layer, or of a host's port. `fault`: of the plan that the session began with. `crash`: after some messages more. */
  readonly kind: 'message' | 'copy' | 'timeout' | 'request' | 'step' | 'fault' | 'crash'
  /** By whom a message was sent. */
  readonly from?: ProcessId
  /** Where it happens; absent for what concerns all. */
  readonly to?: ProcessId
  /** The instance that a message, a timer or a step belongs to. */
  readonly path?: string
  /** What a message says, what a client asks for. */
  readonly message?: unknown
  /** The entry of the trace in which a message was sent; -1 if that is not recorded. */
  readonly sentEntry?: number
  readonly sentMs?: number
  /** Which links carry a message. */
  readonly links?: 'perfect' | 'fair-loss'
  /** When it happens if nobody does anything; absent for what is held back, and for what has no time. */
  readonly dueMs?: number
  /** A cut between sender and receiver, a pause of its process, or a client that waits for what it asked before. */
  readonly heldBy?: 'cut' | 'pause' | 'client'
}

const KINDS = { message: 'message', repeat: 'copy', timeout: 'timeout', step: 'step', operation: 'request', fault: 'fault' } as const

/** Something under way as plain data. */
export function pendingOf(scheduled: Scheduled, processes: readonly ProcessId[], heldBy?: 'cut' | 'pause'): Pending {
  const { kind, to, timeUs } = scheduled
  const place = { ...(to >= 0 ? { to: processes[to] as ProcessId } : {}) }
  const when = heldBy === undefined ? { dueMs: timeUs / 1000 } : { heldBy }
  return { id: nameOf(scheduled, processes), kind: KINDS[kind], ...place, ...whatIn(scheduled, processes), ...when }
}

function whatIn({ kind, from, path, message, isLossy, sentEntry, sentUs }: Scheduled, processes: readonly ProcessId[]): Partial<Pending> {
  if (kind === 'timeout') return { path: path?.text ?? '', sentMs: sentUs / 1000 }
  if (kind !== 'message' && kind !== 'repeat') {
    const about = message as About | undefined
    if (about === undefined) return {}
    return {
      ...about,
      ...(about.from === undefined ? {} : { sentMs: sentUs / 1000 }),
      ...('message' in about ? { message: copyOf(about.message) } : {}),
    }
  }
  const links = isLossy ? 'fair-loss' : 'perfect'
  return { from: processes[from] as ProcessId, path: path?.text ?? '', message: copyOf(message), sentEntry, sentMs: sentUs / 1000, links }
}
