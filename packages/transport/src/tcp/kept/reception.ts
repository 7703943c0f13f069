import { printable } from '@upon/contract'
import { type Address, formatAddress } from '../../address'
import type { Log } from '../../limited-log'
import type { EndpointCounters } from '../counters'
import type { Hello, Introduction, Refusal, RefusalCode } from './preamble'
import type { Session, Sessions } from './sessions'

/** What a process says of itself when it opens a kept connection, or answers one. */
export interface Greeting {
  /** Where it listens: as it says, when it opens; as we called it, when it answers. Not verified. */
  readonly address: Address
  /** 32 hexadecimal digits, others at each start of an endpoint. */
  readonly incarnation: string
  /** What its `hello` gave. */
  readonly payload: Uint8Array
}

/** What the layer above makes of a greeting: no, and why; or which of the peers this is. */
export type Verdict = { readonly refuse: string } | { readonly peer: Address }

/** A process that we send to, for who receives its hello. */
export interface KnownPeer {
  /** Why it is not welcome as that incarnation. */
  objection(incarnation: string): string | undefined
  /** It is there now, as that incarnation. Says whether it was another one before. */
  met(incarnation: string): boolean
}

export interface ReceptionContext {
  readonly introduction: Introduction
  /** `one`: a process that comes back is refused. */
  readonly incarnations: 'one' | 'any'
  readonly sessions: Sessions
  readonly counters: EndpointCounters
  readonly say: Log
  judge(greeting: Greeting): Verdict
  peerAt(address: Address): KnownPeer | undefined
}

export interface Welcome {
  readonly peer: Address
  readonly session: Session
}

/** Decides which kept connections are taken, and says to the others why not. */
export class Reception {
  readonly #context: ReceptionContext

  constructor(context: ReceptionContext) {
    this.#context = context
  }

  /** Who we are, for an answer. */
  get introduction(): Introduction {
    return this.#context.introduction
  }

  get sessions(): Sessions {
    return this.#context.sessions
  }

  /** Whether one of our own peers is there, so that others are closed before it where there is no room for all. */
  isPeer(address: Address): boolean {
    return this.#context.peerAt(address) !== undefined
  }

  /** @param address where the opener listens, its wildcard replaced */
  receive(hello: Hello, address: Address): Welcome | Refusal | 'stale' {
    const { judge, peerAt, sessions } = this.#context
    const { session: id, incarnation, payload } = hello
    if ((sessions.get(id)?.connection ?? -1) >= hello.connection) return 'stale'
    const verdict = judge({ address, incarnation, payload })
    if ('refuse' in verdict) return this.#refuse('differs', verdict.refuse, address)
    const known = peerAt(verdict.peer)
    const refusal = this.#objection(hello, known)
    if (refusal !== undefined) return this.#refuse(...refusal, verdict.peer)
    const owner = { incarnation, peer: formatAddress(verdict.peer) }
    if (known?.met(incarnation)) sessions.replaced(owner)
    const session = sessions.resume(id, hello.dropped, owner)
    session.connection = hello.connection
    return { peer: verdict.peer, session }
  }

  #objection(hello: Hello, known: KnownPeer | undefined): [RefusalCode, string] | undefined {
    const { introduction, incarnations, sessions } = this.#context
    const own = introduction.incarnation
    const { expected, incarnation } = hello
    if (expected !== undefined && expected !== own && incarnations === 'one')
      return ['replaced', 'this is another incarnation than the one that was here']
    const objection = known?.objection(incarnation)
    if (objection !== undefined) return ['given-up', objection]
    if (expected === own && hello.doubtful && sessions.get(hello.session) === undefined)
      return ['forgotten', 'what was taken of this session is no longer known']
    return undefined
  }

  #refuse(code: RefusalCode, text: string, peer: Address): Refusal {
    const { counters, say } = this.#context
    counters.connections.refusedHere++
    say('warn', 'connection refused', { peer: formatAddress(peer), code, reason: printable(text, 1_000) })
    return { code, text }
  }
}
