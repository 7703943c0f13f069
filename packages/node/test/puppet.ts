import { decode, encode, type Message, type Type, typeName, type Unwrapped, UPON_VERSION, unwrap, wrap } from '@upon/protocol'
import { type Address, type EndpointOptions, TcpEndpoint } from '@upon/transport/tcp'
import { onTestFinished } from 'vitest'

/** A message to be sent over a perfect link. */
export interface Sending {
  readonly systemId?: string
  /** The perfect link; `app.pl` by default. */
  readonly to?: string
  readonly message: Message
  /** Whom to pretend to be; ourselves by default. */
  readonly host?: string
  readonly port?: number
}

/** A process, or a hub, without a mind of its own: it sends what the test says, and keeps what comes. */
export class Puppet {
  readonly received: Unwrapped[] = []
  /** What to do with each message that comes, at once. */
  react: (message: Unwrapped) => void = () => {}
  /** While there is one, it takes nothing more off the network than what comes with the message at hand. */
  jam: Promise<void> | undefined
  readonly #waiting = new Set<() => void>()
  #endpoint!: TcpEndpoint

  /** `kept`: it says that it keeps connections, and does; `classic`: it is like a foreign process. */
  static async listen(how: 'kept' | 'classic', options: Partial<EndpointOptions> = {}): Promise<Puppet> {
    const puppet = new Puppet(how)
    puppet.#endpoint = await TcpEndpoint.listen({
      host: '127.0.0.1',
      port: 0,
      connections: how,
      ...options,
      onFrame: (body) => {
        puppet.#take(unwrap(decode(body)))
        return puppet.jam
      },
    })
    onTestFinished(() => puppet.stop())
    return puppet
  }

  private constructor(readonly how: 'kept' | 'classic') {}

  get address(): Address {
    return this.#endpoint.address
  }

  stop(): Promise<void> {
    return this.#endpoint.close()
  }

  send(to: Address, sending: Sending): void {
    this.sendBytes(to, this.bytes(sending))
  }

  sendBytes(to: Address, body: Uint8Array): void {
    if (this.how === 'kept') this.#endpoint.upgrade(to)
    this.#endpoint.send(to, body)
  }

  /** The encoded message, without a frame's header. */
  bytes({ systemId = 'sys-1', to = 'app.pl', message, host = this.address.host, port = this.address.port }: Sending): Uint8Array {
    const upon = this.how === 'kept' ? UPON_VERSION : undefined
    return encode(wrap({ systemId, to, senderHost: host, senderListeningPort: port, message, upon }))
  }

  /** The messages of a type that have come, over a link if given. */
  of(type: Type, link?: string): Unwrapped[] {
    return this.received.filter(({ inner, to }) => inner.type === type && (link === undefined || to === link))
  }

  /** Resolves with the messages of a type once there are so many. */
  async collect(type: Type, count: number, link?: string): Promise<Unwrapped[]> {
    await this.until(`${count} ${typeName(type)}`, () => this.of(type, link).length >= count)
    return this.of(type, link)
  }

  /** Resolves when the condition holds; it is looked at after each message. */
  until(what: string, condition: () => boolean, patienceMs = 25_000): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = () => {
        if (condition()) settle(resolve)
      }
      const settle = (end: () => void) => {
        clearTimeout(timer)
        this.#waiting.delete(look)
        end()
      }
      const timer = setTimeout(() => settle(() => reject(new Error(`in vain, for ${patienceMs} ms: ${what}`))), patienceMs)
      this.#waiting.add(look)
      look()
    })
  }

  #take(message: Unwrapped): void {
    this.received.push(message)
    this.react(message)
    for (const look of [...this.#waiting]) look()
  }
}

/** Resolves when the condition holds, which it polls: for what no event reports. */
export async function until(what: string, condition: () => boolean, patienceMs = 25_000): Promise<void> {
  const end = performance.now() + patienceMs
  while (!condition()) {
    if (performance.now() > end) throw new Error(`in vain, for ${patienceMs} ms: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}
