import { printable } from '@upon/contract'
import { type Address, formatAddress } from '../../address'
import type { Log } from '../../limited-log'
import type { EndpointCounters } from '../counters'
import type { Hello, Introduction, Refusal, RefusalCode } from './preamble'
import type { Session, Sessions } from './sessions'

/** What a process announces when it opens a kept connection, or answers one. */
export interface Greeting {
  /** Where it listens: as it announces, if it opens; the address that we connected to, if it answers. Not verified. */
  readonly address: Address
  /** 32 hexadecimal digits, different for each start of an endpoint. */
  readonly incarnation: string
  /** What its `hello` returned. */
  readonly payload: Uint8Array
}

/** The decision of the layer above about a greeting: a refusal with its reason, or which peer this is. */
export type Verdict = { readonly refuse: string } | { readonly peer: Address }

/** A process that we send to, as the receiver of its hello sees it. */
export interface KnownPeer {
  /** Why that incarnation of it is refused. */
  objection(incarnation: string): string | undefined
  /** That incarnation of it is there now. Returns whether it was another one before. */
  seen(incarnation: string): boolean
}

export interface ReceptionContext {
  readonly introduction: Introduction
  /** `one`: another incarnation is refused. */
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

/** Decides which kept connections are accepted, and gives the others the reason. */
export class Reception {
  readonly #context: ReceptionContext

  constructor(context: ReceptionContext) {
    this.#context = context
  }

  /** What an answer says about this process. */
  get introduction(): Introduction {
    return this.#context.introduction
  }

  get sessions(): Sessions {
    return this.#context.sessions
  }

  /** Whether one of our own peers is at that address. Where there is no room for all connections, others are closed first. */
  isPeer(address: Address): boolean {
    return this.#context.peerAt(address) !== undefined
  }

  /** @param address where the opener listens; a wildcard host is replaced by that of the connection */
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
    if (known?.seen(incarnation)) sessions.replaced(owner)
    const session = sessions.resume(id, hello.dropped, owner)
    session.connection = hello.connection
    return { peer: verdict.peer, session }
  }

  #objection(hello: Hello, known: KnownPeer | undefined): [RefusalCode, string] | undefined {
    const { introduction, incarnations, sessions } = this.#context
    const own = introduction.incarnation
    const { expected, incarnation } = hello
    if (expected !== undefined && expected !== own && incarnations === 'one')
      return ['replaced', 'this is a different incarnation from the one before']
    const objection = known?.objection(incarnation)
    if (objection !== undefined) return ['given-up', objection]
    if (expected === own && hello.doubtful && sessions.get(hello.session) === undefined)
      return ['forgotten', 'the state of this session is no longer known']
    return undefined
  }

  #refuse(code: RefusalCode, text: string, peer: Address): Refusal {
    const { counters, say } = this.#context
    counters.connections.refusedHere++
    say('warn', 'connection refused', { peer: formatAddress(peer), code, reason: printable(text, 1_000) })
    return { code, text }
  }
}
