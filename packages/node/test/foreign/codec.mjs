// A minimal proto3 codec for the hub's messages, written by hand from the tables of the protocol description.

/** Message name -> its fields: [number, name, type]. A type with a trailing `*` is repeated. */
const FIELDS = {
  ProcessId: [
    [1, 'host', 'string'],
    [2, 'port', 'int32'],
    [3, 'owner', 'string'],
    [4, 'index', 'int32'],
    [5, 'rank', 'int32'],
  ],
  Value: [
    [1, 'defined', 'bool'],
    [2, 'v', 'int32'],
  ],
  ProcRegistration: [
    [1, 'owner', 'string'],
    [2, 'index', 'int32'],
  ],
  ProcInitializeSystem: [[1, 'processes', 'ProcessId*']],
  ProcDestroySystem: [],
  AppBroadcast: [[1, 'value', 'Value']],
  AppValue: [[1, 'value', 'Value']],
  AppPropose: [
    [1, 'topic', 'string'],
    [2, 'value', 'Value'],
  ],
  AppDecide: [[1, 'value', 'Value']],
  AppRead: [[1, 'register', 'string']],
  AppWrite: [
    [1, 'register', 'string'],
    [2, 'value', 'Value'],
  ],
  AppReadReturn: [
    [1, 'register', 'string'],
    [2, 'value', 'Value'],
  ],
  AppWriteReturn: [[1, 'register', 'string']],
  UcDecide: [[1, 'value', 'Value']],
  UcPropose: [[1, 'value', 'Value']],
  EpAbort: [],
  EpAborted: [
    [1, 'ets', 'int32'],
    [2, 'valueTimestamp', 'int32'],
    [3, 'value', 'Value'],
  ],
  EpInternalAccept: [],
  EpDecide: [
    [1, 'ets', 'int32'],
    [2, 'value', 'Value'],
  ],
  EpInternalDecided: [[1, 'value', 'Value']],
  EpPropose: [[1, 'value', 'Value']],
  EpInternalRead: [],
  EpInternalState: [
    [1, 'valueTimestamp', 'int32'],
    [2, 'value', 'Value'],
  ],
  EpInternalWrite: [[1, 'value', 'Value']],
  EcInternalNack: [],
  EcInternalNewEpoch: [[1, 'timestamp', 'int32']],
  EcStartEpoch: [
    [1, 'newTimestamp', 'int32'],
    [2, 'newLeader', 'ProcessId'],
  ],
  BebBroadcast: [[1, 'message', 'Message']],
  BebDeliver: [
    [1, 'message', 'Message'],
    [2, 'sender', 'ProcessId'],
  ],
  EldTimeout: [],
  EldTrust: [[1, 'process', 'ProcessId']],
  NnarInternalAck: [[1, 'readId', 'int32']],
  NnarInternalRead: [[1, 'readId', 'int32']],
  NnarInternalValue: [
    [1, 'readId', 'int32'],
    [2, 'timestamp', 'int32'],
    [3, 'writerRank', 'int32'],
    [4, 'value', 'Value'],
  ],
  NnarInternalWrite: [
    [1, 'readId', 'int32'],
    [2, 'timestamp', 'int32'],
    [3, 'writerRank', 'int32'],
    [4, 'value', 'Value'],
  ],
  NnarRead: [],
  NnarReadReturn: [[1, 'value', 'Value']],
  NnarWrite: [[1, 'value', 'Value']],
  NnarWriteReturn: [],
  EpfdTimeout: [],
  EpfdInternalHeartbeatRequest: [],
  EpfdInternalHeartbeatReply: [],
  EpfdSuspect: [[1, 'process', 'ProcessId']],
  EpfdRestore: [[1, 'process', 'ProcessId']],
  PlDeliver: [
    [1, 'sender', 'ProcessId'],
    [2, 'message', 'Message'],
  ],
  PlSend: [
    [1, 'destination', 'ProcessId'],
    [2, 'message', 'Message'],
  ],
  NetworkMessage: [
    [1, 'senderHost', 'string'],
    [2, 'senderListeningPort', 'int32'],
    [3, 'message', 'Message'],
  ],
}

