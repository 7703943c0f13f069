import type { ProcessId } from '@upon/contract'
import type { TraceEntry } from '@upon/trace'
import type { Fault } from './plan'

/** A link that is blocked until something has happened. For scripts only, since a plan is plain data. */
export interface Hold {
  readonly kind: 'hold'
  readonly from: ProcessId
  readonly to: ProcessId
  /** Called with each entry of the trace; true ends the hold. */
  readonly until: (entry: TraceEntry) => boolean
}

/** Faults in words, for scripted runs: `faults: [crash('p2').afterSends(3), partition(['p1'], ['p2', 'p3']).from(10).to(50)]`. */

/** A crash: `afterSends` counts messages to other processes, 0 is at the start; `lostPercent` percent of its messages under way are lost. */
export const crash = (process: ProcessId, { lostPercent = 0 } = {}) => ({
  at: (atMs: number): Fault => ({ kind: 'crash', process, atMs, lostPercent }),
  afterSends: (afterSends: number): Fault => ({ kind: 'crash', process, afterSends, lostPercent }),
})

/** A process that is down restarts, with what it had stored. */
export const recover = (process: ProcessId) => ({ at: (atMs: number): Fault => ({ kind: 'recover', process, atMs }) })

const spanning = <F extends Fault>(fault: (fromMs: number, toMs?: number) => F) => ({
  /** Ends with `to(t)`; `forever` never ends, and the run is then not quiescent while anything waits. */
  from: (fromMs: number) => ({ to: (toMs: number): F => fault(fromMs, toMs), forever: (): F => fault(fromMs) }),
})

const span = (fromMs: number, toMs?: number) => (toMs === undefined ? { fromMs } : { fromMs, toMs })

export const pause = (process: ProcessId) => spanning<Fault>((from, to) => ({ kind: 'pause', process, ...span(from, to) }))

export const slow = (process: ProcessId, eventMs: number) =>
  spanning<Fault>((from, to) => ({ kind: 'slow', process, eventMs, ...span(from, to) }))

/** No message passes between the groups, in either direction. */
export const partition = (...groups: readonly (readonly ProcessId[])[]) =>
  spanning<Fault>((from, to) => ({ kind: 'partition', groups, ...span(from, to) }))

/** No message passes from the first to the second. */
export const block = (from: readonly ProcessId[], to: readonly ProcessId[]) =>
  spanning<Fault>((fromMs, toMs) => ({ kind: 'block', from, to, ...span(fromMs, toMs) }))

/** Blocks the link from one process to another, from the start until a time in ms, or until something has happened. */
export const hold = (from: ProcessId, to: ProcessId) => ({
  until: (end: number | ((entry: TraceEntry) => boolean)): Fault | Hold =>
    typeof end === 'number' ? { kind: 'block', from: [from], to: [to], fromMs: 0, toMs: end } : { kind: 'hold', from, to, until: end },
})
