import { misuse, type ProcessId, printable } from '@upon/contract'
import { described } from './misuse'

/** Π and its order. */
export interface Ranked {
  /** By increasing rank. */
  readonly processes: readonly ProcessId[]
  rank(p: ProcessId): number
}

/**
 * Orders processes by rank; by default, by name. So all processes that know the same names know the same order, in whatever order they list
 * them. Throws `TypeError` for invalid names or ranks, and for duplicates.
 */
export function rankProcesses(self: ProcessId, given: readonly ProcessId[], chosen?: (p: ProcessId) => number): Ranked {
  if (!Array.isArray(given)) throw misuse(`processes: expected a list of names, found ${described(given)}`)
  if (chosen !== undefined && typeof chosen !== 'function') throw misuse(`rank: expected a function of a name, found ${described(chosen)}`)
  const names = new Set<ProcessId>()
  for (const p of given as readonly ProcessId[]) {
    refuseName(p, names.has(p))
    names.add(p)
  }
  const byName = [...names].sort(byCodePoint)
  const ranks = new Map(byName.map((p, i) => [p, chosen === undefined ? i + 1 : chosen(p)]))
  if (!ranks.has(self)) throw misuse(`process ${shown(self)} is not among ${byName.map((p) => shown(p)).join(', ')}`)
  const owners = new Map<number, ProcessId>()
  for (const [p, rank] of ranks) {
    if (!Number.isSafeInteger(rank)) throw misuse(`rank of ${shown(p)}: expected a whole number, found ${rank}`)
    const owner = owners.get(rank)
    if (owner !== undefined) throw misuse(`${shown(owner)} and ${shown(p)} both have rank ${rank}: each process needs its own`)
    owners.set(rank, p)
  }
  const rank = (p: ProcessId) => ranks.get(p) ?? 0
  return { processes: byName.sort((p, q) => rank(p) - rank(q)), rank }
}

const shown = (name: unknown) => (typeof name === 'string' && name !== '' ? printable(name) : `${JSON.stringify(name)}`)

function refuseName(name: unknown, isTwice: boolean): void {
  if (typeof name !== 'string' || name === '') throw misuse(`a process needs a name: expected a text, found ${shown(name)}`)
  if (/\p{Cs}/u.test(name)) throw misuse(`process ${shown(name)}: its name has half a character, which no network carries`)
  if (isTwice) throw misuse(`process ${shown(name)} is listed twice: each process needs a name of its own`)
}

/** The order of code points, which is that of UTF-8, too. `<` compares halves of characters, and has U+10000 before U+FFFF. */
function byCodePoint(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const difference = placeOf(a.charCodeAt(i)) - placeOf(b.charCodeAt(i))
    if (difference !== 0) return difference
  }
  return a.length - b.length
}

/** Halves of characters, U+D800 to U+DFFF, stand for code points above all others. */
const placeOf = (unit: number): number => (unit >= 0xd800 && unit < 0xe000 ? unit + 0x10000 : unit)
