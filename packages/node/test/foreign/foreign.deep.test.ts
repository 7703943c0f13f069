import { once } from 'node:events'
import net from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { frame, type Message } from './codec.mjs'
import { defined, FakeHub, write } from './fake-hub'
import { type Foreign, type Quirk, startForeign } from './start'

const started: Foreign[] = []
const hubs: FakeHub[] = []

afterEach(async () => {
  for (const foreign of started) foreign.kill('SIGKILL')
  await Promise.all(started.map((foreign) => foreign.stopped))
  for (const hub of hubs.splice(0)) hub.stop()
  started.length = 0
})

const startHub = async (port = 0) => {
  const hub = await FakeHub.start(port)
  hubs.push(hub)
  return hub
}

const start = async (hub: FakeHub, index: number, quirks: readonly Quirk[] = ['strictproto']) => {
  const foreign = await startForeign({ hub: hub.address, ports: [0], owner: 'abc', index, quirks })
  started.push(foreign)
  return foreign
}

const NAMES = ['abc-1', 'abc-2', 'abc-3']

/** Three programs of one process each, registered, in the system sys-1; abc-3 has the highest rank. */
const startThree = async (quirks: readonly (readonly Quirk[])[] = [['strictproto'], ['strictproto'], ['strictproto']]) => {
  const hub = await startHub()
  const processes = await Promise.all(quirks.map((q, i) => start(hub, i + 1, q)))
  await hub.until(() => hub.registered.size === 3)
  await hub.initialize('sys-1', NAMES)
  return { hub, processes }
}

/** Every process proposes a value of its own; resolves with who decided what. */
const decideAll = async (hub: FakeHub, systemId: string, topic: string, names: readonly string[]) => {
  const before = hub.reports.filter((r) => r.systemId === systemId && r.message.type === 'APP_DECIDE').length
  await Promise.all(names.map((name, i) => hub.send(name, systemId, 'APP_PROPOSE', { topic, value: defined(100 + i) })))
  const decisions = (await hub.collect(systemId, 'APP_DECIDE', before + names.length)).slice(before)
  return { who: decisions.map((d) => d.process).sort(), what: new Set(decisions.map((d) => d.message.appDecide!.value!.v)) }
}

const expectOneOf = (values: Set<number | undefined>, proposed: readonly number[]) => {
  expect(values.size).toBe(1)
  expect(proposed).toContain([...values][0])
}

const read = async (hub: FakeHub, name: string, register: string) => {
  const before = hub.reports.filter((r) => r.message.type === 'APP_READ_RETURN').length
  await hub.send(name, 'sys-1', 'APP_READ', { register })
  const returned = (await hub.collect('sys-1', 'APP_READ_RETURN', before + 1)).at(-1)!
  expect(returned.process).toBe(name)
  expect(returned.message.appReadReturn!.register).toBe(register)
  return returned.message.appReadReturn!.value
}

const writeRegister = async (hub: FakeHub, name: string, register: string, v: number) => {
  const before = hub.reports.filter((r) => r.message.type === 'APP_WRITE_RETURN').length
  await hub.send(name, 'sys-1', 'APP_WRITE', { register, value: defined(v) })
  await hub.collect('sys-1', 'APP_WRITE_RETURN', before + 1)
}

