import { decode, ProtocolError, Type, typeName, type Unwrapped, unwrap } from '@upon/protocol'
import type { LimitedLog } from '@upon/transport'
import { type Address, type FrameOrigin, TcpEndpoint } from '@upon/transport/tcp'
import { carryOut, isCommand, isHubs } from './commands'
import { type GlanceHost, refusedAtAGlance } from './glance'
import { HubLink } from './hub-link'
import { HOLD_MS, LimitError } from './limits'
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
import { UnknownSystems } from './unknown-systems'
import { MeaningError } from './wire'

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
  readonly #unknown: UnknownSystems<{ readonly message: Unwrapped; readonly from: FrameOrigin }>
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
    this.#unknown = new UnknownSystems((systemId, messages) => {
      const why = `no such system was started within ${HOLD_MS} ms: its messages are dropped`
      this.#refusals.refuse('unknownSystem', why, { systemId, messages }, messages)
    })
    this.#systems = new Systems({
      ...{ options, identity, log: this.#log, limited: this.#limited, refusals: this.#refusals, recordings: this.#recordings },
      ...{ hub: this.#hub, ourKind: this.#ourKind, wires: this.#wires },
      onHubReplaced: () => this.#unknown.forgetDestroyed(),
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
    this.#unknown.clear()
    this.#limited.close()
    this.#hub.stop()
    this.#ourKind.stop()
    await this.#endpoint.close()
  }

  /** @internal A frame has come in. */
  take(body: Uint8Array, from: FrameOrigin): void {
    const reason = this.#refusals.isFlooded ? refusedAtAGlance(body, from, this.#glance) : undefined
    if (reason !== undefined && this.#refusals.leavesOut(reason)) return
    try {
      this.#dispatch(unwrap(decode(body)), from, body.length)
    } catch (error) {
      if (error instanceof ProtocolError) this.#refuse('malformed', error.message, { ...from })
      else throw error
    }
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

  #dispatch(message: Unwrapped, from: FrameOrigin, bytes: number): void {
    const { inner, systemId } = message
    if (isHubs(message) && !this.#obeys(message, from)) return
    if (inner.type === Type.PROC_REGISTRATION && systemId === '') this.#registered(message, from)
    else if (inner.type === Type.PROC_DESTROY_SYSTEM) this.#destroy(systemId)
    else if (inner.type === Type.PROC_INITIALIZE_SYSTEM) this.#initialize(systemId, message)
    else {
      const system = this.#systems.get(systemId)
      if (system === undefined) this.#hold(message, from, bytes)
      else this.#deliver(system, message, from)
    }
  }

  /** What only the hub may say is taken from the hub's address only, and from the start of the hub that we know of last. */
  #obeys(message: Unwrapped, from: FrameOrigin): boolean {
    const details = () => ({ systemId: message.systemId, ...from })
    if (!this.#hub.isSender(message, from)) {
      this.#refuse('unauthorised', `${typeName(message.inner.type)} comes from the hub only`, details())
      return false
    }
    const start = this.#hub.heard(message)
    if (start === 'past') this.#refuse('unauthorised', 'from a hub that another one has replaced', details())
    if (start === 'another') this.#systems.endAll()
    return start !== 'past'
  }

  /** Another hub may be there, which does not know us. If its messages will not say so, it is known by the names of its systems. */
  #doubtHub(): void {
    this.#log.info({ hub: addressKey(this.#hub.address) }, 'registering again: this may be another hub')
    this.#systems.doubt()
    this.#unknown.forgetDestroyed()
    this.#hub.register()
  }

  /** A hub of ours answers a registration with the same, and says which start of it this is, or why it refuses us. */
  #registered(message: Unwrapped, from: FrameOrigin): void {
    const { refusal, procRegistration } = message.inner
    const { owner, index } = this.#options
    if (procRegistration?.owner !== owner || procRegistration.index !== index)
      this.#refuse('unauthorised', 'a registration is for the hub', { ...from })
    else if (refusal === undefined) this.#log.debug({}, 'registered')
    else this.#log.error({ reason: refusal }, 'the hub refuses our registration')
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
      if (message.upon > 0) this.#learn(member.address)
      system.receive(member, to, inner)
    } catch (error) {
      if (!(error instanceof MeaningError || error instanceof LimitError)) throw error
      const reason = error instanceof LimitError ? 'overLimit' : 'meaningless'
      this.#refuse(reason, error.message, { systemId: system.id, to, type: typeName(inner.type), ...from })
      if (isCommand(inner) && message.upon > 0) this.#hub.refuse(system.id, inner, error.message)
    }
  }

  #initialize(systemId: string, message: Unwrapped): void {
    const system = this.#systems.initialize(systemId, message)
    if (system === undefined) return
    for (const held of this.#unknown.take(systemId)) this.#deliver(system, held.message, held.from)
  }

  #destroy(systemId: string): void {
    this.#unknown.take(systemId)
    this.#unknown.destroyed(systemId)
    this.#systems.end(systemId)
  }

  #hold(message: Unwrapped, from: FrameOrigin, bytes: number): void {
    const { systemId, to, inner } = message
    const details = () => ({ systemId, to, type: typeName(inner.type), ...from })
    switch (this.#unknown.hold(systemId, { message, from }, bytes)) {
      case 'first':
        this.#log.debug(details(), `no such system: its messages are kept for ${HOLD_MS} ms, in case it is about to start`)
        break
      case 'destroyed':
        this.#refusals.counts.unknownSystem++
        if (this.#log.isLevelEnabled('debug')) this.#log.debug(details(), 'the system was destroyed: message dropped')
        break
      case 'full':
        this.#refuse('unknownSystem', 'no such system, and too many messages are kept already: dropped', details())
    }
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

  readonly #glance: GlanceHost = {
    members: (systemId) => this.#systems.get(systemId)?.members,
    isHub: (sender, from) => this.#hub.isSender(sender, from),
    isFull: (systemId, bytes) => this.#unknown.isFull(systemId, bytes),
  }

  #learn(address: Address): void {
    if (this.#ourKind.learn(address)) for (const system of this.#systems.all.values()) system.peerKnown()
  }

  #refuse(reason: keyof Refusals, message: string, details: object): void {
    this.#refusals.refuse(reason, message, details)
  }
}
