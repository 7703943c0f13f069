// Algorithms 4.10-4.11, Read-Impose Write-Consult-Majority. One operation at a time; the others wait in line.

const higher = (a, b) => a.ts > b.ts || (a.ts === b.ts && a.wr > b.wr)

export class Register {
  constructor(system, name) {
    this.system = system
    this.name = name
    this.id = `app.nnar[${name}]`
    this.stored = { ts: 0, wr: 0, val: undefined }
    this.rid = 0
    this.line = []
    this.operation = undefined
  }

  read(onReturn) {
    this.enqueue({ reading: true, onReturn })
  }

  write(val, onReturn) {
    this.enqueue({ reading: false, val, onReturn })
  }

  enqueue(operation) {
    this.line.push(operation)
    if (!this.operation) this.next()
  }

  next() {
    this.operation = this.line.shift()
    if (!this.operation) return
    this.rid++
    this.phase = 'reading'
    this.readlist = new Map()
    this.acks = new Set()
    this.system.broadcast(this.id, 'NNAR_INTERNAL_READ', { readId: this.rid })
  }

  handle(type, body, from) {
    if (type === 'NNAR_INTERNAL_READ') this.onRead(body, from)
    else if (type === 'NNAR_INTERNAL_VALUE') this.onValue(body, from)
    else if (type === 'NNAR_INTERNAL_WRITE') this.onWrite(body, from)
    else if (type === 'NNAR_INTERNAL_ACK') this.onAck(body, from)
  }

  onRead({ readId }, from) {
    const { ts, wr, val } = this.stored
    const value = this.system.toValue(val)
    this.system.send(from, this.id, '.pl', 'NNAR_INTERNAL_VALUE', { readId, timestamp: ts, writerRank: wr, value })
  }

  onValue({ readId, timestamp, writerRank, value }, from) {
    if (readId !== this.rid || this.phase !== 'reading') return
    this.readlist.set(from.rank, { ts: timestamp, wr: writerRank, val: this.system.fromValue(value) })
    if (this.readlist.size <= this.system.processes.length / 2) return
    this.phase = 'writing'
    const highest = [...this.readlist.values()].reduce((a, b) => (higher(b, a) ? b : a))
    this.readval = highest.val
    const { reading, val } = this.operation
    const impose = reading ? highest : { ts: highest.ts + 1, wr: this.system.self.rank, val }
    this.system.broadcast(this.id, 'NNAR_INTERNAL_WRITE', {
      readId: this.rid,
      timestamp: impose.ts,
      writerRank: impose.wr,
      value: this.system.toValue(impose.val),
    })
  }

  onWrite({ readId, timestamp, writerRank, value }, from) {
    const written = { ts: timestamp, wr: writerRank, val: this.system.fromValue(value) }
    if (higher(written, this.stored)) this.stored = written
    this.system.send(from, this.id, '.pl', 'NNAR_INTERNAL_ACK', { readId })
  }

  onAck({ readId }, from) {
    if (readId !== this.rid || this.phase !== 'writing') return
    this.acks.add(from.rank)
    if (this.acks.size <= this.system.processes.length / 2) return
    this.phase = 'idle'
    this.operation.onReturn(this.readval)
    this.next()
  }
}