describe('the foreign partner under a hub', () => {
  it('does the whole walk-through, and again when the leader is killed', async () => {
    const { hub, processes } = await startThree()

    await hub.send('abc-2', 'sys-1', 'APP_BROADCAST', { value: defined(52) })
    const delivered = await hub.collect('sys-1', 'APP_VALUE', 3)
    expect(delivered.map((d) => d.process).sort()).toEqual(NAMES)
    expect(delivered.map((d) => d.message.appValue!.value!.v)).toEqual([52, 52, 52])

    expect((await read(hub, 'abc-1', 'x'))?.defined ?? false).toBe(false)
    await writeRegister(hub, 'abc-2', 'x', 89)
    for (const name of NAMES) expect(await read(hub, name, 'x')).toEqual({ defined: true, v: 89 })
    await writeRegister(hub, 'abc-3', 'a[b].c', 0)
    expect(await read(hub, 'abc-1', 'a[b].c')).toEqual({ defined: true, v: 0 })

    const first = await decideAll(hub, 'sys-1', 't', NAMES)
    expect(first.who).toEqual(NAMES)
    expectOneOf(first.what, [100, 101, 102])

    processes[2]!.kill('SIGKILL')
    expect(await processes[2]!.stopped).toBe(null)
    const survivors = NAMES.slice(0, 2)
    const second = await decideAll(hub, 'sys-1', 'after the crash', survivors)
    expect(second.who).toEqual(survivors)
    expectOneOf(second.what, [100, 101])
    await writeRegister(hub, 'abc-1', 'x', -7)
    expect(await read(hub, 'abc-2', 'x')).toEqual({ defined: true, v: -7 })
    expect(processes.slice(0, 2).map((p) => p.child.exitCode)).toEqual([null, null])
  })

  it('decides a topic in progress when its leader is killed in mid-instance', async () => {
    const { hub, processes } = await startThree()
    const survivors = NAMES.slice(0, 2)
    await Promise.all(survivors.map((name, i) => hub.send(name, 'sys-1', 'APP_PROPOSE', { topic: 't', value: defined(i) })))
    processes[2]!.kill('SIGKILL') // the leader of the first epochs was never asked to propose, so it cannot have decided
    const decisions = await hub.collect('sys-1', 'APP_DECIDE', 2)
    expect(decisions.map((d) => d.process).sort()).toEqual(survivors)
    expectOneOf(new Set(decisions.map((d) => d.message.appDecide!.value!.v)), [0, 1])
  })

  it('answers every one of many commands for one register, and decides many topics at once', async () => {
    const { hub } = await startThree()
    const commands = [...Array(10).keys()].flatMap((v) =>
      NAMES.flatMap((name) => [
        hub.send(name, 'sys-1', 'APP_WRITE', { register: 'x', value: defined(v) }),
        hub.send(name, 'sys-1', 'APP_READ', { register: 'x' }),
      ]),
    )
    await Promise.all(commands)
    await hub.collect('sys-1', 'APP_WRITE_RETURN', 30)
    await hub.collect('sys-1', 'APP_READ_RETURN', 30)

    const topics = ['a', 'b', 'c', 'd']
    const propose = (topic: string, t: number) =>
      Promise.all(NAMES.map((name, i) => hub.send(name, 'sys-1', 'APP_PROPOSE', { topic, value: defined(10 * t + i) })))
    await Promise.all(topics.map(propose))
    const decided = (await hub.collect('sys-1', 'APP_DECIDE', 12)).map((d) => [d.process, Math.floor(d.message.appDecide!.value!.v! / 10)])
    for (const name of NAMES)
      expect(
        decided
          .filter(([who]) => who === name)
          .map(([, t]) => t)
          .sort(),
      ).toEqual([0, 1, 2, 3])
  })

  it('is in several systems at a time, and forgets one that is destroyed', async () => {
    const { hub, processes } = await startThree()
    await hub.initialize('sys-2', ['abc-3', 'abc-1'])
    expect((await decideAll(hub, 'sys-2', 't', ['abc-1', 'abc-3'])).what.size).toBe(1)
    expect((await decideAll(hub, 'sys-1', 't', NAMES)).what.size).toBe(1)
    await hub.send('abc-1', 'sys-1', 'PROC_DESTROY_SYSTEM', {})
    await processes[0]!.event((e) => e.event === 'destroyed' && e.system === 'sys-1')
    await hub.send('abc-1', 'sys-1', 'APP_READ', { register: 'x' })
    await processes[0]!.event((e) => e.event === 'dropped' && String(e.reason).startsWith('APP_READ'))
    expect((await decideAll(hub, 'sys-2', 'u', ['abc-1', 'abc-3'])).what.size).toBe(1)
  })

  it('keeps a message of an epoch until it enters that epoch', async () => {
    const [hub, peer] = [await startHub(), await startHub()] // the peer, rank 2, leads epochs 4, 6, ... of two processes
    const foreign = await start(hub, 1)
    await hub.until(() => hub.registered.size === 1)
    hub.registered.set('abc-2', { ...peer.address, owner: 'abc', index: 2, rank: 0 })
    const say = (systemId: string, abstraction: string, message: Message) => {
      const ids = { systemId, FromAbstractionId: abstraction, ToAbstractionId: abstraction }
      const networkMessage = { senderHost: peer.address.host, senderListeningPort: peer.address.port, message: { ...message, ...ids } }
      return write(foreign.ports[0]!, [
        frame({ type: 'NETWORK_MESSAGE', systemId, ToAbstractionId: `${abstraction}.beb.pl`, networkMessage }),
      ])
    }
    const answers = (systemId: string) =>
      peer.reports.filter((r) => r.systemId === systemId && ['EP_INTERNAL_STATE', 'EC_INTERNAL_NACK'].includes(String(r.message.type)))
    for (let attempt = 1; ; attempt++) {
      const systemId = `sys-${attempt}`
      await hub.initialize(systemId, ['abc-1', 'abc-2'])
      await say(systemId, 'app.uc[t].ep[4]', { type: 'EP_INTERNAL_READ', epInternalRead: {} })
      await say(systemId, 'app.uc[t].ec', { type: 'EC_INTERNAL_NEW_EPOCH', ecInternalNewEpoch: { timestamp: 4 } })
      await peer.until(() => answers(systemId).length > 0)
      if (answers(systemId)[0]!.message.type === 'EP_INTERNAL_STATE') break
      // a refusal: the peer, which answers no heartbeat, was suspected before both messages were there
    }
  })

  it('registers as soon as the hub is there', async () => {
    const gone = await FakeHub.start()
    const { port } = gone.address
    gone.stop()
    const foreign = await startForeign({ hub: { host: '127.0.0.1', port }, ports: [0, 0], owner: 'late' })
    started.push(foreign)
    const hub = await startHub(port)
    await hub.until(() => hub.registered.size === 2)
    expect([...hub.registered.keys()].sort()).toEqual(['late-1', 'late-2'])
    expect([...hub.registered.values()].map((p) => p.port).sort()).toEqual([...foreign.ports].sort())
  })
})

