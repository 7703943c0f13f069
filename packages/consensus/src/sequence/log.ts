import type { Payload } from '@upon/contract'
import type { Entry, Snapshot, ToLeader } from './messages'
import { copyOf, noProgress, type Progress, takeUpTo } from './progress'

/** The places of a log that may still be needed. What came before `base` is in the last snapshot, or decided by all. */
export interface Log {
  base: Progress
  last: Snapshot | undefined
  readonly entries: Map<number, Entry>
  decided: Progress
  /** The places up to this are known to be decided, by whatever comes in this epoch. */
  commit: number
}

export const emptyLog = (): Log => ({ base: noProgress(), last: undefined, entries: new Map(), decided: noProgress(), commit: 0 })

/** What is to be decided next: what the leader of this epoch has written there. That of an earlier epoch may be another batch. */
export function nextOf({ entries, decided, commit }: Log, ets: number): Entry | undefined {
  const entry = decided.place < commit ? entries.get(decided.place + 1) : undefined
  return entry?.valts === ets ? entry : undefined
}

/** Forgets the log as far as this place, and within that as far as this slot. */
export function release({ base, entries }: Log, place: number, slot = Number.POSITIVE_INFINITY): void {
  while (base.place < place) {
    const { batch } = entries.get(base.place + 1) as Entry
    if (!takeUpTo(base, batch, slot)) return
    base.place += 1
    entries.delete(base.place)
  }
}

export function compact(log: Log, slot: number, snapshot: Payload): void {
  if (slot <= (log.last?.base.slot ?? 0) || slot < log.base.slot || slot > log.decided.slot) return
  release(log, log.decided.place, slot)
  log.last = { base: copyOf(log.base), snapshot }
}

/** Takes a snapshot for all that came before it, unless that is decided here. */
export function restore(log: Log, { base, snapshot }: Snapshot): boolean {
  if (base.place <= log.decided.place) return false
  Object.assign(log, { base: copyOf(base), decided: copyOf(base), last: { base, snapshot }, commit: Math.max(log.commit, base.place) })
  for (const place of log.entries.keys()) if (place <= base.place) log.entries.delete(place)
  return true
}

/** What a leader that has decided as far as `from` must know before it writes. */
export function shownTo({ base, last, entries }: Log, from: number): ToLeader[] {
  const shown: ToLeader[] = from < base.place && last !== undefined ? [{ kind: 'SNAPSHOT', ...last }] : []
  for (const [place, entry] of [...entries].sort(([a], [b]) => a - b)) if (place > from) shown.push({ kind: 'ENTRY', place, ...entry })
  return shown
}

export function accept({ base, entries }: Log, place: number, entry: Entry): void {
  if (place > base.place) entries.set(place, entry)
}

/** The leader knows that all up to `commit` is decided, and by everybody up to `all`. */
export function learn(log: Log, commit: number, all: number): void {
  log.commit = Math.max(log.commit, commit)
  release(log, all)
}

/** Somebody has accepted this. */
export function show({ base, entries }: Log, place: number, { valts, batch }: Entry): void {
  if (place > base.place && valts > (entries.get(place)?.valts ?? -1)) entries.set(place, { valts, batch })
}

/** Makes all that is not decided the proposals of epoch `ets`, gaps too; gives the last place. */
export function adopt({ entries, decided }: Log, ets: number): number {
  const last = Math.max(decided.place, ...entries.keys())
  for (let place = decided.place + 1; place <= last; place++) entries.set(place, { valts: ets, batch: entries.get(place)?.batch ?? [] })
  return last
}
