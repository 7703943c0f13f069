import type { Address, TcpEndpoint } from '@upon/links/tcp'
import { consensusPath, encode, type Message, registerPath, Type, toValue, UPON_VERSION, wrap } from '@upon/protocol'
import type { Value } from './app'
import type { Identity } from './members'
import type { Reports } from './system'

const HUB_LINK = 'app.pl'

/** Our side of the conversation with the hub: registers us, and reports what the hub asked for. */
export class HubLink {
  /** Nothing has come from the hub yet, and what we sent it may still be under way. */
  #heard = false

  constructor(
    readonly address: Address,
    readonly endpoint: TcpEndpoint,
    readonly identity: Identity,
    readonly mark: 'kept' | 'classic',
  ) {}

  register(): void {
    const { owner, index } = this.identity
    this.#send('', { type: Type.PROC_REGISTRATION, FromAbstractionId: 'app', ToAbstractionId: 'app', procRegistration: { owner, index } })
  }

  /** The hub has said something, or has connected to us: it has our registration. */
  heard(): void {
    this.#heard = true
  }

  /** The hub answers again. If it had heard of us before, it is a new one that has not: then we register with it, too. */
  up(): void {
    if (this.#heard) this.register()
  }

  /** Reports for one system. */
  reports(systemId: string): Reports {
    const value = (v: Value) => ({ value: toValue(v) })
    const report = (from: string, message: Message) => this.#send(systemId, { ...message, FromAbstractionId: from, ToAbstractionId: 'hub' })
    return {
      delivered: (v) => report('app', { type: Type.APP_VALUE, appValue: value(v) }),
      writeReturned: (register) => report(registerPath(register), { type: Type.APP_WRITE_RETURN, appWriteReturn: { register } }),
      readReturned: (register, v) =>
        report(registerPath(register), { type: Type.APP_READ_RETURN, appReadReturn: { register, ...value(v) } }),
      decided: (topic, v) => report(consensusPath(topic), { type: Type.APP_DECIDE, appDecide: value(v) }),
    }
  }

  #send(systemId: string, message: Message): void {
    const { host, port } = this.identity.address
    const upon = this.mark === 'kept' ? UPON_VERSION : undefined
    const wrapped = wrap({ systemId, to: HUB_LINK, senderHost: host, senderListeningPort: port, message, upon })
    this.endpoint.send(this.address, encode(wrapped))
  }
}
