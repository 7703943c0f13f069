import type { FrameOrigin } from '@upon/links/tcp'
import { decode, fromValue, type Message, ProtocolError, parseAbstractionId, Type, typeName, type Unwrapped, unwrap } from '@upon/protocol'
import type { Log } from './events'
import type { RegisteredProcess, Registry } from './registry'
import type { System } from './system'

/** What the hub could not use, by reason. */
export interface IgnoredCounters {
  /** No message of the protocol. */
  malformed: number
  /** Registrations refused. */
  refused: number
  /** Of a system that is no more, or of none that this hub started. */
  otherSystem: number
  /** Of somebody not in the system, or whose address tells nobody. */
  unknownSender: number
  /** Messages that a hub does not take. */
  otherType: number
  /** Answers that nothing asked for. */
  unexpected: number
}

export interface IncomingContext {
  readonly registry: Registry
  readonly ignored: IgnoredCounters
  readonly log: Log
  /** Limited by kind. */
  readonly warn: (kind: keyof IgnoredCounters, text: string) => void
  system(): System | undefined
  onRegistration(registration: { readonly owner: string; readonly index: number }, sender: Sender): void
  onKept(process: RegisteredProcess): void
}

/** Who sent a frame, as far as it says. */
export interface Sender {
  readonly host: string
  readonly port: number
  /** Where the connection came from. */
  readonly remoteHost: string
  readonly isKept: boolean
}

interface Addressed {
  readonly host: string
  readonly port: number
}

const WILDCARDS = new Set(['', '0.0.0.0', '::'])

/** Who a sender is: by host and port, else by where its connection came from and port, else by the port where that is unique. */
export function identify<P extends Addressed>(known: readonly P[], { host, port, remoteHost }: Sender): P | undefined {
  const samePort = known.filter((other) => other.port === port)
  if (samePort.length <= 1) return samePort[0]
  return samePort.find((other) => other.host === host) ?? samePort.find((other) => other.host === remoteHost)
}

/** Reads a frame and hands it to whom it concerns. Never throws: what it cannot use is counted and logged with its reason. */
export function receive(context: IncomingContext, body: Uint8Array, from: FrameOrigin): void {
  const { ignored, log, warn } = context
  let outer: Message
  let opened: Unwrapped
  try {
    outer = decode(body)
    opened = unwrap(outer)
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error
    ignored.malformed += 1
    warn('malformed', `ignored a frame of ${body.length} bytes from ${from.remoteAddress}: ${error.message}`)
    return
  }
  const { inner, senderHost, senderListeningPort, upon } = opened
  const host = WILDCARDS.has(senderHost) ? from.remoteAddress : senderHost
  const sender = { host, port: senderListeningPort, remoteHost: from.remoteAddress, isKept: upon > 0 }
  log('debug', `received ${typeName(inner.type)} from ${host}:${senderListeningPort} ${opened.systemId}`)
  if (inner.type === Type.PROC_REGISTRATION) {
    context.onRegistration(inner.procRegistration!, sender)
    return
  }
  const keeper = sender.isKept ? identify(context.registry.known, sender) : undefined
  if (keeper) context.onKept(keeper)
  const ids = [outer.FromAbstractionId, inner.FromAbstractionId, outer.ToAbstractionId, inner.ToAbstractionId]
  toSystem(context, { inner, systemId: opened.systemId, sender, ids })
}

interface Report {
  readonly inner: Message
  readonly systemId: string
  readonly sender: Sender
  /** Where the topic of a decision may be named. */
  readonly ids: readonly (string | undefined)[]
}

function toSystem({ system: current, ignored, log, warn }: IncomingContext, report: Report): void {
  const system = current()
  const { inner, systemId, sender } = report
  const what = `${typeName(inner.type)} from ${sender.host}:${sender.port}`
  if (!system || (systemId !== '' && systemId !== system.id)) {
    ignored.otherSystem += 1
    log('debug', `ignored ${what}: of ${systemId || 'no system'}, now is ${system?.id ?? 'none'}`)
    return
  }
  const member = identify(system.members, sender)
  if (!member) {
    ignored.unknownSender += 1
    warn('unknownSender', `ignored ${what}: nobody of ${system.id} listens there`)
    return
  }
  system.recorder?.receiving(systemId)
  const reason = dispatch(system, member.name, report)
  if (reason === false) {
    ignored.otherType += 1
    warn('otherType', `ignored ${what}: a hub has no use for it`)
    return
  }
  if (reason === undefined) return
  ignored.unexpected += 1
  warn('unexpected', `${system.id}/${member.name} ${reason}`)
  system.emit({ type: 'unexpected', system: system.id, process: member.name, reason })
}

/** False for a message that is no answer; otherwise why the answer was not expected, if so. */
function dispatch(system: System, process: string, { inner, ids }: Report): string | undefined | false {
  switch (inner.type) {
    case Type.APP_VALUE: {
      const value = fromValue(inner.appValue?.value)
      system.recorder?.delivered(process, value)
      return system.broadcasts.onValue(process, value)
    }
    case Type.APP_READ_RETURN: {
      const { register = '', value } = inner.appReadReturn ?? {}
      system.recorder?.readReturned(process, register, fromValue(value))
      return system.registers.onReturn(process, register, 'read', fromValue(value))
    }
    case Type.APP_WRITE_RETURN: {
      const { register = '' } = inner.appWriteReturn ?? {}
      system.recorder?.writeReturned(process, register)
      return system.registers.onReturn(process, register, 'write', undefined)
    }
    case Type.APP_DECIDE:
      return system.topics.onDecide(process, fromValue(inner.appDecide?.value), topicOf(ids))
    default:
      return false
  }
}

function topicOf(ids: readonly (string | undefined)[]): string | undefined {
  for (const id of ids) {
    const { kind, index } = parseAbstractionId(id ?? '')
    if (kind === 'uc') return index
  }
  return undefined
}
