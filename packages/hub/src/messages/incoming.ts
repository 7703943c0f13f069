import { printable } from '@upon/contract'
import { decode, type Glimpse, glimpse, type Message, ProtocolError, Type, typeName, type Unwrapped, unwrap } from '@upon/protocol'
import type { LimitedLog } from '@upon/transport'
import type { FrameOrigin } from '@upon/transport/tcp'
import type { Log, LogLevel } from '../events'
import type { Sender } from '../processes/address-book'
import type { System } from '../system/system'
import { answer } from './answers'

/** What the hub could not use, by reason. */
export interface IgnoredCounters {
  /** No message of the protocol. */
  malformed: number
  /** Registrations refused. */
  refused: number
  /** Of a system that no longer exists, or that this hub did not start; or it names no system, and may be of an earlier one. */
  otherSystem: number
  /** Of a process that is not in the system, or that says it listens elsewhere than it registered. */
  unknownSender: number
  /** Messages that a hub does not take. */
  otherType: number
  /** Answers that nothing asked for. */
  unexpected: number
  /** Messages that came a second time. */
  repeated: number
}

export const noneIgnored = (): IgnoredCounters => ({
  ...{ malformed: 0, refused: 0, otherSystem: 0, unknownSender: 0, otherType: 0, unexpected: 0, repeated: 0 },
})

export interface Registration {
  readonly owner: string
  readonly index: number
  readonly incarnation: string | undefined
}

/** A sender, and whether it keeps connections. */
export interface Speaker extends Sender {
  readonly isKept: boolean
}

export interface IncomingContext {
  readonly ignored: IgnoredCounters
  readonly log: Log
  readonly limited: LimitedLog<LogLevel>
  system(): System | undefined
  /** Whether a message that names no system may be of one before the current. */
  owesToEarlier(process: string): boolean
  isRegistered(sender: Sender): boolean
  onRegistration(registration: Registration, speaker: Speaker): void
  onKept(speaker: Sender): void
}

const LEVELS = { otherSystem: 'debug', unknownSender: 'warn' } as const

/** Hosts that say nothing. */
export const WILDCARDS = new Set(['', '0.0.0.0', '::'])

const shown = ({ saidHost, remoteHost, port }: Sender): string => `${printable(saidHost || remoteHost)}:${port}`

/** `undefined` where the host is longer than any name. */
function senderOf({ senderHost, senderListeningPort: port }: Glimpse, remoteHost: string): Sender | undefined {
  return senderHost === undefined ? undefined : { saidHost: WILDCARDS.has(senderHost) ? '' : senderHost, port, remoteHost }
}

interface Read {
  readonly outer: Message
  readonly opened: Unwrapped
}

/** Reads frames and hands each to whom it concerns. Never throws: what it cannot use is counted and logged with its reason. */
export class Incoming {
  constructor(private readonly context: IncomingContext) {}

  receive(body: Uint8Array, from: FrameOrigin): void {
    if (this.#isIgnoredAtAGlance(body, from)) return
    const read = this.#read(body, from)
    if (read === undefined) return
    const { inner, senderHost, senderListeningPort: port, upon } = read.opened
    const saidHost = WILDCARDS.has(senderHost) ? '' : senderHost
    const speaker = { saidHost, port, remoteHost: from.remoteAddress, isKept: upon > 0 }
    if (inner.type === Type.PROC_REGISTRATION) {
      this.context.onRegistration({ ...inner.procRegistration!, incarnation: inner.incarnation }, speaker)
      return
    }
    if (speaker.isKept) this.context.onKept(speaker)
    this.#toSystem(read, speaker)
  }

  /** Whether a frame is of a process of the system or of one that has registered, as far as it says. */
  isKnown(body: Uint8Array, { remoteAddress }: FrameOrigin): boolean {
    const seen = glimpse(body)
    const sender = seen && senderOf(seen, remoteAddress)
    return sender !== undefined && (this.context.system()?.sender(sender) !== undefined || this.context.isRegistered(sender))
  }

  /** What is of no use here, and would not be spoken of either, is not decoded: a flood of it costs little, however long its messages. */
  #isIgnoredAtAGlance(body: Uint8Array, { remoteAddress: remoteHost }: FrameOrigin): boolean {
    const seen = glimpse(body)
    if (seen === undefined || seen.type === Type.PROC_REGISTRATION) return false
    const { systemId, upon } = seen
    const sender = senderOf(seen, remoteHost)
    const kind = this.#whyIgnored(systemId, sender)
    if (kind === undefined || !this.context.limited.leavesOut(LEVELS[kind], { kind, subject: remoteHost })) return false
    if (sender && upon > 0) this.context.onKept(sender)
    this.context.ignored[kind] += 1
    return true
  }

  #whyIgnored(systemId: string | undefined, sender: Sender | undefined): 'otherSystem' | 'unknownSender' | undefined {
    const system = this.context.system()
    if (!system || (systemId !== '' && systemId !== system.id)) return 'otherSystem'
    return sender && system.sender(sender) ? undefined : 'unknownSender'
  }

  #read(body: Uint8Array, { remoteAddress }: FrameOrigin): Read | undefined {
    try {
      const outer = decode(body)
      return { outer, opened: unwrap(outer) }
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error
      const text = () => `ignored a frame of ${body.length} bytes from ${remoteAddress}: ${printable(error.message, 300)}`
      this.#ignore('malformed', remoteAddress, text)
      return undefined
    }
  }

  #toSystem({ outer, opened: { inner, systemId } }: Read, speaker: Speaker): void {
    const system = this.context.system()
    const what = () => `${typeName(inner.type)} from ${shown(speaker)}`
    if (!system || (systemId !== '' && systemId !== system.id)) {
      const text = () => `ignored ${what()}: of ${printable(systemId) || 'no system'}, now is ${system?.id ?? 'none'}`
      this.#ignore('otherSystem', speaker.remoteHost, text)
      return
    }
    const member = system.sender(speaker)
    if (!member) {
      this.#ignore('unknownSender', speaker.remoteHost, () => `ignored ${what()}: nobody of ${system.id} listens there`)
      return
    }
    const subject = member.name
    if (systemId === '' && this.context.owesToEarlier(member.name)) {
      this.#ignore('otherSystem', subject, () => `ignored ${what()}: it names no system, and ${subject} owed an answer in an earlier one`)
      return
    }
    if (system.repeats.isRepeated(subject, inner.messageUuid ?? outer.messageUuid)) {
      this.#ignore('repeated', subject, () => `ignored ${what()}: ${subject} had sent it before`)
      return
    }
    const ids = [outer.FromAbstractionId, inner.FromAbstractionId, outer.ToAbstractionId, inner.ToAbstractionId]
    system.recorder?.receiving(systemId)
    const reason = answer(system, { inner, member, ids })
    if (reason === undefined) this.context.log('debug', `received ${what()} ${system.id}`)
    else if (reason === false) this.#ignore('otherType', subject, () => `ignored ${what()}: a hub has no use for it`)
    else this.#unexpected(system, subject, printable(reason, 500))
  }

  #unexpected(system: System, process: string, reason: string): void {
    this.context.ignored.unexpected += 1
    if (!this.context.limited.line('warn', { kind: 'unexpected', subject: process }, () => `${system.id}/${process} ${reason}`)) return
    system.emit({ type: 'unexpected', system: system.id, process, reason })
  }

  #ignore(kind: keyof IgnoredCounters, subject: string, text: () => string): void {
    this.context.ignored[kind] += 1
    this.context.limited.line(kind === 'otherSystem' ? LEVELS.otherSystem : 'warn', { kind, subject }, text)
  }
}
