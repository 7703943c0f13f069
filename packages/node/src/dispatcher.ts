import { decode, ProtocolError, Type, typeName, type Unwrapped, unwrap } from '@upon/protocol'
import type { Address, FrameOrigin } from '@upon/transport/tcp'
import { carryOut, isCommand, isHubs } from './commands'
import { type GlanceHost, refusedAtAGlance } from './glance'
import type { HubLink } from './hub-link'
import { HOLD_MS, LimitError } from './limits'
import type { Log } from './log'
import type { Identity } from './members'
import type { RefusalLog, Refusals } from './refusals'
import type { System } from './system'
import type { Systems } from './systems'
import { UnknownSystems } from './unknown-systems'
import { MeaningError } from './wire'

export interface DispatcherContext {
  readonly identity: Identity
  readonly log: Log
  readonly refusals: RefusalLog
  readonly hub: HubLink
  readonly systems: Systems
  /** The process at that address has shown that it is ours. */
  learn(address: Address): void
}

/** Hands what comes in to whom it is for: a system, or the node's own dealings with the hub. What it cannot use is refused. */
export class Dispatcher {
  readonly #unknown: UnknownSystems<{ readonly message: Unwrapped; readonly from: FrameOrigin }>

  constructor(private readonly context: DispatcherContext) {
    this.#unknown = new UnknownSystems((systemId, messages) => {
      const why = `no such system was started within ${HOLD_MS} ms: its messages are dropped`
      context.refusals.refuse('unknownSystem', why, { systemId, messages }, messages)
    })
  }

  /** Another hub may be there: names of destroyed systems may return. */
  forgetDestroyed(): void {
    this.#unknown.forgetDestroyed()
  }

  stop(): void {
    this.#unknown.clear()
  }

  take(body: Uint8Array, from: FrameOrigin): void {
    const { refusals } = this.context
    const reason = refusals.isFlooded ? refusedAtAGlance(body, from, this.#glance) : undefined
    if (reason !== undefined && refusals.leavesOut(reason)) return
    try {
      this.#dispatch(unwrap(decode(body)), from, body.length)
    } catch (error) {
      if (error instanceof ProtocolError) this.#refuse('malformed', error.message, { ...from })
      else throw error
    }
  }

  #dispatch(message: Unwrapped, from: FrameOrigin, bytes: number): void {
    const { inner, systemId } = message
    if (isHubs(message) && !this.#obeys(message, from)) return
    if (inner.type === Type.PROC_REGISTRATION && systemId === '') this.#registered(message, from)
    else if (inner.type === Type.PROC_DESTROY_SYSTEM) this.#destroy(systemId)
    else if (inner.type === Type.PROC_INITIALIZE_SYSTEM) this.#initialize(systemId, message)
    else {
      const system = this.context.systems.get(systemId)
      if (system === undefined) this.#hold(message, from, bytes)
      else this.#deliver(system, message, from)
    }
  }

  /** What only the hub may say is taken from the hub's address only, and from the start of the hub that we know of last. */
  #obeys(message: Unwrapped, from: FrameOrigin): boolean {
    const details = () => ({ systemId: message.systemId, ...from })
    if (!this.context.hub.isSender(message, from)) {
      this.#refuse('unauthorised', `${typeName(message.inner.type)} comes from the hub only`, details())
      return false
    }
    const start = this.context.hub.heard(message)
    if (start === 'past') this.#refuse('unauthorised', 'from a hub that another one has replaced', details())
    if (start === 'another') this.context.systems.endAll()
    return start !== 'past'
  }

  /** A hub of ours answers a registration with the same, and says which start of it this is, or why it refuses us. */
  #registered(message: Unwrapped, from: FrameOrigin): void {
    const { refusal, procRegistration } = message.inner
    const { owner, index } = this.context.identity
    if (procRegistration?.owner !== owner || procRegistration.index !== index)
      this.#refuse('unauthorised', 'a registration is for the hub', { ...from })
    else if (refusal === undefined) this.context.log.debug({}, 'registered')
    else this.context.log.error({ reason: refusal }, 'the hub refuses our registration')
  }

  #deliver(system: System, message: Unwrapped, from: FrameOrigin): void {
    const { inner, to } = message
    try {
      if (isCommand(inner)) {
        carryOut(system, inner)
        return
      }
      const member = system.members.sender(message.senderHost, message.senderListeningPort, from.remoteAddress)
      if (member === undefined) {
        const sender = `${message.senderHost}:${message.senderListeningPort}`
        this.#refuse('unauthorised', 'the sender is not in the system', {
          systemId: system.id,
          sender,
          to,
          ...from,
        })
        return
      }
      if (message.upon > 0) this.context.learn(member.address)
      system.receive(member, to, inner)
    } catch (error) {
      if (!(error instanceof MeaningError || error instanceof LimitError)) throw error
      const reason = error instanceof LimitError ? 'overLimit' : 'meaningless'
      this.#refuse(reason, error.message, { systemId: system.id, to, type: typeName(inner.type), ...from })
      if (isCommand(inner) && message.upon > 0) this.context.hub.refuse(system.id, inner, error.message)
    }
  }

  #initialize(systemId: string, message: Unwrapped): void {
    const system = this.context.systems.initialize(systemId, message)
    if (system === undefined) return
    for (const held of this.#unknown.take(systemId)) this.#deliver(system, held.message, held.from)
  }

  #destroy(systemId: string): void {
    this.#unknown.take(systemId)
    this.#unknown.destroyed(systemId)
    this.context.systems.end(systemId)
  }

  #hold(message: Unwrapped, from: FrameOrigin, bytes: number): void {
    const { systemId, to, inner } = message
    const details = () => ({ systemId, to, type: typeName(inner.type), ...from })
    switch (this.#unknown.hold(systemId, { message, from }, bytes)) {
      case 'first':
        this.context.log.debug(details(), `no such system: its messages are kept for ${HOLD_MS} ms, in case it is about to start`)
        break
      case 'destroyed':
        this.context.refusals.counts.unknownSystem++
        if (this.context.log.isLevelEnabled('debug')) this.context.log.debug(details(), 'the system was destroyed: message dropped')
        break
      case 'full':
        this.#refuse('unknownSystem', 'no such system, and too many messages are kept already: dropped', details())
    }
  }

  readonly #glance: GlanceHost = {
    members: (systemId) => this.context.systems.get(systemId)?.members,
    isHub: (sender, from) => this.context.hub.isSender(sender, from),
    isFull: (systemId, bytes) => this.#unknown.isFull(systemId, bytes),
  }

  #refuse(reason: keyof Refusals, message: string, details: object): void {
    this.context.refusals.refuse(reason, message, details)
  }
}
