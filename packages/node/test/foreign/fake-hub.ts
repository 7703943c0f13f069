import net from 'node:net'
import { decode, frame, type Message, PAYLOAD_FIELD, type ProcessId, type Value } from './codec.mjs'

/** What a process reported: who, in which system, the network message and the inner one. */
export type Report = { readonly process: string; readonly systemId: string; readonly outer: Message; readonly message: Message }

/** A hub as small as can be, on raw sockets: it registers processes, sends what the test says and remembers every report. */
export class FakeHub {
  readonly reports: Report[] = []
  readonly registered = new Map<string, ProcessId>()
  #sender: { host: string; port: number } | undefined
  #waiting = new Set<() => void>()
  #server = net.createServer((socket) => this.#read(socket))

  static async start(port = 0): Promise<FakeHub> {
    const hub = new FakeHub()
    await new Promise<void>((resolve) => hub.#server.listen(port, '127.0.0.1', resolve))
    return hub
  }

  get address(): { host: string; port: number } {
    return { host: '127.0.0.1', port: (this.#server.address() as net.AddressInfo).port }
  }

  /** Sends under another hub's address from now on. */
  speakFor(address: { host: string; port: number }): void {
    this.#sender = address
  }

  stop(): void {
    this.#server.close()
  }

  #read(socket: net.Socket): void {
    const chunks: Buffer[] = []
    socket.on('error', () => undefined)
    socket.on('data', (chunk: Buffer) => chunks.push(chunk))
    socket.on('end', () => this.#receive(Buffer.concat(chunks)))
  }

  #receive(bytes: Buffer): void {
    if (bytes.length < 4 || bytes.length !== 4 + bytes.readUInt32BE(0)) return // the sender died in mid-frame
    const outer = decode(bytes.subarray(4))
    const message = outer.networkMessage!.message!
    const port = outer.networkMessage!.senderListeningPort!
    if (message.procRegistration) {
      const { owner, index } = message.procRegistration
      this.registered.set(`${owner}-${index}`, { host: '127.0.0.1', port, owner, index, rank: 0 })
    } else {
      const sender = [...this.registered].find(([, p]) => p.port === port)
      this.reports.push({ process: sender?.[0] ?? 'unknown', systemId: outer.systemId ?? '', outer, message })
    }
    for (const look of [...this.#waiting]) look()
  }

  /** Resolves when the condition holds; it is looked at after each frame. */
  until(condition: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!condition()) return
        this.#waiting.delete(look)
        resolve()
      }
      this.#waiting.add(look)
      look()
    })
  }

  /** The reports of a type in a system, once there are `count` of them. */
  async collect(systemId: string, type: string, count: number): Promise<Report[]> {
    const found = () => this.reports.filter((r) => r.systemId === systemId && r.message.type === type)
    await this.until(() => found().length >= count)
    return found()
  }

  /** The frame of a hub's request, with the ids that work with every implementation. */
  request(systemId: string, type: string, body: object): Buffer {
    const ids = { systemId, FromAbstractionId: 'hub', ToAbstractionId: 'app' }
    const sender = this.#sender ?? this.address
    const message: Message = { type, messageUuid: 'inner', ...ids, [PAYLOAD_FIELD.get(type)!]: body }
    return frame({
      type: 'NETWORK_MESSAGE',
      messageUuid: 'outer',
      ...ids,
      ToAbstractionId: 'app.pl',
      networkMessage: { senderHost: sender.host, senderListeningPort: sender.port, message },
    })
  }

  /** Sends to a registered process, on a connection of its own; resolves when it has been written. */
  send(name: string, systemId: string, type: string, body: object): Promise<void> {
    const process = this.registered.get(name)
    if (!process) throw new Error(`no process ${name}; registered are ${[...this.registered.keys()].join(', ')}`)
    return write(process.port, [this.request(systemId, type, body)])
  }

  /** Starts a system of the named processes, ranked 1, 2, ... in that order. */
  async initialize(systemId: string, names: readonly string[]): Promise<void> {
    const processes = names.map((name, i) => ({ ...this.registered.get(name)!, rank: i + 1 }))
    await Promise.all(names.map((name) => this.send(name, systemId, 'PROC_INITIALIZE_SYSTEM', { processes })))
  }
}

export const defined = (v: number): Value => ({ defined: true, v })

/** Writes the chunks on one new connection, each by itself, then ends; resolves when the connection is closed. */
export function write(port: number, chunks: readonly Buffer[]): Promise<void> {
  return new Promise((resolve) => {
    const socket = net.connect({ port, host: '127.0.0.1', noDelay: true }, async () => {
      for (const chunk of chunks) {
        if (socket.writable) socket.write(chunk)
        await new Promise((next) => setImmediate(next))
      }
      socket.end()
    })
    socket.on('error', () => undefined)
    socket.on('close', () => resolve())
    socket.resume()
  })
}
