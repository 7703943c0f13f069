// One process: its listener, its registration with the hub, its systems, and the wrapping of what it sends.
import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { decode, frame, PAYLOAD_FIELD } from './codec.mjs'
import { idFault, travelsToProcess } from './ids.mjs'
import { System } from './system.mjs'
import { listen, sendFrame } from './wire.mjs'

const REGISTRATION_RETRY_MS = 200
const EARLY_LIMIT = 1_000

export class Process {
  constructor({ hub, host, port, owner, index, quirks, faults, event, log }) {
    Object.assign(this, { hub, host, port, owner, index, quirks, faults })
    this.name = `${owner}-${index}`
    this.event = (name, fields) => event(name, { process: this.name, ...fields })
    this.log = (text) => log(`${this.name}: ${text}`)
    this.systems = new Map()
    this.destroyed = new Set()
    this.early = [] // messages of systems whose initialisation has not come yet
    this.unreachable = new Set()
  }

  async start() {
    try {
      const { host, port, quirks, faults } = this
      this.port = await listen({ host, port, quirks, faults, onBody: (bytes, remoteHost) => this.receive(bytes, remoteHost) })
    } catch (error) {
      this.log(`cannot listen on ${this.host}:${this.port}: ${error.code}`)
      process.exit(1)
    }
    this.event('listening', { host: this.host, port: this.port })
    const registration = { type: 'PROC_REGISTRATION', FromAbstractionId: 'app', ToAbstractionId: 'app' }
    const inner = { ...registration, body: { owner: this.owner, index: this.index } }
    const bytes = this.wrap({ systemId: '', to: 'app', inner, toHub: true })
    for (let isLogged = false; ; isLogged = true) {
      const error = await sendFrame(this.hub.host, this.hub.port, bytes)
      if (!error) break
      if (!isLogged) this.log(`no hub at ${this.hub.host}:${this.hub.port} yet (${error}): trying again`)
      await delay(REGISTRATION_RETRY_MS)
    }
    this.event('registered', { host: this.host, port: this.port })
  }

  /** The frame of one message: the inner one that the perfect link was asked to send, inside the network message. */
  wrap({ systemId, to, inner, toHub = false }) {
    const { quirks } = this
    const uuid = () => (quirks.has('nouuid') ? '' : randomUUID())
    const anonymous = toHub && quirks.has('emptyhubids')
    const { body, ...head } = inner
    const message = {
      ...head,
      ...(anonymous ? { FromAbstractionId: '', ToAbstractionId: '' } : {}),
      messageUuid: uuid(),
      systemId: quirks.has('outersys') ? '' : systemId,
      [PAYLOAD_FIELD.get(inner.type)]: body,
    }
    return frame({
      type: 'NETWORK_MESSAGE',
      messageUuid: uuid(),
      FromAbstractionId: anonymous || quirks.has('emptyfrom') ? '' : to,
      ToAbstractionId: anonymous ? '' : to,
      systemId,
      networkMessage: { senderHost: quirks.has('nosenderhost') ? '' : this.host, senderListeningPort: this.port, message },
    })
  }

  async post(destination, message) {
    const { host, port } = destination
    const error = await sendFrame(host, port, this.wrap(message), { heartbeat: message.heartbeat })
    const peer = `${host}:${port}`
    if (!error) this.unreachable.delete(peer)
    else if (!this.unreachable.has(peer)) {
      this.unreachable.add(peer)
      this.log(`cannot reach ${peer}: ${error}`)
    }
  }

  postHub(systemId, type, body) {
    const inner = { type, FromAbstractionId: 'app', ToAbstractionId: 'hub', body }
    this.post(this.hub, { systemId, to: 'app.pl', inner, toHub: true })
  }

  receive(bytes, remoteHost) {
    try {
      const outer = decode(bytes)
      const inner = outer.networkMessage?.message
      const fault = this.messageFault(outer, inner)
      if (fault) this.faults.malformed(fault)
      else this.route(outer, inner, remoteHost)
    } catch (error) {
      this.faults.malformed(error.message)
    }
  }

