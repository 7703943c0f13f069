import { printable } from '@upon/contract'
import type { Heartbeat } from '@upon/fd'
import { type AbstractionId, fromValue, type Message, parseAbstractionId, Type, toValue, typeName } from '@upon/protocol'
import type { AppMessage, Value } from './app'

/** The messages of the hub stack's algorithms, as they stand on the wire. */
export type WireMessage =
  | AppMessage
  | Heartbeat
  | { kind: 'READ'; rid: number }
  | { kind: 'VALUE' | 'WRITE'; rid: number; ts: number; wr: number; val: Value }
  | { kind: 'ACK'; rid: number }
  | { kind: 'READ' }
  | { kind: 'STATE'; valts: number; val: Value }
  | { kind: 'WRITE' | 'DECIDED'; val: Value }
  | { kind: 'ACCEPT' }
  | { kind: 'NEWEPOCH'; ts: number }
  | { kind: 'NACK' }

/** The abstraction whose message travels over a link: it says what the kinds mean. */
type Speaker = 'app' | 'nnar' | 'ec' | 'ep' | 'epfd'

/** The highest timestamp that we take from a peer: what is chosen above it fits an int32. How high it can be by now: see timestamps.ts. */
export const HIGHEST_TIMESTAMP = 2 ** 31 - 2 ** 22

/** What a peer sent means nothing here: the path is none of ours, takes no such message, or a number is out of range. */
export class MeaningError extends Error {
  override readonly name = 'MeaningError'
}

/** Which abstraction speaks over the link at `path`. */
export function speakerAt({ kind, within }: AbstractionId): Speaker | undefined {
  if (kind === 'app') return within === 'beb.pl' ? 'app' : undefined
  if (kind === 'nnar') return within === 'beb.pl' || within === 'pl' ? 'nnar' : undefined
  if (kind !== 'uc' || !within.endsWith('.pl')) return undefined
  if (within.startsWith('ep[')) return 'ep'
  return within === 'ec.eld.epfd.pl' ? 'epfd' : 'ec'
}

/** The epoch that a link belongs to: 3 for `app.uc[t].ep[3].pl`. */
export const epochOf = ({ within }: AbstractionId) => Number(within.slice('ep['.length, within.indexOf(']')))

/** The abstraction that speaks over a link, by its path: `app.nnar[x].beb.pl` is `app.nnar[x]`'s. */
export const speakerPath = (link: string) => link.replace(/(\.beb)?\.pl$/, '')

type Encoders = Readonly<Record<string, (m: never) => Message>>
type Of<K extends WireMessage['kind'], Field extends string = 'kind'> = Extract<WireMessage, { kind: K } & Record<Field, unknown>>

const value = (val: Value) => ({ value: toValue(val) })

const encoders: Readonly<Record<Speaker, Encoders>> = {
  app: { APP_VALUE: ({ value: v }: Of<'APP_VALUE'>) => ({ type: Type.APP_VALUE, appValue: value(v) }) },
  nnar: {
    READ: ({ rid }: Of<'READ', 'rid'>) => ({ type: Type.NNAR_INTERNAL_READ, nnarInternalRead: { readId: rid } }),
    VALUE: (m: Of<'VALUE', 'rid'>) => ({ type: Type.NNAR_INTERNAL_VALUE, nnarInternalValue: stamped(m) }),
    WRITE: (m: Of<'WRITE', 'rid'>) => ({ type: Type.NNAR_INTERNAL_WRITE, nnarInternalWrite: stamped(m) }),
    ACK: ({ rid }: Of<'ACK'>) => ({ type: Type.NNAR_INTERNAL_ACK, nnarInternalAck: { readId: rid } }),
  },
  ec: {
    NEWEPOCH: ({ ts }: Of<'NEWEPOCH'>) => ({ type: Type.EC_INTERNAL_NEW_EPOCH, ecInternalNewEpoch: { timestamp: ts } }),
    NACK: () => ({ type: Type.EC_INTERNAL_NACK, ecInternalNack: {} }),
  },
  ep: {
    READ: () => ({ type: Type.EP_INTERNAL_READ, epInternalRead: {} }),
    STATE: ({ valts, val }: Of<'STATE'>) => ({
      type: Type.EP_INTERNAL_STATE,
      epInternalState: { valueTimestamp: valts, ...value(val) },
    }),
    WRITE: ({ val }: Of<'WRITE', 'val'>) => ({ type: Type.EP_INTERNAL_WRITE, epInternalWrite: value(val) }),
    ACCEPT: () => ({ type: Type.EP_INTERNAL_ACCEPT, epInternalAccept: {} }),
    DECIDED: ({ val }: Of<'DECIDED'>) => ({ type: Type.EP_INTERNAL_DECIDED, epInternalDecided: value(val) }),
  },
  epfd: {
    HEARTBEATREQUEST: () => ({ type: Type.EPFD_INTERNAL_HEARTBEAT_REQUEST, epfdInternalHeartbeatRequest: {} }),
    HEARTBEATREPLY: () => ({ type: Type.EPFD_INTERNAL_HEARTBEAT_REPLY, epfdInternalHeartbeatReply: {} }),
  },
}

