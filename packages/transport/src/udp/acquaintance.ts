import { type ProcessId, printable } from '@upon/contract'
import { decodeMembership, difference, encodeMembership, type Membership } from '../membership'
import type { Datagram, Header } from './datagram'

/** Why a peer is not talked to: what it greets with is no greeting, it knows others than we do, or it is another start of a process. */
export type StrangerReason = 'no-greeting' | 'membership' | 'incarnation'

/** What becomes of a datagram: it is taken, comes before its sender has greeted, or is refused. */
export interface Verdict {
  readonly outcome: 'take' | 'early' | StrangerReason
  readonly why?: string
  /** Whether the peer is to be told now what we know of it. */
  readonly answer: boolean
}

/** How often a peer is tried, and told, that must not talk to us; and how often one is answered that greets. */
const REFUSED_EVERY_MS = 1_000
const ANSWER_EVERY_MS = 5
/** Starts of a process that are over, as many as are remembered. */
const PAST_LIMIT = 1_000

const NO_GREETING = new Uint8Array(0)
const TAKE: Verdict = { outcome: 'take', answer: false }

/** The number that stands for an incarnation in datagrams; never 0. */
const shortOf = (incarnation: string) => Number.parseInt(incarnation.slice(0, 12), 16) || 1

/**
 * What a process knows of one other: whether both belong together, and which start of it talks. Nothing is taken of a process that has
 * not greeted; a process greets with each message until it hears that it is known. Where processes do not recover, the first start that
 * greets is the only one for ever, and any other learns so.
 */
export class Acquaintance {
  readonly #peer: ProcessId
  readonly #mine: Membership
  readonly #own: number
  readonly #recovers: boolean
  readonly #greeting: Uint8Array
  readonly #past = new Set<number>()
  /** The start of the peer that we talk to, or 0. */
  #theirs = 0
  #knowsUs = false
  #refusal: string | undefined
  /** When it was last answered as a friend, told as a stranger, and tried although it is refused. */
  #answeredAtMs = Number.NEGATIVE_INFINITY
  #toldAtMs = Number.NEGATIVE_INFINITY
  #triedAtMs = Number.NEGATIVE_INFINITY

  constructor(peer: ProcessId, mine: Membership, recovers: boolean) {
    this.#peer = peer
    this.#mine = mine
    this.#own = shortOf(mine.incarnation)
    this.#recovers = recovers
    this.#greeting = encodeMembership(mine)
    if (peer !== mine.self) return
    this.#theirs = this.#own
    this.#knowsUs = true
  }

  /** With which header something goes to the peer, or why nothing does. One that is refused is tried once in a while. */
  header(nowMs: number): Header | string {
    if (this.#refusal !== undefined) {
      if (nowMs - this.#triedAtMs < REFUSED_EVERY_MS) return this.#refusal
      this.#triedAtMs = nowMs
    }
    return this.#header()
  }

  #header(): Header {
    return { from: this.#own, to: this.#theirs, greeting: this.#knowsUs ? NO_GREETING : this.#greeting }
  }

  /** With which header the peer is told what we know of it. */
  get answer(): Header {
    return this.#header()
  }

  judge(datagram: Datagram, nowMs: number): Verdict {
    const { from, to, greeting, path } = datagram
    if (from === this.#theirs && to === this.#own && greeting.length === 0) return this.#take(true)
    const wasRefused = this.#refusal !== undefined
    const { outcome, why } = this.#meet(datagram)
    if (!wasRefused) this.#triedAtMs = nowMs
    if (outcome === 'take') return { outcome, answer: greeting.length > 0 && this.#answers(nowMs) }
    if (outcome === 'early') return { outcome, answer: path !== '' && this.#answers(nowMs) }
    return { outcome, answer: path !== '' && this.#tells(nowMs), ...(why !== undefined && { why }) }
  }

  #answers(nowMs: number): boolean {
    if (nowMs - this.#answeredAtMs < ANSWER_EVERY_MS) return false
    this.#answeredAtMs = nowMs
    return true
  }

  #tells(nowMs: number): boolean {
    if (nowMs - this.#toldAtMs < REFUSED_EVERY_MS) return false
    this.#toldAtMs = nowMs
    return true
  }

  #take(knowsUs: boolean): Verdict {
    this.#knowsUs = knowsUs
    this.#refusal = undefined
    return TAKE
  }

  #meet({ from, to, greeting }: Datagram): Omit<Verdict, 'answer'> {
    if (to !== 0 && to !== this.#own && !this.#recovers) {
      this.#knowsUs = false
      return this.#refuse('incarnation', `${printable(this.#peer)} knows an earlier start of this process: one that has crashed stays away`)
    }
    if (from !== this.#theirs) {
      const other = this.#theirs !== 0 && (!this.#recovers || this.#past.has(from))
      if (other) return { outcome: 'incarnation', why: `${printable(this.#peer)} was started again: one that has crashed stays away` }
      if (greeting.length === 0) return { outcome: 'early' }
      const theirs = decodeMembership(greeting)
      if (theirs === undefined || shortOf(theirs.incarnation) !== from) return { outcome: 'no-greeting' }
      const differs = this.#difference(theirs)
      if (differs !== undefined) return this.#refuse('membership', differs)
      this.#know(from)
    }
    return this.#take(to === this.#own)
  }

  #difference(theirs: Membership): string | undefined {
    if (theirs.self !== this.#peer) return `it calls itself ${printable(theirs.self)}; here it is ${printable(this.#peer)}`
    return difference(this.#mine, theirs)
  }

  #know(start: number): void {
    if (this.#theirs !== 0) this.#past.add(this.#theirs)
    const [oldest] = this.#past
    if (this.#past.size > PAST_LIMIT && oldest !== undefined) this.#past.delete(oldest)
    this.#theirs = start
  }

  #refuse(outcome: StrangerReason, why: string): Omit<Verdict, 'answer'> {
    this.#refusal = why
    return { outcome, why }
  }
}