  messageFault(outer, inner) {
    if (outer.type !== 'NETWORK_MESSAGE') return `outer type ${outer.type}; expected NETWORK_MESSAGE`
    if (!outer.networkMessage) return 'a NETWORK_MESSAGE without networkMessage'
    if (!inner) return 'a networkMessage without message'
    if (!travelsToProcess(inner.type)) return `type ${inner.type} does not travel to a process`
    if (!this.quirks.has('strictproto')) return undefined
    for (const [message, where] of [
      [outer, 'outer'],
      [inner, 'inner'],
    ]) {
      const bodies = [...PAYLOAD_FIELD.values()].filter((field) => message[field] !== undefined)
      const expected = PAYLOAD_FIELD.get(message.type)
      if (bodies.length !== 1 || bodies[0] !== expected) return `${where} ${message.type} with bodies [${bodies}]; expected [${expected}]`
    }
    if (inner.systemId && outer.systemId && inner.systemId !== outer.systemId)
      return `systemId "${outer.systemId}" outside and "${inner.systemId}" inside`
    return idFault(outer, inner)
  }

  route(outer, inner, remoteHost) {
    const systemId = outer.systemId || inner.systemId
    const body = inner[PAYLOAD_FIELD.get(inner.type)] ?? {}
    if (inner.type === 'PROC_INITIALIZE_SYSTEM') return this.initialize(systemId, body.processes ?? [])
    if (inner.type === 'PROC_DESTROY_SYSTEM') return this.destroy(systemId)
    const system = this.systems.get(systemId)
    if (!system) return this.unknownSystem(systemId, { outer, inner, remoteHost })
    if (system.handleHub(inner.type, body)) return undefined
    const from = this.senderOf(system, outer.networkMessage, remoteHost)
    const fault = from
      ? system.handlePeer(outer.ToAbstractionId || `${inner.ToAbstractionId}.pl`, inner.type, body, from)
      : `${inner.type} from ${outer.networkMessage.senderHost}:${outer.networkMessage.senderListeningPort}, who is not in ${systemId}`
    if (fault) this.faults.malformed(fault)
    return undefined
  }

  /** By the host and port that the sender names, else by the connection's host and that port, else by the port alone where it is unique. */
  senderOf(system, { senderHost, senderListeningPort: port }, remoteHost) {
    const samePort = system.processes.filter((p) => p.port === port)
    const found = samePort.find((p) => p.host === senderHost) ?? samePort.find((p) => p.host === remoteHost)
    return found ?? (samePort.length === 1 ? samePort[0] : undefined)
  }

  initialize(systemId, processes) {
    if (this.systems.has(systemId)) return this.log(`${systemId} is initialised already: ignored`)
    const self = processes.find((p) => p.owner === this.owner && p.index === this.index)
    if (!self) return this.log(`${systemId} does not name ${this.name}: ignored`)
    const system = new System({
      systemId,
      processes,
      self,
      quirks: this.quirks,
      post: (destination, message) => this.post(destination, message),
      postHub: (id, type, body) => this.postHub(id, type, body),
      event: this.event,
      log: this.log,
    })
    this.systems.set(systemId, system)
    this.destroyed.delete(systemId)
    this.event('system', { system: systemId, rank: self.rank, processes: processes.length })
    const early = this.early
    this.early = []
    for (const { outer, inner, remoteHost } of early) this.route(outer, inner, remoteHost)
    return undefined
  }

  /** A peer may have been initialised before this process: its messages are kept, those of a destroyed system dropped. */
  unknownSystem(systemId, message) {
    if (!systemId || this.destroyed.has(systemId) || this.early.length >= EARLY_LIMIT)
      this.faults.count('dropped', `${message.inner.type} of the unknown system "${systemId}"`)
    else this.early.push(message)
  }

  destroy(systemId) {
    const ids = systemId ? [systemId] : [...this.systems.keys()]
    for (const id of ids) {
      this.systems.get(id)?.stop()
      this.systems.delete(id)
      this.destroyed.add(id)
      this.event('destroyed', { system: id })
    }
  }
}