const stamped = ({ rid, ts, wr, val }: { rid: number; ts: number; wr: number; val: Value }) => ({
  readId: rid,
  timestamp: ts,
  writerRank: wr,
  value: toValue(val),
})

/** What an algorithm sends, as the protocol has it. */
export function toWire(speaker: Speaker, message: WireMessage): Message {
  const encoder = encoders[speaker][message.kind]
  if (encoder === undefined) throw new MeaningError(`${speaker} sends no ${message.kind}`)
  return encoder(message as never)
}

const timestamp = (name: string, n: number | undefined = 0) => {
  if (n < 0 || n > HIGHEST_TIMESTAMP) throw new MeaningError(`${name} is from 0 to ${HIGHEST_TIMESTAMP}, not ${n}`)
  return n
}

const natural = (name: string, n: number | undefined = 0) => {
  if (n < 0) throw new MeaningError(`${name} is not negative, but ${n}`)
  return n
}

type Decoders = Readonly<Partial<Record<Type, (m: Message) => WireMessage>>>

const decoders: Readonly<Record<Speaker, Decoders>> = {
  app: { [Type.APP_VALUE]: (m) => ({ kind: 'APP_VALUE', value: fromValue(m.appValue?.value) }) },
  nnar: {
    [Type.NNAR_INTERNAL_READ]: (m) => ({ kind: 'READ', rid: natural('readId', m.nnarInternalRead?.readId) }),
    [Type.NNAR_INTERNAL_VALUE]: ({ nnarInternalValue: body }) => ({ kind: 'VALUE', ...fromStamped(body) }),
    [Type.NNAR_INTERNAL_WRITE]: ({ nnarInternalWrite: body }) => ({ kind: 'WRITE', ...fromStamped(body) }),
    [Type.NNAR_INTERNAL_ACK]: (m) => ({ kind: 'ACK', rid: natural('readId', m.nnarInternalAck?.readId) }),
  },
  ec: {
    [Type.EC_INTERNAL_NEW_EPOCH]: (m) => ({ kind: 'NEWEPOCH', ts: timestamp('timestamp', m.ecInternalNewEpoch?.timestamp) }),
    [Type.EC_INTERNAL_NACK]: () => ({ kind: 'NACK' }),
  },
  ep: {
    [Type.EP_INTERNAL_READ]: () => ({ kind: 'READ' }),
    [Type.EP_INTERNAL_STATE]: ({ epInternalState: body }) =>
      state(timestamp('valueTimestamp', body?.valueTimestamp), fromValue(body?.value)),
    [Type.EP_INTERNAL_WRITE]: (m) => ({ kind: 'WRITE', val: fromValue(m.epInternalWrite?.value) }),
    [Type.EP_INTERNAL_ACCEPT]: () => ({ kind: 'ACCEPT' }),
    [Type.EP_INTERNAL_DECIDED]: (m) => ({ kind: 'DECIDED', val: fromValue(m.epInternalDecided?.value) }),
  },
  epfd: {
    [Type.EPFD_INTERNAL_HEARTBEAT_REQUEST]: () => ({ kind: 'HEARTBEATREQUEST' }),
    [Type.EPFD_INTERNAL_HEARTBEAT_REPLY]: () => ({ kind: 'HEARTBEATREPLY' }),
  },
}

/** No value was accepted in no epoch, whatever a foreign process files it under: so it never wins over a value. */
const state = (valts: number, val: Value): WireMessage => ({ kind: 'STATE', valts: val === undefined ? 0 : valts, val })

function fromStamped(body: Message['nnarInternalValue']) {
  return {
    rid: natural('readId', body?.readId),
    ts: timestamp('timestamp', body?.timestamp),
    wr: natural('writerRank', body?.writerRank),
    val: fromValue(body?.value),
  }
}

/** What came over the link of `speaker`, as its algorithm has it. Throws `MeaningError` for what that algorithm does not take. */
export function fromWire(speaker: Speaker, message: Message): WireMessage {
  const decoder = decoders[speaker][message.type]
  if (decoder === undefined) throw new MeaningError(`${speaker} takes no ${typeName(message.type)}`)
  return decoder(message)
}

/** The path of a link as we have it: some foreign processes end it twice. */
export const linkPath = (path: string) => (path.endsWith('.pl.pl') ? path.slice(0, -3) : path)

/** Takes a link's path apart; throws `MeaningError` when it is none of ours. */
export function linkAt(path: string): { readonly id: AbstractionId; readonly speaker: Speaker } {
  const id = parseAbstractionId(path)
  const speaker = speakerAt(id)
  if (speaker === undefined) throw new MeaningError(`there is no link ${printable(path)}`)
  return { id, speaker }
}
