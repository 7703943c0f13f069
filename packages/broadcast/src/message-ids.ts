import type { ProcessId } from '@upon/contract'

/**
 * A set of message identifiers (s, sn). Each process s numbers its messages from 1. The set keeps one number per process, up to
 * which all numbers are in the set, and the numbers above a gap. So it grows with the gaps, not with the messages.
 */
export type MessageIds = Map<ProcessId, { upTo: number; readonly beyond: Set<number> }>

/** Adds (s, sn). True if it is new. */
export function add(ids: MessageIds, s: ProcessId, sn: number): boolean {
  let known = ids.get(s)
  if (known === undefined) {
    known = { upTo: 0, beyond: new Set() }
    ids.set(s, known)
  }
  if (sn <= known.upTo || known.beyond.has(sn)) return false
  known.beyond.add(sn)
  while (known.beyond.delete(known.upTo + 1)) known.upTo++
  return true
}

export function has(ids: MessageIds, s: ProcessId, sn: number): boolean {
  const known = ids.get(s)
  return known !== undefined && (sn <= known.upTo || known.beyond.has(sn))
}
