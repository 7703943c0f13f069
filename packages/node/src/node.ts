import type { LimitedLog } from '@upon/transport'
import { type Address, type FrameOrigin, TcpEndpoint } from '@upon/transport/tcp'
import { Dispatcher } from './dispatcher'
import { HubLink } from './hub-link'
import { type LimitedLevel, type Log, limited, silentLog } from './log'
import { addressKey } from './members'
import type { NodeOptions } from './node-options'
import { OurKind } from './our-kind'
import { type RecordingCounts, Recordings } from './recording/recordings'
import { RefusalLog, type Refusals } from './refusals'
import { safeLog } from './safe-log'
import type { System } from './system'
import type { Wires } from './system-links'
import { Systems } from './systems'

/** Starts a process for the hub: it listens, registers, and takes part in every system that the hub starts. Rejects if it cannot listen at the address. */
export async function createNode(options: NodeOptions): Promise<Node> {
  const log = safeLog(options.log ?? silentLog)
  const node: Node = new Node(
    { ...options, log },
    await TcpEndpoint.listen({
      host: options.host,
      port: options.port,
      connections: options.connections ?? 'kept',
      ...(options.limits && { limits: options.limits }),
      onFrame: (body, from) => node.take(body, from),
      onPeerDown: (address) => node.peerDown(address),
      onPeerUp: (address) => node.peerUp(address),
      onPeerKept: (address) => node.peerKept(address),
      onPeerReplaced: (address) => node.peerReplaced(address),
      onPeerGivenUp: (address) => node.peerGivenUp(address),
      onGivenUp: (address) => node.givenUp(address),
      onLog: (level, message, details) => log[level](details ?? {}, message),
    }),
  )
  return node
}

/** A running process for the hub. Made by {@link createNode}. */
export class Node {
  readonly #options: NodeOptions
  readonly #endpoint: TcpEndpoint
  readonly #log: Log
  /** For what others can make happen at will. */
  readonly #limited: LimitedLog<LimitedLevel>
  readonly #refusals: RefusalLog
  readonly #hub: HubLink
  readonly #systems: Systems
  readonly #dispatcher: Dispatcher
  readonly #ourKind: OurKind
  readonly #recordings: Recordings

  /** @internal */
  constructor(options: NodeOptions, endpoint: TcpEndpoint) {
    this.#options = options
    this.#endpoint = endpoint
    this.#log = options.log ?? silentLog
    this.#limited = limited(this.#log)
    this.#refusals = new RefusalLog(this.#limited)
    this.#recordings = new Recordings(options.trace, this.#limited)
    const identity = { owner: options.owner, index: options.index, address: endpoint.address }
    this.#ourKind = new OurKind(endpoint, options.connections ?? 'kept')
    this.#hub = new HubLink(options.hub, endpoint, identity, options.connections ?? 'kept')
    this.#systems = new Systems({
      ...{ options, identity, log: this.#log, limited: this.#limited, refusals: this.#refusals, recordings: this.#recordings },
      ...{ hub: this.#hub, ourKind: this.#ourKind, wires: this.#wires },
      onHubReplaced: () => this.#dispatcher.forgetDestroyed(),
    })
    this.#dispatcher = new Dispatcher({
      ...{ identity, log: this.#log, refusals: this.#refusals, hub: this.#hub, systems: this.#systems },
      learn: (address) => this.#learn(address),
    })
    this.#hub.start(() => this.#doubtHub())
  }

  get address(): Address {
    return this.#endpoint.address
  }

  /** The systems that we take part in now. */
  get systems(): ReadonlyMap<string, System> {
    return this.#systems.all
  }

  /** What this process could not use, by reason. */
  get refusals(): Readonly<Refusals> {
    return this.#refusals.counts
  }

  /** What is recorded, if `trace` asks for it. */
  get recordings(): RecordingCounts {
    return this.#recordings.counts
  }

  /** What the sockets have seen and hold. */
  get traffic() {
    return this.#endpoint.counters
  }

  /** Ends all systems, gives what is queued a moment to leave, and closes every connection. */
  async stop(): Promise<void> {
    this.#systems.stop()
    this.#dispatcher.stop()
    this.#limited.close()
    this.#hub.stop()
    this.#ourKind.stop()
    await this.#endpoint.close()
  }

  /** @internal A frame has come in. */
  take(body: Uint8Array, from: FrameOrigin): void {
    this.#dispatcher.take(body, from)
  }

  /** @internal */
  peerDown(address: Address): void {
    if (addressKey(address) === addressKey(this.#hub.address)) {
      this.#log.warn({ hub: addressKey(address) }, 'the hub is not there: trying again until it is')
    }
    this.#refused(address)
  }

  /** @internal */
  peerUp(address: Address): void {
    if (addressKey(address) !== addressKey(this.#hub.address)) return
    this.#log.info({ hub: addressKey(address) }, 'the hub is there')
    if (this.#hub.hasRegistration) this.#doubtHub() // what we sent it is not still on its way
  }

  /** @internal A process keeps a connection to us: then we keep one to it. */
  peerKept(address: Address): void {
    if (addressKey(address) === addressKey(this.#hub.address)) this.#hub.connected()
    for (const system of this.#systems.all.values()) {
      const member = system.members.sender(address.host, address.port, address.host)
      if (member !== undefined) this.#learn(member.address)
    }
  }

  /** @internal Another start of a process is there: the one that was in our systems has gone. */
  peerReplaced(address: Address): void {
    if (addressKey(address) === addressKey(this.#hub.address)) this.#doubtHub()
    this.#refused(address)
  }

  /** @internal A process did not take what we sent until there was no room for more: to us it has crashed. */
  peerGivenUp(address: Address): void {
    if (addressKey(address) !== addressKey(this.#hub.address)) this.#refused(address)
    else {
      this.#endpoint.forget(address) // it has missed reports: what it asks from now on is answered
      this.#doubtHub()
    }
  }

  /** @internal A process has given us up: what it sent us is missing, so our part in its systems is over, as if we had crashed. */
  givenUp(address: Address): void {
    if (addressKey(address) === addressKey(this.#hub.address)) this.peerGivenUp(address)
    for (const system of [...this.#systems.all.values()]) {
      if (system.members.at(address) === undefined) continue
      this.#log.error(
        { systemId: system.id, peer: addressKey(address) },
        'a process has given us up: we missed messages, and our part in the system is over',
      )
      this.#refusals.counts.crashes++
      this.#systems.end(system.id)
    }
  }

  #refused(address: Address): void {
    for (const system of this.#systems.all.values()) {
      const member = system.members.at(address)
      if (member !== undefined) system.peerRefused(member)
    }
  }

  /** Another hub may be there, which does not know us. If its messages will not say so, it is known by the names of its systems. */
  #doubtHub(): void {
    this.#log.info({ hub: addressKey(this.#hub.address) }, 'registering again: this may be another hub')
    this.#systems.doubt()
    this.#dispatcher.forgetDestroyed()
    this.#hub.register()
  }

  get #wires(): Wires {
    return {
      marked: this.#options.connections !== 'classic',
      send: ({ address }, body) => {
        this.#endpoint.send(address, body)
      },
      isOurs: ({ address }) => this.#ourKind.has(address),
    }
  }

  #learn(address: Address): void {
    if (this.#ourKind.learn(address)) for (const system of this.#systems.all.values()) system.peerKnown()
  }
}
