// Algorithms 5.6 (Read/Write Epoch Consensus) and 5.7 (Leader-Driven Consensus).
import { EpochChange } from './leader.mjs'

const KEPT_LIMIT = 10_000

/** The state of the highest timestamp; on a tie one that holds a value, for a write in epoch 0 leaves (0, v) beside the initial (0, nothing). */
const highest = (states) => states.reduce((a, b) => (b.valts > a.valts || (b.valts === a.valts && a.val === undefined) ? b : a))

class EpochConsensus {
  constructor(system, id, ets, leader, state, onDecide) {
    Object.assign(this, { system, id, ets, leader, onDecide })
    this.state = state
    this.tmpval = undefined
    this.phase = 'idle'
    this.states = new Map()
    this.accepted = new Set()
    this.decided = false
  }

  propose(v) {
    this.tmpval = v
    this.phase = 'reading'
    this.system.broadcast(this.id, 'EP_INTERNAL_READ', {})
  }

  handle(type, body, from) {
    if (type === 'EP_INTERNAL_STATE') this.onState(body, from)
    else if (type === 'EP_INTERNAL_ACCEPT') this.onAccept(from)
    else if (from !== this.leader) this.system.log(`${type} in ${this.id} from rank ${from.rank}, who does not lead it: ignored`)
    else if (type === 'EP_INTERNAL_READ') this.onRead(from)
    else if (type === 'EP_INTERNAL_WRITE') this.onWrite(body, from)
    else if (type === 'EP_INTERNAL_DECIDED') this.onDecided(body)
  }

  onRead(from) {
    const value = this.system.toValue(this.state.val)
    this.system.send(from, this.id, '.pl', 'EP_INTERNAL_STATE', { valueTimestamp: this.state.valts, value })
  }

  onState({ valueTimestamp, value }, from) {
    if (this.phase !== 'reading') return
    this.states.set(from.rank, { valts: valueTimestamp, val: this.system.fromValue(value) })
    if (this.states.size <= this.system.processes.length / 2) return
    this.phase = 'writing'
    this.tmpval = highest([...this.states.values()]).val ?? this.tmpval
    this.system.broadcast(this.id, 'EP_INTERNAL_WRITE', { value: this.system.toValue(this.tmpval) })
  }

  onWrite({ value }, from) {
    this.state = { valts: this.ets, val: this.system.fromValue(value) }
    this.system.send(from, this.id, '.pl', 'EP_INTERNAL_ACCEPT', {})
  }

  onAccept(from) {
    if (this.phase !== 'writing') return
    this.accepted.add(from.rank)
    if (this.accepted.size <= this.system.processes.length / 2) return
    this.phase = 'done'
    this.system.broadcast(this.id, 'EP_INTERNAL_DECIDED', { value: this.system.toValue(this.tmpval) })
  }

  onDecided({ value }) {
    if (this.decided) return
    this.decided = true
    this.onDecide(this.system.fromValue(value))
  }
}

export class UniformConsensus {
  constructor(system, topic, onDecide) {
    this.system = system
    this.topic = topic
    this.id = `app.uc[${topic}]`
    this.onDecide = onDecide
    this.val = undefined
    this.decided = false
    this.kept = [] // messages of epochs not entered yet
    this.enter(0, system.highest, { valts: 0, val: undefined })
    this.ec = new EpochChange(system, `${this.id}.ec`, (ts, l) => this.startEpoch(ts, l))
  }

  propose(v) {
    if (this.val === undefined) this.val = v
    this.tryPropose()
  }

  startEpoch(ts, l) {
    this.system.event('epoch', { topic: this.topic, epoch: ts, leader: l.rank })
    this.enter(ts, l, this.ep.state) // the old instance is dropped with its state handed on: it answers no more
  }

  enter(ets, leader, state) {
    this.ep = new EpochConsensus(this.system, `${this.id}.ep[${ets}]`, ets, leader, state, (v) => this.decide(v))
    this.proposed = false
    this.tryPropose()
    const kept = this.kept
    this.kept = kept.filter((m) => m.epoch > ets)
    for (const m of kept) if (m.epoch === ets) this.ep.handle(m.type, m.body, m.from)
  }

  tryPropose() {
    if (this.ep.leader !== this.system.self || this.val === undefined || this.proposed) return
    this.proposed = true
    this.ep.propose(this.val)
  }

  decide(v) {
    if (this.decided) return
    this.decided = true
    this.onDecide(v)
  }

  handle({ kind, epoch }, type, body, from) {
    if (kind === 'epfd') this.ec.eld.epfd.handle(type, from)
    else if (kind === 'ec') this.ec.handle(type, body, from)
    else if (epoch === this.ep.ets) this.ep.handle(type, body, from)
    else if (epoch > this.ep.ets && this.kept.length < KEPT_LIMIT) this.kept.push({ epoch, type, body, from })
  }

  stop() {
    this.ec.stop()
  }
}
