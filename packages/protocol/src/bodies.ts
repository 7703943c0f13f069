import type {
  Bodies,
  BodyField,
  Empty,
  Message,
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

/** Turns a decoded inner message into a plain one. */
type PlainMessage = (message: Message | undefined) => Message | undefined

type Plain<Body> = (body: Body, message: PlainMessage) => Body

interface BodyOfType<F extends BodyField> {
  readonly type: Type
  readonly plain: Plain<NonNullable<Bodies[F]>>
  /** A body without fields is as good as none. */
  readonly mayBeAbsent: boolean
}

const plainValue = (value: Value | undefined) => (value ? { defined: value.defined, v: value.v } : undefined)

const plainProcess = (process: ProcessId) => {
  const { host, port, owner, index, rank } = process
  return { host, port, owner, index, rank }
}
const optionalProcess = (process: ProcessId | undefined) => (process ? plainProcess(process) : undefined)

const body = <Body>(type: Type, plain: Plain<Body>) => ({ type, plain, mayBeAbsent: false })
const empty = (type: Type) => ({ type, plain: (_: Empty): Empty => ({}), mayBeAbsent: true })
const value = (type: Type) => body(type, (b: ValueBody) => ({ value: plainValue(b.value) }))
const process = (type: Type) => body(type, (b: ProcessBody) => ({ process: optionalProcess(b.process) }))
const register = (type: Type) => body(type, (b: RegisterBody) => ({ register: b.register }))
const registerValue = (type: Type) => body(type, (b: RegisterValueBody) => ({ register: b.register, value: plainValue(b.value) }))
const readId = (type: Type) => body(type, (b: ReadIdBody) => ({ readId: b.readId }))
const nnarInternal = (type: Type) =>
  body(type, (b: NnarInternalValue) => ({
    readId: b.readId,
    timestamp: b.timestamp,
    writerRank: b.writerRank,
    value: plainValue(b.value),
  }))

const bodies: { readonly [F in BodyField]-?: BodyOfType<F> } = {
  networkMessage: body(Type.NETWORK_MESSAGE, (b, message) => ({
    senderHost: b.senderHost,
    senderListeningPort: b.senderListeningPort,
    message: message(b.message),
  })),
  procRegistration: body(Type.PROC_REGISTRATION, (b) => ({ owner: b.owner, index: b.index })),
  procInitializeSystem: body(Type.PROC_INITIALIZE_SYSTEM, (b) => ({ processes: b.processes.map(plainProcess) })),
  procDestroySystem: empty(Type.PROC_DESTROY_SYSTEM),
  appBroadcast: value(Type.APP_BROADCAST),
  appValue: value(Type.APP_VALUE),
  appPropose: body(Type.APP_PROPOSE, (b) => ({ topic: b.topic, value: plainValue(b.value) })),
  appDecide: value(Type.APP_DECIDE),
  appRead: register(Type.APP_READ),
  appWrite: registerValue(Type.APP_WRITE),
  appReadReturn: registerValue(Type.APP_READ_RETURN),
  appWriteReturn: register(Type.APP_WRITE_RETURN),
  ucDecide: value(Type.UC_DECIDE),
  ucPropose: value(Type.UC_PROPOSE),
  epAbort: empty(Type.EP_ABORT),
  epAborted: body(Type.EP_ABORTED, (b) => ({ ets: b.ets, valueTimestamp: b.valueTimestamp, value: plainValue(b.value) })),
  epInternalAccept: empty(Type.EP_INTERNAL_ACCEPT),
  epDecide: body(Type.EP_DECIDE, (b) => ({ ets: b.ets, value: plainValue(b.value) })),
  epInternalDecided: value(Type.EP_INTERNAL_DECIDED),
  epPropose: value(Type.EP_PROPOSE),
  epInternalRead: empty(Type.EP_INTERNAL_READ),
  epInternalState: body(Type.EP_INTERNAL_STATE, (b) => ({ valueTimestamp: b.valueTimestamp, value: plainValue(b.value) })),
  epInternalWrite: value(Type.EP_INTERNAL_WRITE),
  ecInternalNack: empty(Type.EC_INTERNAL_NACK),
  ecInternalNewEpoch: body(Type.EC_INTERNAL_NEW_EPOCH, (b) => ({ timestamp: b.timestamp })),
  ecStartEpoch: body(Type.EC_START_EPOCH, (b) => ({ newTimestamp: b.newTimestamp, newLeader: optionalProcess(b.newLeader) })),
  bebBroadcast: body(Type.BEB_BROADCAST, (b, message) => ({ message: message(b.message) })),
  bebDeliver: body(Type.BEB_DELIVER, (b, message) => ({ message: message(b.message), sender: optionalProcess(b.sender) })),
  eldTimeout: empty(Type.ELD_TIMEOUT),
  eldTrust: process(Type.ELD_TRUST),
  nnarInternalAck: readId(Type.NNAR_INTERNAL_ACK),
  nnarInternalRead: readId(Type.NNAR_INTERNAL_READ),
  nnarInternalValue: nnarInternal(Type.NNAR_INTERNAL_VALUE),
  nnarInternalWrite: nnarInternal(Type.NNAR_INTERNAL_WRITE),
  nnarRead: empty(Type.NNAR_READ),
  nnarReadReturn: value(Type.NNAR_READ_RETURN),
  nnarWrite: value(Type.NNAR_WRITE),
  nnarWriteReturn: empty(Type.NNAR_WRITE_RETURN),
  epfdTimeout: empty(Type.EPFD_TIMEOUT),
  epfdInternalHeartbeatRequest: empty(Type.EPFD_INTERNAL_HEARTBEAT_REQUEST),
  epfdInternalHeartbeatReply: empty(Type.EPFD_INTERNAL_HEARTBEAT_REPLY),
  epfdSuspect: process(Type.EPFD_SUSPECT),
  epfdRestore: process(Type.EPFD_RESTORE),
  plDeliver: body(Type.PL_DELIVER, (b, message) => ({ sender: optionalProcess(b.sender), message: message(b.message) })),
  plSend: body(Type.PL_SEND, (b, message) => ({ destination: optionalProcess(b.destination), message: message(b.message) })),
}

/** A body without regard to which: the table below finds it by number, so the compiler cannot know. */
export interface AnyBody {
  readonly field: BodyField
  readonly plain: (body: object, message: PlainMessage) => object
  readonly mayBeAbsent: boolean
}

/** The body of each type, by its number. */
export const bodyByType: readonly (AnyBody | undefined)[] = (() => {
  const table: (AnyBody | undefined)[] = new Array(Type.PL_SEND + 1).fill(undefined)
  for (const [field, { type, plain, mayBeAbsent }] of Object.entries(bodies)) {
    table[type] = { field: field as BodyField, plain: plain as AnyBody['plain'], mayBeAbsent }
  }
  return table
})()
