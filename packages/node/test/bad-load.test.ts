import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Message, Type, toValue } from '@upon/protocol'
import { expect, it, onTestFinished } from 'vitest'
import { LIMIT_HELD_OF_LONG_PATHS, LIMIT_NAMES_CHARACTERS, LIMIT_OPERATIONS } from '../src/index'
import { LIMIT_RECORDINGS } from '../src/recording/recordings'
import { until } from './puppet'
import { type Scene, scene } from './scene'

const nack: Message = { type: Type.EC_INTERNAL_NACK }
const nnarRead: Message = { type: Type.NNAR_INTERNAL_READ, nnarInternalRead: { readId: 1 } }

const warnings = ({ lines }: Scene, reason: string) => lines.filter((line) => line.level === 'warn' && line.reason === reason)

/** Sends frames on one connection, all at once. */
function flood({ node }: Scene, bodies: readonly Uint8Array[]): void {
  const frames = bodies.flatMap((body) => {
    const header = Buffer.alloc(4)
    header.writeUInt32BE(body.length)
    return [header, body]
  })
  const socket = connect(node.address)
  onTestFinished(() => void socket.destroy())
  socket.end(Buffer.concat(frames))
}

it('names of registers without end keep others waiting for moments only, and come to an end', async () => {
  let delivered: (() => void) | undefined
  const observe = (_: string, { path, event }: { path: string; event: string }) => {
    if (path === 'app' && event === 'deliver') delivered?.()
  }
  const s = await scene(['classic', 'kept'], { observe })
  const [flooder, honest] = s.peers
  const registers = () => s.node.systems.get('sys-1')?.counters.registers ?? 0
  const value = (): Promise<number> => {
    const registersThen = new Promise<number>((resolve) => {
      delivered = () => resolve(registers())
    })
    honest?.send(s.node.address, { to: 'app.beb.pl', message: { type: Type.APP_VALUE, appValue: { value: toValue(1) } } })
    return registersThen
  }
  expect(await value()).toBe(0) // its connection stands
  const count = 1_500
  flood(
    s,
    Array.from({ length: count }, (_, i) => flooder!.bytes({ to: `app.nnar[r${i}].beb.pl`, message: nnarRead })),
  )
  await new Promise<void>((resolve) => {
    const look = () => (registers() > 0 ? resolve() : setImmediate(look))
    look()
  })
  const then = await value()
  expect(then).toBeGreaterThan(0)
  expect(then).toBeLessThan(count) // the honest one did not wait for the end of it
  await until('all of it is served', () => registers() === count)
})

it('a peer names topics with long names: those beyond what there is room for are refused', async () => {
  const s = await scene(['kept', 'classic'], { delayMs: 60_000 })
  const topic = (i: number) => `${i} ${'x'.repeat(30_000)}`
  const fit = Math.ceil(LIMIT_NAMES_CHARACTERS / topic(10).length)
  for (let i = 0; i < fit + 100; i++) s.peers[0]?.send(s.node.address, { to: `app.uc[${topic(i)}].ec.pl`, message: nack })
  const counters = () => s.node.systems.get('sys-1')?.counters
  await until('all are taken or refused', () => (counters()?.topics ?? 0) + s.node.refusals.overLimit === fit + 100)
  expect(s.node.refusals.overLimit).toBeGreaterThanOrEqual(99)
  expect(counters()?.held).toBe(0)
  await s.serves()
})

it('messages for epochs that never come, of a topic with a long name, do not fill the memory', async () => {
  const s = await scene(['kept', 'classic'])
  const topic = 'x'.repeat(2_000)
  const accept: Message = { type: Type.EP_INTERNAL_ACCEPT }
  const sent = LIMIT_HELD_OF_LONG_PATHS + 500
  for (let i = 1; i <= sent; i++) s.peers[0]?.send(s.node.address, { to: `app.uc[${topic}].ep[${i}].pl`, message: accept })
  await until('the last ones are refused', () => s.node.refusals.overLimit === 500)
  expect(s.node.systems.get('sys-1')?.counters.held).toBe(LIMIT_HELD_OF_LONG_PATHS)
  await s.serves()
})

