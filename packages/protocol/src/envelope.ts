import { ProtocolError } from './error'
import type { Message } from './message'
import { Type } from './type'

/** The version of kept-open connections that we speak: what our processes put into `Message.upon`. */
export const UPON_VERSION = 1

/** What `wrap` makes a wrapper of. */
export interface Wrapping {
  readonly systemId: string
  /** The perfect link that is to deliver the message, e.g. `app.beb.pl`: the wrapper's `ToAbstractionId`. */
  readonly to: string
  /** The perfect link that sends it: the wrapper's `FromAbstractionId`. `to` unless given. */
  readonly from?: string | undefined
  readonly senderHost: string
  readonly senderListeningPort: number
  /** The abstraction above the link, at both ends: the `FromAbstractionId` and `ToAbstractionId` within, where the message has none. */
  readonly speaker?: string | undefined
  /** What is sent over the perfect link. Its own `messageUuid`, `systemId`, `FromAbstractionId` and `ToAbstractionId` stay where given. */
  readonly message: Message
  /** `UPON_VERSION` when we accept kept-open connections. */
  readonly upon?: number | undefined
}

/**
 * Makes of a message what travels: a NETWORK_MESSAGE around it. Wrapper and message each get a uuid, the system, and From and To IDs;
 * the inner IDs, where not given, are the abstraction above the link (`app.beb.pl`: `app.beb`).
 */
export function wrap({ systemId, to, from = to, speaker, senderHost, senderListeningPort, message, upon }: Wrapping): Message {
  const inner = {
    messageUuid: undefined,
    FromAbstractionId: undefined,
    ToAbstractionId: undefined,
    systemId: undefined,
    ...message,
  } as Mutable
  inner.messageUuid ??= uuid()
  inner.FromAbstractionId ??= speaker ?? above(from)
  inner.ToAbstractionId ??= speaker ?? above(to)
  inner.systemId ??= systemId
  return {
    type: Type.NETWORK_MESSAGE,
    messageUuid: uuid(),
    FromAbstractionId: from,
    ToAbstractionId: to,
    systemId,
    networkMessage: { senderHost, senderListeningPort, message: inner },
    upon,
  }
}

type Mutable = { -readonly [K in keyof Message]: Message[K] }

/** What a wrapper says. Strings that did not arrive are `''`. */
export interface Unwrapped {
  /** From the wrapper, or else from the inner message: some foreign senders set only one. */
  readonly systemId: string
  /** The perfect link that delivers: the wrapper's `ToAbstractionId`. */
  readonly to: string
  /** `''` when the sender left it empty: then fall back to the connection's remote address. */
  readonly senderHost: string
  readonly senderListeningPort: number
  /** What was sent over the perfect link. */
  readonly inner: Message
  /** The version of kept-open connections that the sender accepts; 0 for a foreign process. */
  readonly upon: number
}

/**
 * Opens a wrapper.
 * @throws {ProtocolError} when the message is no NETWORK_MESSAGE, has no message within, or another wrapper.
 */
export function unwrap(message: Message): Unwrapped {
  const network = message.networkMessage
  if (!network)
    throw new ProtocolError('wrong-body', 'NETWORK_MESSAGE, which every message that travels is wrapped in', `type ${message.type}`)
  const inner = network.message
  if (!inner) throw new ProtocolError('missing-body', 'a message within networkMessage', 'none')
  if (inner.networkMessage) throw new ProtocolError('too-deep', 'one wrapper', 'a wrapper within a wrapper')
  return {
    systemId: message.systemId || inner.systemId || '',
    to: message.ToAbstractionId ?? '',
    senderHost: network.senderHost,
    senderListeningPort: network.senderListeningPort,
    inner,
    upon: message.upon ?? 0,
  }
}

/** The path of the abstraction above a perfect link. */
export function above(link: string): string {
  return link.endsWith('.pl') ? link.slice(0, -3) : link
}

/** With a count of up to six digits it makes a string of 12 characters: above that, V8 joins lazily, and each use costs more. */
const PREFIX_DIGITS = 6
const uuidPrefix = Math.floor(Math.random() * 36 ** PREFIX_DIGITS)
  .toString(36)
  .padStart(PREFIX_DIGITS, '0')
let messages = 0

/** Unique within this process by a count, and among processes by 31 random bits drawn once: cheap, for logs, not unpredictable. */
export function uuid(): string {
  return uuidPrefix + (++messages).toString(36)
}
