import { randomUUID } from 'node:crypto'
import { encode, type Message, Type, typeName, UPON_VERSION, wrap } from '@upon/protocol'
import type { Address, TcpEndpoint } from '@upon/transport/tcp'
import type { Log } from '../events'
import type { RegistrationRequest } from '../processes/registry'
import type { Member } from '../system/system-port'
import { WILDCARDS } from './incoming'

/** What the hub sends. */
export class Outbox {
  readonly #incarnation = randomUUID()

  constructor(
    private readonly endpoint: () => TcpEndpoint,
    private readonly log: Log,
  ) {}

  command(member: Member, systemId: string, message: Message): void {
    this.log('debug', `${systemId} sent ${typeName(message.type)} to ${member.name}`)
    this.#send(member, systemId, message)
  }

  /** Says what came of a registration; only processes of ours take such a reply. */
  reply({ owner, index, host, port }: RegistrationRequest, refusal: string | undefined): void {
    this.#send({ host, port }, '', { type: Type.PROC_REGISTRATION, procRegistration: { owner, index }, refusal })
  }

  #send(to: Address, systemId: string, message: Message): void {
    const endpoint = this.endpoint()
    const { host, port } = endpoint.address
    const wrapped = wrap({
      ...{ systemId, to: 'app.pl', senderHost: WILDCARDS.has(host) ? '' : host, senderListeningPort: port, upon: UPON_VERSION },
      message: { ...message, FromAbstractionId: 'hub', ToAbstractionId: 'app', incarnation: this.#incarnation },
    })
    endpoint.send(to, encode(wrapped))
  }
}