it('operations wait in line while there is no majority, but not without end', async () => {
  const s = await scene(['kept', 'classic'])
  const system = s.node.systems.get('sys-1')
  for (let i = 0; i < LIMIT_OPERATIONS; i++) system?.read('x')
  s.command({ type: Type.APP_WRITE, appWrite: { register: 'x', value: toValue(1) } })
  await until('it is refused', () => s.node.refusals.overLimit === 1)
  expect(warnings(s, 'overLimit')[0]?.msg).toBe('100000 operations wait for their turn already')
  s.command({ type: Type.APP_BROADCAST, appBroadcast: { value: toValue(1) } })
  await s.hub.collect(Type.APP_VALUE, 1)
})

it('a flood of nonsense from a peer is counted in full and logged in a few lines', async () => {
  const s = await scene(['kept', 'classic'])
  const garbage = Buffer.from('this is not protobuf')
  for (let i = 0; i < 5_000; i++) {
    s.peers[0]?.sendBytes(s.node.address, garbage)
    s.peers[0]?.send(s.node.address, { to: `nowhere ${i}`, message: nack })
    s.peers[0]?.send(s.node.address, { to: 'app.nnar[x].pl', message: nnarRead })
    s.peers[0]?.send(s.node.address, { systemId: `sys-${i}`, to: 'app.beb.pl', message: nack })
  }
  await until('all is counted', () => s.node.refusals.malformed === 5_000 && s.node.refusals.meaningless >= 10_000)
  expect(s.node.refusals.unknownSystem).toBeGreaterThan(3_900)
  const said = s.lines.filter(({ level, count }) => level === 'warn' && count === undefined)
  expect(said.length).toBeLessThanOrEqual(3 * 10) // of each kind ten lines; then counts, however long it takes
  await s.serves()
})

/** The longest log of one flood, however long the flood. */
const LIMIT_LOG_BYTES = 64 * 1024
const logBytes = ({ lines }: Scene) => lines.reduce((sum, line) => sum + JSON.stringify(line).length, 0)

it('a flood of systems that start and end leaves a short log, and a limited number of recordings', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'upon-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const s = await scene(['kept', 'classic'], { trace: folder })
  const ofHub = { FromAbstractionId: 'hub', ToAbstractionId: 'app' }
  const start: Message = { type: Type.PROC_INITIALIZE_SYSTEM, ...ofHub, procInitializeSystem: { processes: s.processes } }
  const end: Message = { type: Type.PROC_DESTROY_SYSTEM, ...ofHub, procDestroySystem: {} }
  const names = Array.from({ length: LIMIT_RECORDINGS + 100 }, (_, i) => `flood-${i}`)
  flood(
    s,
    names.flatMap((systemId) => [start, end].map((message) => s.hub.bytes({ systemId, message }))),
  )
  await until('all have ended', () => s.node.recordings.failed === 101 && s.node.systems.size === 1)
  expect(s.node.recordings).toMatchObject({ files: LIMIT_RECORDINGS, failed: 101 })
  expect(readdirSync(folder)).toHaveLength(LIMIT_RECORDINGS)
  expect(logBytes(s)).toBeLessThan(LIMIT_LOG_BYTES)
  await s.serves()
})

it('a flood of long messages for an unknown system leaves a short log, and a limited number is kept', async () => {
  const s = await scene(['kept', 'classic'])
  const long = s.peers[0]!.bytes({ systemId: 'unknown', to: `app.nnar[${'a'.repeat(30_000)}].pl`, message: nack })
  const count = 1_000
  flood(s, Array<Uint8Array>(count).fill(long))
  await until('all are refused', () => s.node.refusals.unknownSystem === count)
  expect(logBytes(s)).toBeLessThan(LIMIT_LOG_BYTES)
  await s.serves()
})
