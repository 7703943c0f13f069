// What raw processes and their driver say to each other: 10 bytes that mean something, and padding up to the size of the real message.
export const WRITE = 1
export const BROADCAST = 2
export const PROPOSE = 3

export const RAW = { register: 0, start: 1, command: 2, ask: 3, answer: 4, tell: 5, report: 6 }

export function rawFrame(kind, op, id, extra, bytes) {
  const body = Buffer.alloc(Math.max(bytes, 24))
  body[0] = kind
  body[1] = op
  body[2] = extra
  body.writeUInt32BE(id, 4)
  body.writeUInt16BE(rawFrame.from, 8)
  return body
}
/** The port of the program that makes frames here. */
rawFrame.from = 0

export function readRaw(body) {
  const view = new DataView(body.buffer, body.byteOffset, body.length)
  return { kind: body[0], op: body[1], extra: body[2], id: view.getUint32(4), from: view.getUint16(8) }
}
