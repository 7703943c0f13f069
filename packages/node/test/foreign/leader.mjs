// Algorithms 2.7 (Increasing Timeout), 2.8 (Monarchical Eventual Leader Detection) and 5.5 (Leader-Based Epoch-Change), one of each a topic.

const DELTA_MS = 100
const NACK_SPACING_MS = 50

export class FailureDetector {
  constructor(system, id, { onSuspect, onRestore }) {
    this.system = system
    this.id = id
    this.onSuspect = onSuspect
    this.onRestore = onRestore
    this.alive = new Set(system.processes.map((p) => p.rank))
    this.suspected = new Set()
    this.delayMs = DELTA_MS
    this.timer = setTimeout(() => this.timeout(), this.delayMs)
  }

  timeout() {
    if ([...this.suspected].some((rank) => this.alive.has(rank))) {
      this.delayMs += DELTA_MS
      this.system.log(`Increased timeout to ${(this.delayMs / 1000).toFixed(2)} seconds`)
    }
    for (const p of this.system.processes) {
      if (!this.alive.has(p.rank) && !this.suspected.has(p.rank)) {
        this.suspected.add(p.rank)
        this.onSuspect(p)
      } else if (this.alive.has(p.rank) && this.suspected.has(p.rank)) {
        this.suspected.delete(p.rank)
        this.onRestore(p)
      }
      this.system.send(p, this.id, '.pl', 'EPFD_INTERNAL_HEARTBEAT_REQUEST', {})
    }
    this.alive.clear()
    this.timer = setTimeout(() => this.timeout(), this.delayMs)
  }

  handle(type, from) {
    if (type === 'EPFD_INTERNAL_HEARTBEAT_REQUEST') this.system.send(from, this.id, '.pl', 'EPFD_INTERNAL_HEARTBEAT_REPLY', {})
    else if (type === 'EPFD_INTERNAL_HEARTBEAT_REPLY') this.alive.add(from.rank)
  }

  stop() {
    clearTimeout(this.timer)
  }
}

export class LeaderDetector {
  constructor(system, id, onTrust) {
    this.system = system
    this.onTrust = onTrust
    this.suspected = new Set()
    this.epfd = new FailureDetector(system, `${id}.epfd`, {
      onSuspect: (p) => {
        this.suspected.add(p.rank)
        this.elect()
      },
      onRestore: (p) => {
        this.suspected.delete(p.rank)
        this.elect()
      },
    })
  }

  elect() {
    const candidate = this.system.processes.findLast((p) => !this.suspected.has(p.rank)) // processes are sorted by rank
    if (!candidate || candidate === this.leader) return
    this.leader = candidate
    this.onTrust(candidate)
  }
}

export class EpochChange {
  constructor(system, id, onStartEpoch) {
    this.system = system
    this.id = id
    this.onStartEpoch = onStartEpoch
    this.trusted = system.highest
    this.started = system.highest // the leader of the last epoch that was started here
    this.lastts = 0
    this.seents = 0
    this.ts = system.self.rank
    this.triedAtMs = Number.NEGATIVE_INFINITY
    this.eld = new LeaderDetector(system, `${id}.eld`, (p) => this.trust(p))
    this.eld.elect()
  }

  trust(p) {
    this.trusted = p
    this.system.event('trust', { id: this.id, rank: p.rank })
    if (p === this.system.self) this.newEpoch()
    // After a trust that went astray and came back, this process is in an epoch of another leader: p must learn that, or it never notices.
    else if (p !== this.started) this.nack(p)
  }

  newEpoch() {
    do this.ts += this.system.processes.length
    while (this.ts <= this.seents)
    this.triedAtMs = performance.now()
    this.system.broadcast(this.id, 'EC_INTERNAL_NEW_EPOCH', { timestamp: this.ts })
  }

  nack(p) {
    this.system.send(p, this.id, '.pl', 'EC_INTERNAL_NACK', {})
  }

  handle(type, body, from) {
    if (type === 'EC_INTERNAL_NEW_EPOCH') this.onNewEpoch(from, body.timestamp)
    else if (type === 'EC_INTERNAL_NACK') this.onNack()
  }

  onNewEpoch(l, newts) {
    this.seents = Math.max(this.seents, newts)
    if (l === this.trusted && newts > this.lastts) {
      this.lastts = newts
      this.started = l
      this.onStartEpoch(newts, l)
    } else this.nack(l)
  }

  /** The empty NACK does not say which epoch it refuses: those that come close together are answered by one new epoch. */
  onNack() {
    if (this.trusted !== this.system.self || this.retry) return
    const waitMs = Math.max(0, this.triedAtMs + NACK_SPACING_MS - performance.now())
    this.retry = setTimeout(() => {
      this.retry = undefined
      if (this.trusted === this.system.self) this.newEpoch()
    }, waitMs)
  }

  stop() {
    clearTimeout(this.retry)
    this.eld.epfd.stop()
  }
}
