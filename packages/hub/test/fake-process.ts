import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server } from 'node:net'
import { decode, encode, type Message, Type, unwrap } from '@upon/protocol'
import { FrameDecoder, frame } from '@upon/transport/tcp'

export interface Address {
  readonly host: string
  readonly port: number
}

/** What the fake processes of one test share in place of algorithms: a perfect memory. */
export class World {
  readonly processes: FakeProcess[] = []
  readonly registers = new Map<string, number>()
  readonly decided = new Map<string, number>()
}

/** Ways in which other implementations differ. */
export interface Quirks {
  readonly outerTo?: string
  readonly innerTo?: string
  readonly innerFrom?: string
  readonly senderHost?: string
  readonly systemIn?: 'outer' | 'inner' | 'both' | 'none'
  /** Where a decision names its topic. */
  readonly topicIn?: 'outer' | 'inner'
  readonly undefinedAs?: 'empty' | 'minus-one' | 'nothing'
  readonly upon?: number
  /** Where it listens. */
  readonly port?: number
}

/** One process as the hub sees it, one frame per connection, on raw sockets. */
export class FakeProcess {
  readonly name: string
  /** Every command received, oldest first. */
  readonly commands: Message[] = []
  /** Takes the place of `obey` where a test wants misbehaviour. */
  onCommand: (command: Message) => void = (command) => this.obey(command)
  port = 0
  readonly #server: Server

  constructor(
    readonly hub: Address,
    readonly world: World,
    readonly owner: string,
    readonly index: number,
    readonly quirks: Quirks = {},
  ) {
    this.name = `${owner}-${index}`
    world.processes.push(this)
    this.#server = createServer((socket) => {
      const decoder = new FrameDecoder()
      socket.on('error', () => {})
      socket.on('data', (chunk) => decoder.push(chunk, (body) => this.#receive(body)))
    })
  }

  async start(): Promise<this> {
    this.#server.listen(this.quirks.port ?? 0, '127.0.0.1')
    await once(this.#server, 'listening')
    this.port = (this.#server.address() as AddressInfo).port
    await this.register()
    return this
  }

  async register(): Promise<void> {
    await this.send({ type: Type.PROC_REGISTRATION, procRegistration: { owner: this.owner, index: this.index } }, '')
  }

  async stop(): Promise<void> {
    if (!this.#server.listening) return
    this.#server.close()
    await once(this.#server, 'close')
  }

  send(message: Message, systemId: string): Promise<void> {
    return this.#send(this.quirks, message, systemId)
  }

  /** Sends one message otherwise than usual. */
  sendAs(quirks: Quirks, message: Message, systemId = 'sys-1'): Promise<void> {
    return this.#send({ ...this.quirks, ...quirks }, message, systemId)
  }

  async #send(quirks: Quirks, message: Message, systemId: string): Promise<void> {
    const { outerTo = 'app.pl', innerTo = 'hub', innerFrom = 'app', senderHost = '127.0.0.1', systemIn = 'both', upon } = quirks
    const inner = {
      FromAbstractionId: innerFrom,
      ToAbstractionId: innerTo,
      systemId: systemIn === 'inner' || systemIn === 'both' ? systemId : undefined,
      ...message,
    }
    await sendBytes(
      this.hub,
      frame(
        encode({
          type: Type.NETWORK_MESSAGE,
          ...(quirks.topicIn === 'outer' && message.FromAbstractionId ? { FromAbstractionId: message.FromAbstractionId } : {}),
          ToAbstractionId: outerTo,
          systemId: systemIn === 'outer' || systemIn === 'both' ? systemId : undefined,
          networkMessage: { senderHost, senderListeningPort: this.port, message: inner },
          upon,
        }),
      ),
    )
  }

  /** Carries out a command as a correct process would, by means of the shared world. */
  obey(command: Message): void {
    const systemId = command.systemId!
    const { registers } = this.world
    if (command.appBroadcast) {
      for (const process of this.world.processes) void process.send({ type: Type.APP_VALUE, appValue: command.appBroadcast }, systemId)
    } else if (command.appWrite) {
      registers.set(command.appWrite.register, command.appWrite.value!.v)
      void this.send({ type: Type.APP_WRITE_RETURN, appWriteReturn: { register: command.appWrite.register } }, systemId)
    } else if (command.appRead) this.returnRead(command.appRead.register, registers.get(command.appRead.register), systemId)
    else if (command.appPropose) {
      const { topic, value } = command.appPropose
      if (!this.world.decided.has(topic)) this.world.decided.set(topic, value!.v)
      this.decide(this.world.decided.get(topic)!, systemId, topic)
    }
  }

  returnRead(register: string, value: number | undefined, systemId: string): void {
    const undefinedAs = { empty: { defined: false, v: 0 }, 'minus-one': { defined: false, v: -1 }, nothing: undefined }
    const wire = value === undefined ? undefinedAs[this.quirks.undefinedAs ?? 'empty'] : { defined: true, v: value }
    void this.send({ type: Type.APP_READ_RETURN, appReadReturn: { register, value: wire } }, systemId)
  }

  decide(value: number | undefined, systemId: string, topic?: string): void {
    const named = this.quirks.topicIn && topic ? { FromAbstractionId: `app.uc[${topic}]` } : {}
    const wire = value === undefined ? undefined : { defined: true, v: value }
    void this.send({ type: Type.APP_DECIDE, appDecide: { value: wire }, ...named }, systemId)
  }

  #receive(body: Uint8Array): void {
    const { inner } = unwrap(decode(body))
    this.commands.push(inner)
    this.onCommand(inner)
  }
}

/** Opens a connection, writes the bytes, closes; resolves when all is sent. */
export async function sendBytes(to: Address, bytes: Uint8Array): Promise<void> {
  const socket = connect(to.port, to.host === '' ? '127.0.0.1' : to.host)
  socket.on('error', () => {})
  socket.end(bytes)
  socket.resume()
  await new Promise((resolve) => socket.once('close', resolve))
}

/** Starts processes of one world, in order: owner and count each. */
export async function startProcesses(hub: Address, world: World, counts: Record<string, number>, quirks?: Quirks): Promise<FakeProcess[]> {
  const started: FakeProcess[] = []
  for (const [owner, count] of Object.entries(counts)) {
    for (let index = 1; index <= count; index += 1) started.push(await new FakeProcess(hub, world, owner, index, quirks).start())
  }
  return started
}
