import { randomUUID } from 'node:crypto'
import { printable } from '@upon/contract'
import type { Address, TcpEndpoint } from '@upon/links/tcp'
import { APP, consensusPath, encode, type Message, Type, toValue, UPON_VERSION, wrap } from '@upon/protocol'
import type { Value } from './app'
import type { Identity } from './members'
import type { Reports } from './system'

const HUB_LINK = 'app.pl'
const LIMIT_REFUSAL = 500

/** Our side of the conversation with the hub: registers us, and reports what the hub asked for. */
export class HubLink {
  /** Nothing has come from the hub yet, and what we sent it may still be under way. */
  #heard = false
  readonly #incarnation = randomUUID()

  constructor(
    readonly address: Address,
    readonly endpoint: TcpEndpoint,
    readonly identity: Identity,
    readonly mark: 'kept' | 'classic',
  ) {}

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

  /** The hub has said something, or has connected to us: it has our registration. */
  heard(): void {
    this.#heard = true
  }

  /** Whether the hub has had our registration: if it goes away and another one comes, that has not. */
  get wasHeard(): boolean {
    return this.#heard
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
