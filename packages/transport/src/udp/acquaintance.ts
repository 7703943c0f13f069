import { type ProcessId, printable } from '@upon/contract'
import { decodeMembership, difference, encodeMembership, type Membership } from '../membership'
import type { Datagram, Header } from './datagram'

/** Why a peer is refused: its greeting is invalid, its membership differs, or it is another incarnation. */
export type StrangerReason = 'no-greeting' | 'membership' | 'incarnation'

/** What happens to a datagram: it is accepted (`take`), it has arrived before the greeting of its sender (`early`), or it is refused. */
export interface Verdict {
  readonly outcome: 'take' | 'early' | StrangerReason
  readonly why?: string
  /** Whether to send the peer now what we know about it. */
  readonly answer: boolean
}

/** How often to try, and to answer, a peer that is refused; and how often to answer one that sends greetings. */
const REFUSED_EVERY_MS = 1_000
const ANSWER_EVERY_MS = 5
/** How many past incarnations of a process are remembered. */
const PAST_LIMIT = 1_000

const NO_GREETING = new Uint8Array(0)
const TAKE: Verdict = { outcome: 'take', answer: false }

/** The number that stands for an incarnation in datagrams; never 0. */
const shortOf = (incarnation: string) => Number.parseInt(incarnation.slice(0, 12), 16) || 1

/**
 * What a process knows about one other: whether their memberships agree, and its current incarnation. Nothing is accepted from a process before
 * its greeting; a process sends its greeting with each message until it learns that the other knows it. If processes do not recover, the first
 * incarnation that sends a greeting is the only one, and any other is refused.
 */
export class Acquaintance {
  readonly #peer: ProcessId
  readonly #mine: Membership
  readonly #own: number
  readonly #recovers: boolean
  readonly #greeting: Uint8Array
  readonly #past = new Set<number>()
  /** The current incarnation of the peer, or 0. */
  #theirs = 0
  #isKnown = false
  #refusal: string | undefined
  /** When it was last answered, refused, and tried although it is refused. */
  #answeredAtMs = Number.NEGATIVE_INFINITY
  #refusedAtMs = Number.NEGATIVE_INFINITY
  #triedAtMs = Number.NEGATIVE_INFINITY

  constructor(peer: ProcessId, mine: Membership, recovers: boolean) {
    this.#peer = peer
    this.#mine = mine
    this.#own = shortOf(mine.incarnation)
    this.#recovers = recovers
    this.#greeting = encodeMembership(mine)
    if (peer !== mine.self) return
    this.#theirs = this.#own
    this.#isKnown = true
  }

  /** The header for the next message to the peer, or why none is sent. A refused peer is tried from time to time. */
  header(nowMs: number): Header | string {
    if (this.#refusal !== undefined) {
      if (nowMs - this.#triedAtMs < REFUSED_EVERY_MS) return this.#refusal
      this.#triedAtMs = nowMs
    }
    return this.#header()
  }

  #header(): Header {
    return { from: this.#own, to: this.#theirs, greeting: this.#isKnown ? NO_GREETING : this.#greeting }
  }

  /** The header of an answer that shows the peer what we know about it. */
  get answer(): Header {
    return this.#header()
  }

  judge(datagram: Datagram, nowMs: number): Verdict {
    const { from, to, greeting, path } = datagram
    if (from === this.#theirs && to === this.#own && greeting.length === 0) return this.#take(true)
    const wasRefused = this.#refusal !== undefined
    const { outcome, why } = this.#meet(datagram)
    if (!wasRefused) this.#triedAtMs = nowMs
    if (outcome === 'take') return { outcome, answer: greeting.length > 0 && this.#mayAnswer(nowMs) }
    if (outcome === 'early') return { outcome, answer: path !== '' && this.#mayAnswer(nowMs) }
    return { outcome, answer: path !== '' && this.#mayRefuse(nowMs), ...(why !== undefined && { why }) }
  }

  #mayAnswer(nowMs: number): boolean {
    if (nowMs - this.#answeredAtMs < ANSWER_EVERY_MS) return false
    this.#answeredAtMs = nowMs
    return true
  }

  #mayRefuse(nowMs: number): boolean {
    if (nowMs - this.#refusedAtMs < REFUSED_EVERY_MS) return false
    this.#refusedAtMs = nowMs
    return true
  }

  #take(knowsUs: boolean): Verdict {
    this.#isKnown = knowsUs
    this.#refusal = undefined
    return TAKE
  }

  #meet({ from, to, greeting }: Datagram): Omit<Verdict, 'answer'> {
    if (to !== 0 && to !== this.#own && !this.#recovers) {
      this.#isKnown = false
      return this.#refuse(
        'incarnation',
        `${printable(this.#peer)} knows an earlier start of this process: a crashed process must not come back`,
      )
    }
    if (from !== this.#theirs) {
      const other = this.#theirs !== 0 && (!this.#recovers || this.#past.has(from))
      if (other) return { outcome: 'incarnation', why: `${printable(this.#peer)} was started again: a crashed process must not come back` }
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
