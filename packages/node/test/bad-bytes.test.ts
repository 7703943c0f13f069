import { connect, type Socket } from 'node:net'
import { Hub } from '@upon/hub'
import { Type, toValue } from '@upon/protocol'
import type { MalformedReason } from '@upon/transport/tcp'
import { describe, expect, it, onTestFinished } from 'vitest'
import { startCli } from './cli-child'
import { until } from './puppet'
import { type Scene, scene } from './scene'

const header = (length: number) => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(length)
  return bytes
}
const framed = (body: Uint8Array) => Buffer.concat([header(body.length), body])
const LIMIT_BYTES = 1024 * 1024

function dial(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true }, () => resolve(socket))
    socket.on('error', reject).on('error', () => {})
    socket.resume()
    onTestFinished(() => void socket.destroy())
  })
}

const closed = (socket: Socket) => new Promise<void>((resolve) => (socket.closed ? resolve() : socket.once('close', () => resolve())))

type Ending = 'wait' | 'fin' | 'rst'

async function pour(port: number, bytes: Uint8Array, ending: Ending): Promise<Socket> {
  const socket = await dial(port)
  await new Promise<void>((resolve) => socket.write(bytes, () => resolve()))
  if (ending === 'fin') socket.end()
  return socket
}

/** The streams of RELIABILITY's list that are no frames, and what they count as. */
const streams: [string, Uint8Array, Ending, MalformedReason][] = [
  ['length 0', header(0), 'wait', 'empty'],
  ['1 header byte then FIN', header(9).subarray(0, 1), 'fin', 'cut-header'],
  ['2 header bytes then FIN', header(9).subarray(0, 2), 'fin', 'cut-header'],
  ['3 header bytes then FIN', header(9).subarray(0, 3), 'fin', 'cut-header'],
  ['length 0xFFFFFFFF', header(0xffffffff), 'wait', 'too-long'],
  ['length 0x80000000', header(0x80000000), 'wait', 'too-long'],
  ['the limit and one more', header(LIMIT_BYTES + 1), 'wait', 'too-long'],
  ['a little-endian length', Buffer.from([20, 0, 0, 0, 1, 2, 3]), 'wait', 'too-long'],
  ['text of another protocol', Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n'), 'wait', 'too-long'],
  ['FIN in mid-body', Buffer.concat([header(100), Buffer.alloc(50)]), 'fin', 'cut-body'],
]

describe('framing: streams that are no frames', () => {
  it.each(streams)('%s: the connection is closed, counted and logged; the node serves on', async (_, bytes, ending, reason) => {
    const s = await scene(['kept', 'classic'])
    await closed(await pour(s.node.address.port, bytes, ending))
    await until(`${reason} is counted`, () => s.node.traffic.malformed[reason] === 1)
    expect(s.lines.filter((line) => line.level === 'warn').map(({ msg, reason: why }) => [msg, why])).toEqual([
      ['malformed input: connection closed', reason],
    ])
    await s.serves()
  })

  it('RST in mid-body', async () => {
    const s = await scene(['kept', 'classic'])
    const before = s.node.traffic.bytes.in
    const socket = await pour(s.node.address.port, Buffer.concat([header(100), Buffer.alloc(50)]), 'wait')
    await until('it is read', () => s.node.traffic.bytes.in >= before + 54)
    socket.resetAndDestroy()
    await until('it is counted', () => s.node.traffic.malformed['reset-in-frame'] === 1)
    await s.serves()
  })

  it('a header then silence: closed after the deadline', async () => {
    const s = await scene(['kept', 'classic'], { limits: { frameDeadlineMs: 200 } })
    await closed(await pour(s.node.address.port, header(100), 'wait'))
    expect(s.node.traffic.malformed.deadline).toBe(1)
    await s.serves()
  })

  it('a byte at a time, 1,000 frames in one chunk, the longest frame: all taken', async () => {
    const s = await scene(['kept', 'classic'])
    const peer = s.peers[1]!
    const bytes = (v: number) =>
      framed(peer.bytes({ to: 'app.beb.pl', message: { type: Type.APP_VALUE, appValue: { value: toValue(v) } } }))
    const socket = await dial(s.node.address.port)
    for (const byte of bytes(1)) await new Promise<void>((resolve) => socket.write(Buffer.of(byte), () => resolve()))
    await s.hub.collect(Type.APP_VALUE, 1)
    await pour(s.node.address.port, Buffer.concat(Array.from({ length: 1_000 }, (_, i) => bytes(i))), 'fin')
    await s.hub.collect(Type.APP_VALUE, 1_001)
    await pour(s.node.address.port, framed(Buffer.alloc(LIMIT_BYTES)), 'fin')
    await until('the longest is judged', () => s.node.refusals.malformed === 1)
    await s.serves()
  })

  it('a frame then garbage: the frame is taken', async () => {
    const s = await scene(['kept', 'classic'])
    const value = s.peers[1]!.bytes({ to: 'app.beb.pl', message: { type: Type.APP_VALUE, appValue: { value: toValue(1) } } })
    await pour(s.node.address.port, Buffer.concat([framed(value), Buffer.from('garbage here')]), 'wait')
    await s.hub.collect(Type.APP_VALUE, 1)
    await until('it is counted', () => s.node.traffic.malformed['too-long'] === 1)
    await s.serves()
  })
})

const varint = (n: number): number[] => (n < 128 ? [n] : [(n & 127) | 128, ...varint(n >>> 7)])
const field = (number: number, bytes: Uint8Array) =>
  Buffer.concat([Buffer.from([...varint((number << 3) | 2), ...varint(bytes.length)]), bytes])
const integer = (number: number, ...bytes: number[]) => Buffer.from([...varint(number << 3), ...bytes])

function nested(depth: number): Uint8Array {
  let bytes: Uint8Array = integer(1, 0)
  for (let i = 0; i < depth && bytes.length < LIMIT_BYTES - 20; i++) bytes = field(6, field(3, bytes))
  return bytes
}

/** A wrapper around a message of that type and content. */
const wrapped = (type: number, ...fields: Uint8Array[]) =>
  Buffer.concat([
    integer(1, 0),
    field(5, Buffer.from('sys-1')),
    field(4, Buffer.from('app.beb.pl')),
    field(6, field(3, Buffer.concat([integer(1, ...varint(type)), ...fields]))),
  ])

const garbage = Buffer.from(Array.from({ length: 2_000 }, (_, i) => (i * 7919 + 13) % 251))
const bodies: [string, Uint8Array, RegExp][] = [
  ['random bytes', garbage, /expected/],
  ['a truncated varint', Buffer.from([0x08, 0x80]), /truncated/],
  ['an 11-byte varint', Buffer.from([0x08, ...Array.from({ length: 11 }, () => 0xff), 1]), /malformed|truncated/],
  ['invalid UTF-8', Buffer.concat([integer(1, 0), field(2, Buffer.of(0xff, 0xfe))]), /invalid-utf8/],
  ['an unknown type', wrapped(99), /unknown-type/],
  ['a type that is negative', wrapped(2 ** 31 - 1), /unknown-type/],
  ['a type without its body', wrapped(5), /missing-body/],
  ['the body of another type', wrapped(5, field(13, Buffer.alloc(0))), /wrong-body/],
  ['two bodies', wrapped(5, field(11, Buffer.alloc(0)), field(11, Buffer.alloc(0))), /wrong-body/],
  ['no wrapper', Buffer.concat([integer(1, 5), field(11, Buffer.alloc(0))]), /wrong-body/],
  ['a wrapper with nothing within', Buffer.concat([integer(1, 0), field(6, Buffer.alloc(0))]), /missing-body/],
  ['nesting 10,000 deep', nested(10_000), /too-deep/],
  [
    '100,000 repeated entries',
    wrapped(2, field(8, Buffer.concat(Array.from({ length: 100_000 }, () => field(1, Buffer.alloc(0)))))),
    /too-many/,
  ],
  ['an inner length beyond the outer', Buffer.concat([integer(1, 0), Buffer.from([0x32, 0x7f, 0x1a, 0x02])]), /truncated/],
  ['an ID of 1 MB', Buffer.concat([field(4, Buffer.alloc(LIMIT_BYTES - 100, 97))]), /too-long/],
]

const refusedBodies = async (s: Scene, why: RegExp) => {
  await until('it is refused', () => s.node.refusals.malformed === 1)
  expect(s.lines.find(({ reason }) => reason === 'malformed')?.msg).toMatch(why)
  await s.serves()
}

describe('encoding: frames that are no messages', () => {
  it.each(bodies)('%s: refused, counted, logged with its reason; the connection and the node go on', async (_, body, why) => {
    const s = await scene(['kept', 'classic'])
    s.peers[0]?.sendBytes(s.node.address, body)
    await refusedBodies(s, why)
  })

  it('integers beyond int32 are read as protobuf has it, and unknown fields are skipped', async () => {
    const s = await scene(['kept', 'classic'])
    const { port } = s.peers[0]!.address
    const value = field(11, field(1, Buffer.concat([integer(1, 1), integer(2, 0x85, 0x80, 0x80, 0x80, 0x10), field(77, garbage)])))
    const inner = Buffer.concat([integer(1, 5), value, field(900, Buffer.from('__proto__'))])
    const network = Buffer.concat([field(1, Buffer.from('127.0.0.1')), integer(2, ...varint(port)), field(3, inner)])
    s.peers[0]?.sendBytes(
      s.node.address,
      Buffer.concat([field(5, Buffer.from('sys-1')), field(4, Buffer.from('app.beb.pl')), field(6, network)]),
    )
    const [delivered] = await s.hub.collect(Type.APP_VALUE, 1)
    expect(delivered?.inner.appValue?.value).toEqual(toValue(5))
  })
})

it('a process of its own takes all of this at once, with idle connections beside it, and serves on in little memory', async () => {
  const hub = await Hub.listen({ host: '127.0.0.1', port: 0, timeoutMs: 10_000 })
  onTestFinished(() => hub.close())
  const cli = startCli(['--hub', `127.0.0.1:${hub.address.port}`, '--port', '0,0,0', '--owner', 'abc', '--json'])
  await hub.registered(3)
  await hub.system(['abc'])
  const { port } = hub.processes[1]!
  const idle = await Promise.all(Array.from({ length: 100 }, () => dial(port)))
  for (let round = 0; round < 6; round++) {
    await Promise.all(streams.map(([, bytes, ending]) => pour(port, bytes, ending)))
    await Promise.all(
      bodies.map(([, body]) =>
        pour(port, framed(body), round % 2 === 0 ? 'fin' : 'rst').then((socket) => round % 2 && socket.resetAndDestroy()),
      ),
    )
    if (round % 3 === 0) expect(await hub.broadcast('abc-2', round)).toMatchObject({ ok: true })
  }
  expect(await hub.storm('x', { operations: 60 })).toMatchObject({ ok: true, missing: [] })
  expect(await hub.consensus('t')).toMatchObject({ ok: true, missing: [] })
  expect(cli.child.exitCode).toBe(null)
  expect(cli.lines().filter(({ level }) => level === 'error')).toEqual([])
  expect(cli.lines().length).toBeLessThan(150)
  for (const socket of idle) socket.destroy()
  cli.child.kill('SIGTERM')
  expect(await cli.exited).toBe(0)
}, 60_000)
