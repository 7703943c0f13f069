import { randomUUID } from 'node:crypto'
import { printable } from '@upon/contract'
import { APP, consensusPath, encode, type Message, Type, toValue, type Unwrapped, UPON_VERSION, wrap } from '@upon/protocol'
import type { Address, FrameOrigin, TcpEndpoint } from '@upon/transport/tcp'
import type { Value } from './app'
import { HubIdentity } from './hub-identity'
import type { Identity } from './members'
import type { Reports } from './system-options'

const HUB_LINK = 'app.pl'
const LIMIT_REFUSAL = 500

/** How often we look whether we were frozen: so much later than it should be, a look shows it. */
const LOOK_MS = 1_000
const FROZEN_MS = 1_000
/** A hub that says its incarnation is registered with each so many looks: so one that was replaced while nobody talked to it has us soon. */
const LOOKS_A_REGISTRATION = 3

/** Our side of the conversation with the hub: registers us, and reports what the hub asked for. */
export class HubLink {
  /** Nothing has come from the hub yet, and what we sent it may still be under way. */
  #heard = false
  readonly #incarnation = randomUUID()
  readonly #identity: HubIdentity
  #watching: NodeJS.Timeout | undefined

  constructor(
    readonly address: Address,
    readonly endpoint: TcpEndpoint,
    readonly identity: Identity,
    readonly mark: 'kept' | 'classic',
  ) {
    this.#identity = new HubIdentity(address)
  }

  /** Registers, and from now on does so again when another hub may be there: `onDoubt` is called before that where its messages will not say. */
  start(onDoubt: () => void): void {
    void this.#identity.resolve()
    this.register()
    let dueMs = performance.now() + LOOK_MS
    let looks = 0
    this.#watching = setInterval(() => {
      const lateMs = performance.now() - dueMs
      dueMs = performance.now() + LOOK_MS
      void this.#identity.resolve()
      if (lateMs > FROZEN_MS && this.hasRegistration) onDoubt()
      else if (++looks % LOOKS_A_REGISTRATION === 0 && this.#identity.saysItsIncarnation) this.register()
    }, LOOK_MS).unref()
  }

  stop(): void {
    clearInterval(this.#watching)
  }

  register(): void {
    const { owner, index } = this.identity
    const ids = { FromAbstractionId: APP, ToAbstractionId: APP, incarnation: this.#incarnation }
    this.#send('', { type: Type.PROC_REGISTRATION, ...ids, procRegistration: { owner, index } })
  }

  /** Tells the hub, which must speak our extensions, that we refuse a message of its, and why: nobody there waits for an answer then. */
  refuse(systemId: string, message: Message, reason: string): void {
    const ids = { messageUuid: undefined, upon: undefined, FromAbstractionId: APP, ToAbstractionId: 'hub' }
    const body = message.procInitializeSystem ? { procInitializeSystem: { processes: [] } } : {}
    this.#send(systemId, { ...message, ...ids, ...body, refusal: printable(reason, LIMIT_REFUSAL) })
  }

  /** Whether a message comes from the hub's address. */
  isSender(message: Pick<Unwrapped, 'senderHost' | 'senderListeningPort'>, from: FrameOrigin): boolean {
    return this.#identity.isSender(message, from)
  }

  /** The hub has connected to us: it has our registration. */
  connected(): void {
    this.#heard = true
    this.endpoint.upgrade(this.address)
  }

  /** The hub has said something: so it has our registration. Tells which start of it this is from. */
  heard({ inner, upon }: Unwrapped): 'same' | 'first' | 'another' | 'past' {
    this.#heard = true
    if (upon > 0) this.endpoint.upgrade(this.address)
    return this.#identity.heard(inner.incarnation)
  }

  /** Whether the hub has had our registration: if it goes away and another one comes, that one has not. */
  get hasRegistration(): boolean {
    return this.#heard || this.endpoint.counters.queues.frames === 0
  }

  /** Reports for one system. */
  reports(systemId: string): Reports {
    const value = (v: Value) => ({ value: toValue(v) })
    const report = (message: Message, from = HUB_LINK) =>
      this.#send(systemId, { FromAbstractionId: APP, ToAbstractionId: 'hub', ...message }, from)
    return {
      delivered: (v) => report({ type: Type.APP_VALUE, appValue: value(v) }),
      writeReturned: (register) => report({ type: Type.APP_WRITE_RETURN, appWriteReturn: { register } }),
      readReturned: (register, v) => report({ type: Type.APP_READ_RETURN, appReadReturn: { register, ...value(v) } }),
      // the message has no place for the topic; this is where a hub may find it
      decided: (topic, v) => report({ type: Type.APP_DECIDE, appDecide: value(v) }, consensusPath(topic)),
    }
  }

  #send(systemId: string, message: Message, from = HUB_LINK): void {
    const { host, port } = this.identity.address
    const upon = this.mark === 'kept' ? UPON_VERSION : undefined
    const wrapped = wrap({ systemId, to: HUB_LINK, from, senderHost: host, senderListeningPort: port, message, upon })
    this.endpoint.send(this.address, encode(wrapped))
  }
}
