import { createServer, type Server, type Socket } from 'node:net'
import type { Address } from '../../address'
import { ListenError } from '../../listen-error'
import { Incoming, type IncomingContext } from './incoming'

const BACKLOG = 1_024

/** The listening socket and its incoming connections. */
export class Acceptor {
  readonly #server: Server
  readonly #context: IncomingContext
  readonly #connections = new Set<Incoming>()

  constructor(context: Omit<IncomingContext, 'onClosed'>) {
    this.#context = { ...context, onClosed: (incoming) => this.#closed(incoming) }
    this.#server = createServer({ allowHalfOpen: true }, (socket) => this.#accept(socket))
  }

  /** Resolves with the address in use. Rejects with `ListenError`. */
  listen(address: Address): Promise<Address> {
    return new Promise((resolve, reject) => {
      const refuse = (error: NodeJS.ErrnoException) => reject(new ListenError(error.code, address, error))
      this.#server.once('error', refuse)
      this.#server.listen({ host: address.host, port: address.port, backlog: BACKLOG, exclusive: true }, () => {
        this.#server.off('error', refuse)
        this.#server.on('error', (error: NodeJS.ErrnoException) => this.#acceptFailed(error))
        const bound = this.#server.address()
        resolve({ host: address.host, port: typeof bound === 'object' && bound !== null ? bound.port : address.port })
      })
    })
  }

  /** Closes the kept connections from the process that listens at that address. */
  disconnect({ host, port }: Address): void {
    for (const incoming of this.#connections) {
      const { peer } = incoming.from
      if (peer !== undefined && peer.host === host && peer.port === port) incoming.close()
    }
  }

  /** Closes all kept connections. */
  disconnectKept(): void {
    for (const incoming of this.#connections) if (incoming.kept) incoming.close()
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve())
      for (const incoming of this.#connections) incoming.close()
    })
  }

  #accept(socket: Socket): void {
    const { counters, limits } = this.#context
    counters.connections.accepted++
    if (this.#connections.size >= limits.connections && this.#makeRoom() === 'none') {
      counters.connections.evicted++
      socket.destroy()
      return
    }
    this.#connections.add(new Incoming(socket, this.#context))
    counters.connections.open = this.#connections.size
  }

  #closed(incoming: Incoming): void {
    this.#connections.delete(incoming)
    this.#context.counters.connections.open = this.#connections.size
  }

  /**
   * Closes the connection without a complete frame for the longest time. Closes a kept one, which may be idle, only if there are no others, and
   * never one of our own peers: it would come back and evict the next.
   */
  #makeRoom(): 'made' | 'none' {
    const { counters, limits, say, reception } = this.#context
    let victim: Incoming | undefined
    for (const incoming of this.#connections) {
      const { peer } = incoming.from
      if (peer !== undefined && reception.isPeer(peer)) continue
      if (victim === undefined || (incoming.kept ? 1 : 0) < (victim.kept ? 1 : 0)) victim = incoming
      else if (incoming.kept === victim.kept && incoming.lastFrameAt < victim.lastFrameAt) victim = incoming
    }
    if (victim === undefined) {
      say('warn', 'too many connections, all of them kept by peers: a new one is closed', { limit: limits.connections })
      return 'none'
    }
    counters.connections.evicted++
    say('warn', 'too many connections: the longest idle one is closed', { limit: limits.connections, ...victim.from })
    victim.close()
    return 'made'
  }

  #acceptFailed(error: NodeJS.ErrnoException): void {
    this.#context.counters.connections.acceptFailed++
    this.#context.say('warn', 'cannot accept a connection', { code: error.code, reason: error.message })
    if (this.#connections.size > 0) this.#makeRoom()
  }
}
