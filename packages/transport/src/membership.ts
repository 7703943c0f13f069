import { type Attached, type ProcessId, printable } from '@upon/contract'

/** What two processes exchange before anything else. Plain data: a reader skips unknown fields of later versions. */
export interface Membership {
  readonly version: number
  /** The oldest version that the sender understands. Two processes can communicate when neither is older than the other requires. */
  readonly oldest: number
  readonly self: ProcessId
  /** A digest of all names and ranks. It protects against mistakes, not against attackers. */
  readonly digest: string
  /** The number of processes. */
  readonly size: number
  /** Names and ranks in the order of ranks; only the first ones of a large membership. */
  readonly processes: readonly (readonly [name: ProcessId, rank: number])[]
  /** Different for each start of a process. */
  readonly incarnation: string
  /** What else must be equal at both ends, such as limits and codecs. */
  readonly terms: Readonly<Record<string, string | number>>
}

const VERSION = 1
const OLDEST = 1
/** The most bytes for names, so that a greeting and a message fit into a small datagram. */
const NAMES_BYTES = 512
const HELLO_BYTES_LIMIT = 16_384
const LISTED_LIMIT = 10

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true })

/** The membership of `process`; without `rank`, ranks are 1 to N. */
export function describeMembership(process: Attached, incarnation: string = newIncarnation(), terms: Membership['terms'] = {}): Membership {
  const { self, processes } = process
  const ranked = processes.map((p, i): readonly [ProcessId, number] => [p, process.rank?.(p) ?? i + 1])
  const first = firstNames(ranked)
  return { version: VERSION, oldest: OLDEST, self, digest: digestOf(ranked), size: ranked.length, processes: first, incarnation, terms }
}

/** 64 random bits in hexadecimal. */
export function newIncarnation(): string {
  const numbers = crypto.getRandomValues(new Uint32Array(2))
  return [...numbers].map((n) => n.toString(16).padStart(8, '0')).join('')
}

export const encodeMembership = (membership: Membership): Uint8Array => encoder.encode(JSON.stringify(membership))

/** `undefined` for bytes that are not a membership of any version. */
export function decodeMembership(bytes: Uint8Array): Membership | undefined {
  if (bytes.length > HELLO_BYTES_LIMIT) return undefined
  try {
    return read(JSON.parse(decoder.decode(bytes)) as Record<string, unknown>)
  } catch {
    return undefined
  }
}

/** Why two processes must not communicate; `undefined` if they may. */
export function difference(mine: Membership, theirs: Membership): string | undefined {
  const they = printable(theirs.self)
  if (theirs.oldest > mine.version) return `${they} needs version ${theirs.oldest} of the protocol; here it is ${mine.version}`
  if (theirs.version < mine.oldest) return `${they} has version ${theirs.version} of the protocol; here at least ${mine.oldest} is needed`
  if (theirs.self === mine.self) return `both are called ${they}: each process needs a name of its own`
  return namesDiffer(mine, theirs) ?? termsDiffer(mine, theirs)
}

function namesDiffer(mine: Membership, theirs: Membership): string | undefined {
  if (theirs.digest === mine.digest && theirs.size === mine.size) return undefined
  const they = printable(theirs.self)
  const here = new Map(mine.processes)
  const there = new Map(theirs.processes)
  const isWhole = here.size === mine.size && there.size === theirs.size
  const isSameSet = isWhole && here.size === there.size && [...here.keys()].every((p) => there.has(p))
  if (isWhole && !isSameSet) return `${they} lists ${list(theirs)}; here ${list(mine)}`
  if (theirs.size !== mine.size) return `${they} lists ${theirs.size} processes, ${list(theirs)}; here ${mine.size}, ${list(mine)}`
  const moved = [...here].filter(([p, rank]) => there.has(p) && there.get(p) !== rank)
  const [[p = '', rank = 0] = [], [q = '', next = 0] = []] = moved
  const isSwap = moved.length === 2 && there.get(q) === rank && there.get(p) === next
  if (isSameSet && isSwap) return `ranks of ${printable(p)} and ${printable(q)} are swapped at ${they}`
  if (moved.length > 0) return `the rank of ${printable(p)} is ${there.get(p)} at ${they}; here ${rank}`
  const other = mine.processes.findIndex(([p], i) => theirs.processes[i]?.[0] !== p)
  const [[ours = ''] = [], [its = ''] = []] = [mine.processes[other], theirs.processes[other]]
  return other === -1
    ? `names or ranks of ${they} are others than here`
    : `${they} lists ${printable(its)} where here is ${printable(ours)}`
}

function termsDiffer(mine: Membership, theirs: Membership): string | undefined {
  const name = Object.keys(mine.terms).find((each) => Object.hasOwn(theirs.terms, each) && theirs.terms[each] !== mine.terms[each])
  if (name === undefined) return undefined
  return `${name} is ${printable(String(theirs.terms[name]))} at ${printable(theirs.self)}; here ${mine.terms[name]}`
}

function list({ processes, size }: Membership): string {
  const names = processes.slice(0, LISTED_LIMIT).map(([p]) => printable(p))
  return size > names.length ? `${names.join(', ')} and ${size - names.length} more` : names.join(', ')
}

function firstNames(ranked: Membership['processes']): Membership['processes'] {
  let bytes = 0
  const tooMuch = ranked.findIndex((each) => {
    bytes += encoder.encode(JSON.stringify(each)).length + 1
    return bytes > NAMES_BYTES
  })
  return tooMuch === -1 ? ranked : ranked.slice(0, tooMuch)
}

/** 64 bits in hexadecimal, from two multiplicative hashes. */
function digestOf(ranked: Membership['processes']): string {
  let a = 0xdeadbeef
  let b = 0x41c6ce57
  for (const byte of encoder.encode(JSON.stringify(ranked))) {
    a = Math.imul(a ^ byte, 0x9e3779b1)
    b = Math.imul(b ^ byte, 0x5f356495)
  }
  a = Math.imul(a ^ (a >>> 16), 0x85ebca6b) ^ Math.imul(b ^ (b >>> 13), 0xc2b2ae35)
  b = Math.imul(b ^ (b >>> 16), 0x85ebca6b) ^ Math.imul(a ^ (a >>> 13), 0xc2b2ae35)
  return [a, b].map((n) => (n >>> 0).toString(16).padStart(8, '0')).join('')
}

function read(found: Record<string, unknown>): Membership | undefined {
  const { version, oldest, self, digest, size, processes, incarnation, terms } = found
  const entries = (list: unknown, isRight: (entry: unknown) => boolean) => Array.isArray(list) && list.every(isRight)
  const numbers = [version, oldest, size].every((n) => Number.isSafeInteger(n) && (n as number) >= 0)
  const texts = [self, digest, incarnation].every((text) => typeof text === 'string')
  if (!numbers || !texts || typeof terms !== 'object' || terms === null) return undefined
  if (!entries(processes, (each) => Array.isArray(each) && typeof each[0] === 'string' && typeof each[1] === 'number')) return undefined
  if (!entries(Object.values(terms), (each) => typeof each === 'string' || typeof each === 'number')) return undefined
  return { version, oldest, self, digest, size, processes, incarnation, terms } as Membership
}
