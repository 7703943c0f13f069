import { PerfectPointToPointLinks, type ProcessId, type Transport } from '@upon/contract'
import { encodeWrapped, UPON_VERSION } from '@upon/protocol'
import type { Value } from './app'
import { DETECTOR_LINK, type Heartbeats, WAKING_LINK } from './heartbeats'
import type { Member, Members } from './members'
import type { TopicHistory } from './topic-history'
import { epochOf, linkAt, speakerPath, toWire, type WireMessage } from './wire'

/** What the links of a system need of the node. */
export interface Wires {
  send(member: Member, body: Uint8Array): void
  /** The process at that address speaks kept connections, so it is one of ours. */
  isOurs(member: Member): boolean
  /** Whether we tell others that we do. */
  readonly marked: boolean
}

const speakerOf = (path: string) => (path === DETECTOR_LINK || path === WAKING_LINK ? ('epfd' as const) : linkAt(path).speaker)

/**
 * The perfect links of one system, over the node's connections: each message travels as the protocol has it. A broadcast's message
 * is encoded once for all who get it.
 */
export class SystemLinks implements Transport<PerfectPointToPointLinks> {
  readonly sort = 'transport'
  readonly guarantees = PerfectPointToPointLinks
  #lastMessage: unknown
  #lastPath = ''
  #lastBytes: Uint8Array = new Uint8Array()
  #receive: (from: ProcessId, path: string, message: unknown) => void = () => {}

  constructor(
    readonly systemId: string,
    readonly members: Members,
    readonly heartbeats: Heartbeats,
    readonly history: TopicHistory,
    readonly wires: Wires,
  ) {}

  attach(receive: (from: ProcessId, path: string, message: unknown) => void): void {
    this.#receive = receive
  }

  /** Hands in what has come for the link at `path`. */
  deliver(from: ProcessId, path: string, message: WireMessage): void {
    this.#receive(from, path, message)
  }

  send(to: ProcessId, path: string, message: unknown): void {
    const member = this.members.get(to)
    if (member === undefined) return
    const link = path === DETECTOR_LINK ? this.heartbeats.linkTo(to, this.wires.isOurs(member)) : path
    if (link === undefined) return
    this.sendOn(member, link, message as WireMessage)
  }

  sendOn(member: Member, path: string, message: WireMessage): void {
    if (message !== this.#lastMessage || path !== this.#lastPath) {
      if (message.kind === 'WRITE' && !('ts' in message)) this.#note(path, message.val)
      this.#lastBytes = this.#encode(path, message)
      this.#lastMessage = message
      this.#lastPath = path
    }
    this.wires.send(member, this.#lastBytes)
  }

  #note(path: string, val: Value): void {
    const { id } = linkAt(path)
    this.history.wrote(id.index ?? '', epochOf(id), val)
  }

  #encode(path: string, message: WireMessage): Uint8Array {
    const { host, port } = this.members.self.address
    return encodeWrapped({
      systemId: this.systemId,
      to: path,
      speaker: speakerPath(path),
      senderHost: host,
      senderListeningPort: port,
      message: toWire(speakerOf(path), message),
      upon: this.wires.marked ? UPON_VERSION : undefined,
    })
  }
}