/** The wrapper's payloads: [field number, field name, Type name, Type value]. */
const PAYLOADS = [
  [6, 'networkMessage', 'NETWORK_MESSAGE', 0],
  [7, 'procRegistration', 'PROC_REGISTRATION', 1],
  [8, 'procInitializeSystem', 'PROC_INITIALIZE_SYSTEM', 2],
  [9, 'procDestroySystem', 'PROC_DESTROY_SYSTEM', 3],
  [10, 'appBroadcast', 'APP_BROADCAST', 4],
  [11, 'appValue', 'APP_VALUE', 5],
  [12, 'appPropose', 'APP_PROPOSE', 7],
  [13, 'appDecide', 'APP_DECIDE', 6],
  [14, 'appRead', 'APP_READ', 8],
  [15, 'appWrite', 'APP_WRITE', 9],
  [16, 'appReadReturn', 'APP_READ_RETURN', 10],
  [17, 'appWriteReturn', 'APP_WRITE_RETURN', 11],
  [20, 'ucDecide', 'UC_DECIDE', 20],
  [21, 'ucPropose', 'UC_PROPOSE', 21],
  [30, 'epAbort', 'EP_ABORT', 30],
  [31, 'epAborted', 'EP_ABORTED', 31],
  [32, 'epInternalAccept', 'EP_INTERNAL_ACCEPT', 33],
  [33, 'epDecide', 'EP_DECIDE', 32],
  [34, 'epInternalDecided', 'EP_INTERNAL_DECIDED', 34],
  [35, 'epPropose', 'EP_PROPOSE', 38],
  [36, 'epInternalRead', 'EP_INTERNAL_READ', 35],
  [37, 'epInternalState', 'EP_INTERNAL_STATE', 36],
  [38, 'epInternalWrite', 'EP_INTERNAL_WRITE', 37],
  [41, 'ecInternalNack', 'EC_INTERNAL_NACK', 40],
  [42, 'ecInternalNewEpoch', 'EC_INTERNAL_NEW_EPOCH', 41],
  [43, 'ecStartEpoch', 'EC_START_EPOCH', 42],
  [50, 'bebBroadcast', 'BEB_BROADCAST', 50],
  [51, 'bebDeliver', 'BEB_DELIVER', 51],
  [60, 'eldTimeout', 'ELD_TIMEOUT', 60],
  [61, 'eldTrust', 'ELD_TRUST', 61],
  [70, 'nnarInternalAck', 'NNAR_INTERNAL_ACK', 70],
  [71, 'nnarInternalRead', 'NNAR_INTERNAL_READ', 71],
  [72, 'nnarInternalValue', 'NNAR_INTERNAL_VALUE', 72],
  [73, 'nnarInternalWrite', 'NNAR_INTERNAL_WRITE', 73],
  [74, 'nnarRead', 'NNAR_READ', 74],
  [75, 'nnarReadReturn', 'NNAR_READ_RETURN', 75],
  [76, 'nnarWrite', 'NNAR_WRITE', 76],
  [77, 'nnarWriteReturn', 'NNAR_WRITE_RETURN', 77],
  [80, 'epfdTimeout', 'EPFD_TIMEOUT', 84],
  [81, 'epfdInternalHeartbeatRequest', 'EPFD_INTERNAL_HEARTBEAT_REQUEST', 81],
  [82, 'epfdInternalHeartbeatReply', 'EPFD_INTERNAL_HEARTBEAT_REPLY', 80],
  [83, 'epfdSuspect', 'EPFD_SUSPECT', 83],
  [84, 'epfdRestore', 'EPFD_RESTORE', 82],
  [90, 'plDeliver', 'PL_DELIVER', 90],
  [91, 'plSend', 'PL_SEND', 91],
]

FIELDS.Message = [
  [1, 'type', 'enum'],
  [2, 'messageUuid', 'string'],
  [3, 'FromAbstractionId', 'string'],
  [4, 'ToAbstractionId', 'string'],
  [5, 'systemId', 'string'],
  ...PAYLOADS.map(([number, field]) => [number, field, field[0].toUpperCase() + field.slice(1)]),
]

const TYPE_VALUE = new Map(PAYLOADS.map(([, , type, value]) => [type, value]))
const TYPE_NAME = new Map(PAYLOADS.map(([, , type, value]) => [value, type]))

/** Type name -> the name of the wrapper's field that carries it. */
export const PAYLOAD_FIELD = new Map(PAYLOADS.map(([, field, type]) => [type, field]))

const SCALARS = { string: '', int32: 0, bool: false, enum: 'NETWORK_MESSAGE' }
const VARINT = 0
const BYTES = 2
const DEPTH_LIMIT = 50

const varint = (value) => {
  const bytes = []
  let rest = BigInt.asUintN(64, BigInt(value))
  while (rest > 127n) {
    bytes.push(Number(rest & 127n) | 128)
    rest >>= 7n
  }
  bytes.push(Number(rest))
  return Buffer.from(bytes)
}