describe('the quirks', () => {
  const MIXES: readonly (readonly Quirk[])[][] = [
    [['nosplit', 'emptyfrom', 'nouuid'], ['outersys', 'undefminus', 'nosenderhost'], ['strictproto']],
    [
      ['novalue', 'emptyhubids'],
      ['slow', 'nosplit'],
      ['emptyfrom', 'outersys', 'strictproto'],
    ],
  ]
  it.each(MIXES)('hold every expectation when mixed: %s / %s / %s', async (...quirks) => {
    const { hub } = await startThree(quirks)
    await hub.send('abc-1', 'sys-1', 'APP_BROADCAST', { value: defined(1) })
    await hub.collect('sys-1', 'APP_VALUE', 3)
    expect((await read(hub, 'abc-3', 'never written'))?.defined ?? false).toBe(false)
    await writeRegister(hub, 'abc-1', 'x', 5)
    expect(await read(hub, 'abc-2', 'x')).toEqual({ defined: true, v: 5 })
    const { who, what } = await decideAll(hub, 'sys-1', 't', NAMES)
    expect(who).toEqual(NAMES)
    expectOneOf(what, [100, 101, 102])
  })

  it.each<[Quirk | 'none', object, object]>([
    ['none', { messageUuid: true, systemId: 'sys-1', FromAbstractionId: 'app.pl', ToAbstractionId: 'app.pl', senderHost: '127.0.0.1' }, {}],
    [
      'none',
      {},
      { messageUuid: true, systemId: 'sys-1', FromAbstractionId: 'app', ToAbstractionId: 'hub', value: { defined: false, v: 0 } },
    ],
    ['emptyfrom', { FromAbstractionId: '', ToAbstractionId: 'app.pl' }, { FromAbstractionId: 'app' }],
    ['nouuid', { messageUuid: false }, { messageUuid: false }],
    ['outersys', { systemId: 'sys-1' }, { systemId: '' }],
    ['undefminus', {}, { value: { defined: false, v: -1 } }],
    ['novalue', {}, { value: undefined }],
    ['emptyhubids', { FromAbstractionId: '', ToAbstractionId: '' }, { FromAbstractionId: '', ToAbstractionId: '' }],
    ['nosenderhost', { senderHost: '' }, {}],
  ])('%s shows on the wire as %j outside, %j inside', async (quirk, outside, inside) => {
    const hub = await startHub()
    await start(hub, 1, quirk === 'none' ? [] : [quirk])
    await hub.until(() => hub.registered.size === 1)
    await hub.initialize('sys-1', ['abc-1'])
    await hub.send('abc-1', 'sys-1', 'APP_READ', { register: 'x' })
    const { outer, message } = (await hub.collect('sys-1', 'APP_READ_RETURN', 1))[0]!
    const seen = (m: Message) => ({ ...m, messageUuid: m.messageUuid !== '' })
    expect({ ...seen(outer), senderHost: outer.networkMessage!.senderHost }).toMatchObject(outside)
    expect({ ...seen(message), value: message.appReadReturn!.value }).toMatchObject(inside)
  })

  const request = (hub: FakeHub) => hub.request('sys-9', 'APP_READ', { register: 'x' })

  it('a frame in pieces is accepted by default; with nosplit it is malformed, counted, and the partner lives on', async () => {
    const hub = await startHub()
    const [tolerant, nosplit] = await Promise.all([start(hub, 1), start(hub, 2, ['nosplit'])])
    const bytes = request(hub)
    await write(
      tolerant.ports[0]!,
      [...bytes].map((byte) => Buffer.from([byte])),
    )
    await write(nosplit.ports[0]!, [bytes.subarray(0, 4)])
    await nosplit.event((e) => e.event === 'malformed' && e.count === 1)
    await write(nosplit.ports[0]!, [bytes])
    await hub.until(() => hub.registered.size === 2)
    const names = ['abc-1', 'abc-2']
    await hub.initialize('sys-9', names) // both kept the read for the system that they did not know yet
    expect((await hub.collect('sys-9', 'APP_READ_RETURN', 2)).map((r) => r.process).sort()).toEqual(names)
  })

  const wrapped = (to: string, inner: Message): Buffer =>
    frame({ type: 'NETWORK_MESSAGE', systemId: 'sys-9', ToAbstractionId: to, networkMessage: { message: { ...inner, systemId: 'sys-9' } } })
  const illegal: [string, (hub: FakeHub) => Buffer][] = [
    ['a second frame on a connection', (hub) => Buffer.concat([request(hub), request(hub)])],
    ['bytes after the frame', (hub) => Buffer.concat([request(hub), Buffer.from([0])])],
    ['a frame of length 0', () => Buffer.alloc(4)],
    ['a frame too long', () => Buffer.from([0xff, 0xff, 0xff, 0xff])],
    ['a frame that ends too early', (hub) => request(hub).subarray(0, -1)],
    ['bytes that are no message', () => Buffer.from([0, 0, 0, 2, 0x0a, 0x7f])],
    ['a bare message', () => frame({ type: 'APP_READ', appRead: { register: 'x' } })],
    ['an unknown type', () => wrapped('app.pl', { type: 200 })],
    ['a type without its body', () => wrapped('app.pl', { type: 'APP_READ', ToAbstractionId: 'app' })],
    ['an event that never travels', () => wrapped('app.pl', { type: 'UC_DECIDE', ToAbstractionId: 'app', ucDecide: {} })],
    ['an unknown id', () => wrapped('app.nnar[x', { type: 'NNAR_INTERNAL_READ', nnarInternalRead: {} })],
    ['the wrong id', () => wrapped('app.nnar[x].pl', { type: 'NNAR_INTERNAL_READ', ToAbstractionId: 'app.nnar[x]', nnarInternalRead: {} })],
    [
      'an inner id other than the outer',
      () => wrapped('app.pl', { type: 'APP_READ', ToAbstractionId: 'app.beb', appRead: { register: 'x' } }),
    ],
  ]
  it.each(illegal)('strictproto dies with code 3 of %s; without it the partner lives on', async (_, bytes) => {
    const hub = await startHub()
    const [strict, classic] = await Promise.all([start(hub, 1), start(hub, 2, [])])
    await write(strict.ports[0]!, [bytes(hub)])
    expect(await strict.stopped).toBe(3)
    expect(strict.errors()).toContain('malformed: ')
    await write(classic.ports[0]!, [bytes(hub)])
    await hub.until(() => hub.registered.has('abc-2'))
    await hub.initialize('sys-1', ['abc-2'])
    await writeRegister(hub, 'abc-2', 'x', 1)
  })

  it('strictproto sees a second frame that comes after the first was read', async () => {
    const hub = await startHub()
    const strict = await start(hub, 1)
    await hub.until(() => hub.registered.size === 1)
    const frames = [...Array(50)].map(() => request(hub))
    await write(strict.ports[0]!, frames)
    expect(await strict.stopped).toBe(3)
    expect(strict.errors()).toContain('more than one frame on a connection')
  })

  it('strictproto skips unknown fields, of every wire type', async () => {
    const hub = await startHub()
    const strict = await start(hub, 1)
    const known = request(hub)
    const unknown = Buffer.from([
      0x98, 0x3f, 5, 0x9d, 0x3f, 1, 2, 3, 4, 0x99, 0x3f, 1, 2, 3, 4, 5, 6, 7, 8, 0x9a, 0x3f, 1, 9, 0x9b, 0x3f, 0x9c, 0x3f,
    ])
    const bytes = Buffer.concat([known, unknown])
    bytes.writeUInt32BE(bytes.length - 4, 0)
    await write(strict.ports[0]!, [bytes])
    await hub.until(() => hub.registered.size === 1)
    await hub.initialize('sys-9', ['abc-1'])
    await hub.collect('sys-9', 'APP_READ_RETURN', 1)
  })

  it('the accept loop is serial: an idle connection holds up all others until it is closed', async () => {
    const hub = await startHub()
    const foreign = await start(hub, 1)
    await hub.until(() => hub.registered.size === 1)
    await hub.initialize('sys-1', ['abc-1'])
    await foreign.event((e) => e.event === 'system')
    const idle = net.connect({ port: foreign.ports[0]!, host: '127.0.0.1' })
    await once(idle, 'connect')
    const sent = hub.send('abc-1', 'sys-1', 'APP_WRITE', { register: 'x', value: defined(1) })
    await foreign.event((e) => e.event === 'idle')
    expect(foreign.events.filter((e) => e.event === 'write')).toEqual([])
    idle.destroy()
    await sent
    await foreign.event((e) => e.event === 'write')
  })
})
