import type protobuf from 'protobufjs/minimal.js'
import { ProtocolError } from './error'
import { upon as wire } from './gen/wire'
import { MAX_PROCESSES } from './limits'
import type {
  Bodies,
  BodyField,
  Empty,
  NnarInternalValue,
  ProcessBody,
  ProcessId,
  ReadIdBody,
  RegisterBody,
  RegisterValueBody,
  Value,
  ValueBody,
} from './message'
import { Type } from './type'

// What protobufjs decodes are instances of classes whose prototypes hold the defaults: such an object loses them when it is spread,
// compared or serialized. The functions here copy its fields into a plain object, with undefined for a message that did not arrive.

type Plain<Body> = (body: Body) => Body

interface BodyOfType<F extends BodyField> {
  readonly type: Type
  /** Of its field in Message. */
  readonly number: number
  readonly plain: Plain<NonNullable<Bodies[F]>>
  /** A body without fields is as good as none. */
  readonly mayBeAbsent: boolean
}

const plainValue = (value: Value | undefined) => (value ? { defined: value.defined, v: value.v } : undefined)

/** Copies a decoded process into a plain object. */
export const plainProcess = (process: ProcessId) => {
  const { host, port, owner, index, rank } = process
  return { host, port, owner, index, rank }
}
const optionalProcess = (process: ProcessId | undefined) => (process ? plainProcess(process) : undefined)

const body = <Body>(type: Type, number: number, plain: Plain<Body>) => ({ type, number, plain, mayBeAbsent: false })
/** A body with a Message in it: decode.ts reads it. */
const carrier = (type: Type, number: number) => ({ type, number, plain: <Body>(b: Body): Body => b, mayBeAbsent: false })
const empty = (type: Type, number: number) => ({ type, number, plain: (_: Empty): Empty => ({}), mayBeAbsent: true })
const value = (type: Type, number: number) => body<ValueBody>(type, number, (b) => ({ value: plainValue(b.value) }))
const process = (type: Type, number: number) => body<ProcessBody>(type, number, (b) => ({ process: optionalProcess(b.process) }))
const register = (type: Type, number: number) => body<RegisterBody>(type, number, (b) => ({ register: b.register }))
const registerValue = (type: Type, number: number) =>
  body<RegisterValueBody>(type, number, (b) => ({ register: b.register, value: plainValue(b.value) }))
const readId = (type: Type, number: number) => body<ReadIdBody>(type, number, (b) => ({ readId: b.readId }))
const nnarInternal = (type: Type, number: number) =>
  body<NnarInternalValue>(type, number, (b) => ({
    readId: b.readId,
    timestamp: b.timestamp,
    writerRank: b.writerRank,
    value: plainValue(b.value),
  }))

