// One system as one process sees it: its processes, the application, and the registers and topics that came into being.
import { UniformConsensus } from './consensus.mjs'
import { parseId } from './ids.mjs'
import { Register } from './register.mjs'

const HEARTBEATS = new Set(['EPFD_INTERNAL_HEARTBEAT_REQUEST', 'EPFD_INTERNAL_HEARTBEAT_REPLY'])

export class System {
  /** `post(destination, { systemId, to, inner, heartbeat })` sends over the network; `self` is this process among `processes`. */
  constructor({ systemId, processes, self, quirks, post, postHub, event, log }) {
    this.systemId = systemId
    this.processes = [...processes].sort((a, b) => a.rank - b.rank)
    this.highest = this.processes.at(-1)
    this.self = self
    this.quirks = quirks
    this.post = post
    this.postHub = postHub
    this.event = (name, fields) => event(name, { system: systemId, ...fields })
    this.log = (text) => log(`${systemId}: ${text}`)
    this.registers = new Map()
    this.topics = new Map()
  }

  toValue(v) {
    if (v !== undefined) return { defined: true, v }
    if (this.quirks.has('novalue')) return undefined
    return this.quirks.has('undefminus') ? { v: -1 } : {}
  }

  fromValue(value) {
    return value?.defined ? value.v : undefined
  }

  /** pl.Send of the perfect link `id` + `via`, to a process of the system. */
  send(to, id, via, type, body) {
    const inner = { type, FromAbstractionId: id, ToAbstractionId: id, body }
    this.post(to, { systemId: this.systemId, to: id + via, inner, heartbeat: HEARTBEATS.has(type) })
  }

  /** Algorithm 3.1, Basic Broadcast. */
  broadcast(id, type, body) {
    for (const q of this.processes) this.send(q, id, '.beb.pl', type, body)
  }

  register(name) {
    if (!this.registers.has(name)) this.registers.set(name, new Register(this, name))
    return this.registers.get(name)
  }

  topic(name) {
    if (!this.topics.has(name)) this.topics.set(name, new UniformConsensus(this, name, (v) => this.decided(name, v)))
    return this.topics.get(name)
  }

  decided(topic, v) {
    this.event('decide', { topic, value: v })
    this.postHub(this.systemId, 'APP_DECIDE', { value: this.toValue(v) })
  }

  /** A request of the hub to the application. True when it was one. */
  handleHub(type, body) {
    if (type === 'APP_BROADCAST') this.broadcast('app', 'APP_VALUE', { value: body.value })
    else if (type === 'APP_READ') this.register(body.register).read((v) => this.readReturned(body.register, v))
    else if (type === 'APP_WRITE') this.register(body.register).write(this.fromValue(body.value), () => this.writeReturned(body.register))
    else if (type === 'APP_PROPOSE') this.topic(body.topic).propose(this.fromValue(body.value))
    else return false
    return true
  }

  readReturned(register, v) {
    this.event('read', { register, value: v ?? null })
    this.postHub(this.systemId, 'APP_READ_RETURN', { register, value: this.toValue(v) })
  }

  writeReturned(register) {
    this.event('write', { register })
    this.postHub(this.systemId, 'APP_WRITE_RETURN', { register })
  }

  /** A message of a peer, from the process `from` of this system. Undefined, or what is wrong with it. */
  handlePeer(outerTo, type, body, from) {
    if (type === 'APP_VALUE') return this.delivered(body, from)
    const id = parseId(outerTo)
    if (!id) return `an id that names no perfect link: outer To "${outerTo}" of ${type}`
    if (id.kind === 'app') return `${type} on "${outerTo}"`
    if (id.kind === 'nnar') this.register(id.name).handle(type, body, from)
    else this.topic(id.name).handle(id, type, body, from)
    return undefined
  }

  delivered(body, from) {
    this.event('deliver', { value: this.fromValue(body.value), from: `${from.owner}-${from.index}` })
    this.postHub(this.systemId, 'APP_VALUE', { value: this.toValue(this.fromValue(body.value)) })
  }

  stop() {
    for (const topic of this.topics.values()) topic.stop()
  }
}
