// The smallest hub there can be: takes registrations, starts systems, commands, and matches what comes back by its numbers. It keeps no
// histories and judges nothing, so that little of what is measured is its own.

import { decode, encode, fromValue, Type, toValue, UPON_VERSION, unwrap, wrap } from '@upon/protocol'
import { TcpEndpoint } from '@upon/transport/tcp'
import { BROADCAST, PROPOSE, RAW, rawFrame, readRaw, WRITE } from './_raw-codec.mjs'
import { sizes } from './_sizes.mjs'
import { classicSender, HOST, listen, rawKeptSender } from './_wire.mjs'

/** Numbers by which operations are told apart: no two of a run are the same. A decided value names its topic: topic * 8 + process. */
let lastId = 0
export const nextId = () => ++lastId

class Driver {
  /** The ports of the processes by rank: the last one leads. */
  ports = []
  #registered = []
  #onRegistered = () => {}
  #waiting = new Map()

  /** A process has registered; `index` counts from 1. */
  registered(index, port) {
    this.#registered[index - 1] = port
    this.#onRegistered()
  }

  async start(count) {
    while (this.#registered.filter(Boolean).length < count) {
      await new Promise((resolve) => {
        this.#onRegistered = resolve
      })
    }
    this.ports = this.#registered
    await this.newSystem()
  }

  reported(op, id, port) {
    const waiting = this.#waiting.get(op * 2 ** 32 + id)
    if (waiting === undefined || --waiting.reports > 0) return
    this.#waiting.delete(op * 2 ** 32 + id)
    waiting.resolve(port)
  }

  #reports(op, id, reports) {
    return new Promise((resolve) => this.#waiting.set(op * 2 ** 32 + id, { reports, resolve }))
  }

  /** One write, on a register of that number; resolves when it has returned. */
  write(rank, register) {
    const returned = this.#reports(WRITE, register, 1)
    this.command(rank, WRITE, register)
    return returned
  }

  /** Resolves when all have delivered. */
  broadcast(rank) {
    const id = nextId()
    const delivered = this.#reports(BROADCAST, id, this.ports.length)
    this.command(rank, BROADCAST, id)
    return delivered
  }

  /** Proposes at processes of these ranks; resolves when `deciders` have decided. */
  propose(ranks = this.ports.map((_, i) => i), deciders = ranks.length) {
    const topic = nextId()
    const decided = this.#reports(PROPOSE, topic, deciders)
    for (const rank of ranks) this.command(rank, PROPOSE, topic)
    return decided
  }
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

/** Speaks the hub's protocol: to ours, and to foreign processes (over classic connections). */
export class HubDriver extends Driver {
  #systems = 0
  #connections
  #close
  #send

  static async listen(connections) {
    const driver = new HubDriver()
    driver.#connections = connections
    if (connections === 'kept') await driver.#keep()
    else await driver.#openEach()
    return driver
  }

  async #keep() {
    const endpoint = await TcpEndpoint.listen({ host: HOST, port: 0, onFrame: (body) => this.#take(body) })
    this.port = endpoint.address.port
    this.#send = (port, body) => {
      endpoint.upgrade({ host: HOST, port })
      endpoint.send({ host: HOST, port }, body)
    }
    this.#close = () => endpoint.close()
  }

  async #openEach() {
    const server = await listen((body) => this.#take(body))
    const sender = classicSender()
    this.port = server.address().port
    this.#send = sender.send
    this.#close = () => server.close()
  }

  #take(body) {
    const { inner, senderListeningPort: port } = unwrap(decode(body))
    if (inner.appWriteReturn) this.reported(WRITE, Number(inner.appWriteReturn.register.slice(1)), port)
    else if (inner.appValue) this.reported(BROADCAST, fromValue(inner.appValue.value), port)
    else if (inner.appDecide) this.reported(PROPOSE, fromValue(inner.appDecide.value) >>> 3, port)
    else if (inner.procRegistration) this.registered(inner.procRegistration.index, port)
  }

  async newSystem() {
    if (this.#systems > 0) this.#tell({ type: Type.PROC_DESTROY_SYSTEM, procDestroySystem: {} })
    this.#systems++
    const processes = this.ports.map((port, i) => ({ host: HOST, port, owner: 'abc', index: i + 1, rank: i + 1 }))
    this.#tell({ type: Type.PROC_INITIALIZE_SYSTEM, procInitializeSystem: { processes } })
    await pause(100)
  }

  command(rank, op, id) {
    this.#post(this.ports[rank], commands[op](id, rank))
  }

  #tell(message) {
    for (const port of this.ports) this.#post(port, message)
  }

  #post(port, message) {
    const wrapping = { systemId: `sys-${this.#systems}`, to: 'app.pl', senderHost: HOST, senderListeningPort: this.port }
    const upon = this.#connections === 'kept' ? UPON_VERSION : undefined
    this.#send(port, encode(wrap({ ...wrapping, message: { ...message, FromAbstractionId: 'hub', ToAbstractionId: 'app' }, upon })))
  }

  close() {
    return this.#close()
  }
}

const commands = {
  [WRITE]: (id) => ({ type: Type.APP_WRITE, appWrite: { register: `r${id}`, value: toValue(123_456) } }),
  [BROADCAST]: (id) => ({ type: Type.APP_BROADCAST, appBroadcast: { value: toValue(id) } }),
  [PROPOSE]: (id, rank) => ({ type: Type.APP_PROPOSE, appPropose: { topic: `t${id}`, value: toValue(id * 8 + rank) } }),
}

/** Speaks to raw processes. */
export class RawDriver extends Driver {
  #sender
  #server

  static async listen(connections) {
    const driver = new RawDriver()
    driver.#sender = connections === 'kept' ? rawKeptSender() : classicSender()
    driver.#server = await listen((body) => {
      const { kind, op, id, from } = readRaw(body)
      if (kind === RAW.register) driver.registered(id, from)
      else driver.reported(op, id, from)
    })
    driver.port = driver.#server.address().port
    return driver
  }

  async newSystem() {
    const body = rawFrame(RAW.start, 0, 0, 0, 64)
    for (const [i, port] of this.ports.entries()) body.writeUInt16BE(port, 16 + 2 * i)
    for (const port of this.ports) this.#sender.send(port, body)
    await pause(20)
  }

  command(rank, op, id) {
    const leads = rank === this.ports.length - 1 ? 1 : 0
    this.#sender.send(this.ports[rank], rawFrame(RAW.command, op, id, leads, sizes[op][RAW.command]))
  }

  async close() {
    this.#sender.close()
    this.#server.close()
  }
}