const lengthDelimited = (number, body) => [varint((number << 3) | BYTES), varint(body.length), body]

const encodeField = (number, type, value) => {
  if (value === undefined || value === null || value === SCALARS[type]) return [] // proto3: defaults do not travel
  if (type === 'string') return lengthDelimited(number, Buffer.from(value, 'utf8'))
  if (type === 'bool') return [varint(number << 3), varint(1)]
  if (type === 'int32') return [varint(number << 3), varint(value)]
  if (type === 'enum') return [varint(number << 3), varint(TYPE_VALUE.get(value) ?? value)]
  if (type.endsWith('*')) return value.flatMap((one) => lengthDelimited(number, encodeAs(type.slice(0, -1), one)))
  return lengthDelimited(number, encodeAs(type, value))
}

const encodeAs = (name, message) =>
  Buffer.concat(FIELDS[name].flatMap(([number, field, type]) => encodeField(number, type, message[field])))

/** The bytes of one wrapper message; its `type` is the name of the Type value. */
export const encode = (message) => encodeAs('Message', message)

class Reader {
  constructor(bytes) {
    this.bytes = bytes
    this.at = 0
  }
  varint() {
    let result = 0n
    for (let shift = 0n; shift < 70n; shift += 7n) {
      if (this.at >= this.bytes.length) throw new Error('truncated varint')
      const byte = this.bytes[this.at++]
      result |= BigInt(byte & 127) << shift
      if (byte < 128) return BigInt.asUintN(64, result)
    }
    throw new Error('varint of more than 10 bytes')
  }
  take(length) {
    if (length > this.bytes.length - this.at) throw new Error(`length ${length} beyond the end of its message`)
    this.at += length
    return this.bytes.subarray(this.at - length, this.at)
  }
  skip(wire, number, depth) {
    if (wire === VARINT) this.varint()
    else if (wire === 1) this.take(8)
    else if (wire === BYTES) this.take(Number(this.varint()))
    else if (wire === 5) this.take(4)
    else if (wire === 3 && depth < DEPTH_LIMIT) this.skipGroup(number, depth + 1)
    else throw new Error(`wire type ${wire} in field ${number}`)
  }
  skipGroup(number, depth) {
    for (;;) {
      const tag = Number(this.varint())
      if ((tag & 7) === 4 && tag >>> 3 === number) return
      this.skip(tag & 7, tag >>> 3, depth)
    }
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

const defaults = (name) => {
  const message = {}
  for (const [, field, type] of FIELDS[name]) {
    if (type.endsWith('*')) message[field] = []
    else if (type in SCALARS) message[field] = SCALARS[type]
  }
  return message
}

const decodeScalar = (reader, type) => {
  if (type === 'string') return utf8.decode(reader.take(Number(reader.varint())))
  const raw = reader.varint()
  if (type === 'bool') return raw !== 0n
  const number = Number(BigInt.asIntN(32, raw))
  return type === 'enum' ? (TYPE_NAME.get(number) ?? number) : number
}

const decodeAs = (name, bytes, depth, message = defaults(name)) => {
  if (depth > DEPTH_LIMIT) throw new Error('nested too deep')
  const reader = new Reader(bytes)
  while (reader.at < bytes.length) {
    const tag = Number(reader.varint())
    if (tag > 0xffffffff) throw new Error(`tag ${tag} beyond 32 bits`)
    const number = tag >>> 3
    const wire = tag & 7
    if (number === 0) throw new Error('field number 0')
    const known = FIELDS[name].find(([n]) => n === number)
    const expected = known && (known[2] in SCALARS && known[2] !== 'string' ? VARINT : BYTES)
    if (!known || wire !== expected) {
      reader.skip(wire, number, depth)
      continue
    }
    const [, field, type] = known
    if (type in SCALARS) message[field] = decodeScalar(reader, type)
    else {
      const body = reader.take(Number(reader.varint()))
      if (type.endsWith('*')) message[field].push(decodeAs(type.slice(0, -1), body, depth + 1))
      else message[field] = decodeAs(type, body, depth + 1, message[field])
    }
  }
  return message
}

/** Reads one wrapper message. Scalars that are absent have their proto3 default; an unknown `type` stays a number. Throws on bytes that are not protobuf. */
export const decode = (bytes) => decodeAs('Message', bytes, 0)

/** One frame: the length as 4 bytes big endian, then the message. */
export const frame = (message) => {
  const body = encode(message)
  const out = Buffer.allocUnsafe(4 + body.length)
  out.writeUInt32BE(body.length, 0)
  body.copy(out, 4)
  return out
}