const bodies: { readonly [F in BodyField]-?: BodyOfType<F> } = {
  networkMessage: carrier(Type.NETWORK_MESSAGE, 6),
  procRegistration: body(Type.PROC_REGISTRATION, 7, (b) => ({ owner: b.owner, index: b.index })),
  procInitializeSystem: body(Type.PROC_INITIALIZE_SYSTEM, 8, ({ processes }) => {
    if (processes.length > MAX_PROCESSES) throw new ProtocolError('too-many', `at most ${MAX_PROCESSES} processes`, `${processes.length}`)
    return { processes: processes.map(plainProcess) }
  }),
  procDestroySystem: empty(Type.PROC_DESTROY_SYSTEM, 9),
  appBroadcast: value(Type.APP_BROADCAST, 10),
  appValue: value(Type.APP_VALUE, 11),
  appPropose: body(Type.APP_PROPOSE, 12, (b) => ({ topic: b.topic, value: plainValue(b.value) })),
  appDecide: value(Type.APP_DECIDE, 13),
  appRead: register(Type.APP_READ, 14),
  appWrite: registerValue(Type.APP_WRITE, 15),
  appReadReturn: registerValue(Type.APP_READ_RETURN, 16),
  appWriteReturn: register(Type.APP_WRITE_RETURN, 17),
  ucDecide: value(Type.UC_DECIDE, 20),
  ucPropose: value(Type.UC_PROPOSE, 21),
  epAbort: empty(Type.EP_ABORT, 30),
  epAborted: body(Type.EP_ABORTED, 31, (b) => ({ ets: b.ets, valueTimestamp: b.valueTimestamp, value: plainValue(b.value) })),
  epInternalAccept: empty(Type.EP_INTERNAL_ACCEPT, 32),
  epDecide: body(Type.EP_DECIDE, 33, (b) => ({ ets: b.ets, value: plainValue(b.value) })),
  epInternalDecided: value(Type.EP_INTERNAL_DECIDED, 34),
  epPropose: value(Type.EP_PROPOSE, 35),
  epInternalRead: empty(Type.EP_INTERNAL_READ, 36),
  epInternalState: body(Type.EP_INTERNAL_STATE, 37, (b) => ({ valueTimestamp: b.valueTimestamp, value: plainValue(b.value) })),
  epInternalWrite: value(Type.EP_INTERNAL_WRITE, 38),
  ecInternalNack: empty(Type.EC_INTERNAL_NACK, 41),
  ecInternalNewEpoch: body(Type.EC_INTERNAL_NEW_EPOCH, 42, (b) => ({ timestamp: b.timestamp })),
  ecStartEpoch: body(Type.EC_START_EPOCH, 43, (b) => ({ newTimestamp: b.newTimestamp, newLeader: optionalProcess(b.newLeader) })),
  bebBroadcast: carrier(Type.BEB_BROADCAST, 50),
  bebDeliver: carrier(Type.BEB_DELIVER, 51),
  eldTimeout: empty(Type.ELD_TIMEOUT, 60),
  eldTrust: process(Type.ELD_TRUST, 61),
  nnarInternalAck: readId(Type.NNAR_INTERNAL_ACK, 70),
  nnarInternalRead: readId(Type.NNAR_INTERNAL_READ, 71),
  nnarInternalValue: nnarInternal(Type.NNAR_INTERNAL_VALUE, 72),
  nnarInternalWrite: nnarInternal(Type.NNAR_INTERNAL_WRITE, 73),
  nnarRead: empty(Type.NNAR_READ, 74),
  nnarReadReturn: value(Type.NNAR_READ_RETURN, 75),
  nnarWrite: value(Type.NNAR_WRITE, 76),
  nnarWriteReturn: empty(Type.NNAR_WRITE_RETURN, 77),
  epfdTimeout: empty(Type.EPFD_TIMEOUT, 80),
  epfdInternalHeartbeatRequest: empty(Type.EPFD_INTERNAL_HEARTBEAT_REQUEST, 81),
  epfdInternalHeartbeatReply: empty(Type.EPFD_INTERNAL_HEARTBEAT_REPLY, 82),
  epfdSuspect: process(Type.EPFD_SUSPECT, 83),
  epfdRestore: process(Type.EPFD_RESTORE, 84),
  plDeliver: carrier(Type.PL_DELIVER, 90),
  plSend: carrier(Type.PL_SEND, 91),
}

/** A body without regard to which: the tables below find it by number, so the compiler cannot know. */
export interface AnyBody {
  readonly type: Type
  readonly field: BodyField
  readonly number: number
  readonly read: (reader: protobuf.Reader) => object
  readonly write: (body: object, writer: protobuf.Writer) => protobuf.Writer
  readonly mayBeAbsent: boolean
}

/** The body of each type, by the type's number. */
export const bodyByType: (AnyBody | undefined)[] = new Array(Type.PL_SEND + 1).fill(undefined)

/** The body of each field of Message, by the field's number. */
export const bodyByFieldNumber: (AnyBody | undefined)[] = new Array(bodies.plSend.number + 1).fill(undefined)

for (const [field, { type, number, plain, mayBeAbsent }] of Object.entries(bodies)) {
  const generated = wire[(field.charAt(0).toUpperCase() + field.slice(1)) as Capitalize<BodyField>]
  const toPlain = plain as (body: object) => object
  const body: AnyBody = {
    type,
    field: field as BodyField,
    number,
    read: (reader) => toPlain(generated.decode(reader, reader.size())),
    write: generated.encode as AnyBody['write'],
    mayBeAbsent,
  }
  bodyByType[type] = body
  bodyByFieldNumber[number] = body
}
