import { encode, type Message, type ProcessId, Type, toValue, type Unwrapped, UPON_VERSION, wrap } from '@upon/protocol'
import { describe, expect, it } from 'vitest'
import { LIMIT_NAME_BYTES, LIMIT_SYSTEMS, type Refusals } from '../src/index'
import { Puppet, until } from './puppet'
import { answerRegisters, type Scene, scene } from './scene'

const LOWEST = -(2 ** 31)
const HIGHEST = 2 ** 31 - 1
const value = toValue(7)
const stamped = { readId: 1, timestamp: 1, writerRank: 1, value }

/** Exactly so many were refused, for that reason and no other, and the log says why; and the node still serves. */
async function expectRefused(s: Scene, reason: keyof Refusals, why: RegExp, count = 1): Promise<void> {
  const none: Refusals = { malformed: 0, meaningless: 0, unauthorised: 0, unknownSystem: 0, badMembership: 0, overLimit: 0, crashes: 0 }
  await until(`${count} of ${reason} are refused, not ${JSON.stringify(s.node.refusals)}`, () => s.node.refusals[reason] >= count)
  await s.serves()
  expect(s.node.refusals).toEqual({ ...none, [reason]: count })
  expect(s.lines.filter((line) => line.reason === reason && line.level === 'warn').map(({ msg }) => msg)).toEqual([
    expect.stringMatching(why),
    ...Array.from({ length: count - 1 }, () => expect.stringMatching(why)),
  ])
}

const appValue: Message = { type: Type.APP_VALUE, appValue: { value } }
const nnarRead: Message = { type: Type.NNAR_INTERNAL_READ, nnarInternalRead: { readId: 1 } }

describe('a peer says what means nothing here: refused, counted, logged with its reason, and the node serves on', () => {
  const nnarValue = (field: object): Message => ({ type: Type.NNAR_INTERNAL_VALUE, nnarInternalValue: { ...stamped, ...field } })
  const nnarWrite = (field: object): Message => ({ type: Type.NNAR_INTERNAL_WRITE, nnarInternalWrite: { ...stamped, ...field } })
  const newEpoch = (timestamp: number): Message => ({ type: Type.EC_INTERNAL_NEW_EPOCH, ecInternalNewEpoch: { timestamp } })
  const state = (valueTimestamp: number): Message => ({ type: Type.EP_INTERNAL_STATE, epInternalState: { valueTimestamp, value } })
  const segments = Array.from({ length: 10_000 }, () => 'pl').join('.')

  it.each<[string, string, Message, RegExp]>([
    ['no abstraction', '', appValue, /there is no link /],
    ['an unknown abstraction', 'app.nothing.pl', appValue, /there is no link app\.nothing\.pl/],
    ['an abstraction ID of 10,000 segments', segments, appValue, /there is no link pl\.pl\.pl/],
    ['an abstraction ID of 64 KiB', `app.x[${'a'.repeat(65_000)}].pl`, appValue, /there is no link app\.x\[aaa/],
    ['__proto__ for an abstraction', '__proto__', appValue, /there is no link __proto__/],
    ['constructor for an abstraction', 'app.constructor', appValue, /there is no link app\.constructor/],
    ['a link of an abstraction that has none there', 'app.pl', appValue, /there is no link app\.pl/],
    ["a message that is another abstraction's", 'app.beb.pl', nnarRead, /app takes no NNAR_INTERNAL_READ/],
    ['a message on the other link of its abstraction', 'app.nnar[x].pl', nnarRead, /no such message on this link/],
    ['an event that never travels', 'app.nnar[x].pl', { type: Type.NNAR_READ }, /nnar takes no NNAR_READ/],
    ['a registration', 'app.beb.pl', { type: Type.PROC_REGISTRATION, procRegistration: { owner: 'a', index: 1 } }, /app takes no PROC_REG/],
    ['a negative readId', 'app.nnar[x].beb.pl', { ...nnarRead, nnarInternalRead: { readId: -1 } }, /readId is not negative, but -1/],
    ['the lowest readId', 'app.nnar[x].pl', { type: Type.NNAR_INTERNAL_ACK, nnarInternalAck: { readId: LOWEST } }, /readId is not neg/],
    ['a negative timestamp', 'app.nnar[x].beb.pl', nnarWrite({ timestamp: -1 }), /timestamp is from 0 to 2143289344, not -1/],
    ['a huge timestamp', 'app.nnar[x].beb.pl', nnarWrite({ timestamp: HIGHEST }), /timestamp is from 0 to 2143289344, not 2147483647/],
    ['a huge timestamp in an answer', 'app.nnar[x].pl', nnarValue({ timestamp: HIGHEST }), /timestamp is from 0 to 2143289344/],
    [
      'a timestamp that cannot be yet',
      'app.nnar[x].beb.pl',
      nnarWrite({ timestamp: 2 ** 30 }),
      /the timestamp 1073741824 cannot be: \d+ is the highest/,
    ],
    ['a timestamp that cannot be yet, in an answer', 'app.nnar[x].pl', nnarValue({ timestamp: 2 ** 30 }), /cannot be/],
    ['an epoch that cannot be yet', 'app.uc[t].ec.beb.pl', newEpoch(2 ** 30), /cannot be/],
    ["a value's epoch that cannot be yet", 'app.uc[t].ep[0].pl', state(2 ** 30), /cannot be/],
    ['a negative rank', 'app.nnar[x].pl', nnarValue({ writerRank: -1 }), /writerRank is not negative/],
    ['a negative epoch', 'app.uc[t].ec.beb.pl', newEpoch(-1), /timestamp is from 0/],
    ['a huge epoch', 'app.uc[t].ec.beb.pl', newEpoch(HIGHEST), /timestamp is from 0/],
    ["a negative value's epoch", 'app.uc[t].ep[0].pl', state(-1), /valueTimestamp is from 0/],
    ["a huge value's epoch", 'app.uc[t].ep[0].pl', state(HIGHEST), /valueTimestamp is from 0/],
    ['an epoch number that is none', 'app.uc[t].ep[x].pl', state(0), /there is no link/],
    ['a decision for the hub', 'app.pl', { type: Type.APP_DECIDE, appDecide: { value } }, /there is no link app\.pl/],
  ])('%s', async (_, to, message, why) => {
    const s = await scene(['kept', 'classic'])
    s.peers[0]?.send(s.node.address, { to, message })
    await expectRefused(s, 'meaningless', why)
  })
})

describe('numbers at the edge of what we take', () => {
  it('the highest readId is answered with the same', async () => {
    const s = await scene(['kept', 'classic'])
    s.peers[1]?.send(s.node.address, { to: 'app.nnar[x].beb.pl', message: { ...nnarRead, nnarInternalRead: { readId: HIGHEST } } })
    const [answer] = await s.peers[1]!.collect(Type.NNAR_INTERNAL_VALUE, 1)
    expect(answer?.inner.nnarInternalValue?.readId).toBe(HIGHEST)
  })

  it('answers to operations that were never asked for change nothing', async () => {
    const s = await scene(['kept', 'classic'])
    for (const peer of s.peers) {
      peer.send(s.node.address, { to: 'app.nnar[x].pl', message: { type: Type.NNAR_INTERNAL_VALUE, nnarInternalValue: stamped } })
      peer.send(s.node.address, { to: 'app.nnar[x].pl', message: { type: Type.NNAR_INTERNAL_ACK, nnarInternalAck: { readId: 1 } } })
      answerRegisters(peer, s.node)
    }
    s.command({ type: Type.APP_READ, appRead: { register: 'x' } })
    const [answer] = await s.hub.collect(Type.APP_READ_RETURN, 1)
    expect(answer?.inner.appReadReturn).toEqual({ register: 'x', value: toValue(undefined) })
    await s.serves()
  })
})

describe('who may say it', () => {
  const commands: [string, Message][] = [
    ['PROC_INITIALIZE_SYSTEM', { type: Type.PROC_INITIALIZE_SYSTEM, procInitializeSystem: { processes: [] } }],
    ['PROC_DESTROY_SYSTEM', { type: Type.PROC_DESTROY_SYSTEM, procDestroySystem: {} }],
    ['APP_BROADCAST', { type: Type.APP_BROADCAST, appBroadcast: { value } }],
    ['APP_WRITE', { type: Type.APP_WRITE, appWrite: { register: 'x', value } }],
    ['APP_READ', { type: Type.APP_READ, appRead: { register: 'x' } }],
    ['APP_PROPOSE', { type: Type.APP_PROPOSE, appPropose: { topic: 't', value } }],
  ]
  it.each(commands)('%s from a peer is refused', async (name, message) => {
    const s = await scene(['kept', 'classic'])
    s.peers[1]?.send(s.node.address, { message })
    await expectRefused(s, 'unauthorised', new RegExp(`${name} comes from the hub only`))
  })

  it.each(commands)('%s from a peer that hides its host is refused', async (name, message) => {
    const s = await scene(['kept', 'classic'])
    s.peers[1]?.send(s.node.address, { message, host: '' })
    await expectRefused(s, 'unauthorised', new RegExp(`${name} comes from the hub only`))
  })

  it('a process that is not in the system is not listened to', async () => {
    const s = await scene(['kept', 'classic'])
    const stranger = await Puppet.listen('kept')
    stranger.send(s.node.address, { to: 'app.beb.pl', message: appValue })
    await expectRefused(s, 'unauthorised', /the sender is not in the system/)
  })

  it('a peer that hides its host is known by its port', async () => {
    const s = await scene(['kept', 'classic'])
    s.peers[1]?.send(s.node.address, { to: 'app.beb.pl', message: appValue, host: '' })
    await s.hub.collect(Type.APP_VALUE, 1)
    await s.serves()
  })
})

describe('systems', () => {
  const refusedLists: [string, (processes: readonly ProcessId[]) => readonly ProcessId[], RegExp][] = [
    ['an empty list', () => [], /the list of processes is empty/],
    ['a list without us', (all) => all.slice(0, 2), /are not in it/],
    ['a rank twice', ([a, b, c]) => [a!, { ...b!, rank: a!.rank }, c!], /have the same rank/],
    ['an address twice', ([a, b, c]) => [a!, { ...b!, port: a!.port }, c!], /have the same address/],
    ['a negative rank', ([a, b, c]) => [{ ...a!, rank: -1 }, b!, c!], /has rank -1/],
    ['a huge rank', ([a, b, c]) => [a!, b!, { ...c!, rank: HIGHEST }], /has rank 2147483647/],
    ['port 0', ([a, b, c]) => [{ ...a!, port: 0 }, b!, c!], /has port 0/],
    ['port 65536', ([a, b, c]) => [{ ...a!, port: 65_536 }, b!, c!], /has port 65536/],
    ['a negative port', ([a, b, c]) => [{ ...a!, port: -1 }, b!, c!], /has port -1/],
    ['no host', ([a, b, c]) => [{ ...a!, host: '' }, b!, c!], /has no host/],
  ]
  it.each(refusedLists)('%s starts no system', async (_, change, why) => {
    const s = await scene(['kept', 'classic'])
    s.command({ type: Type.PROC_INITIALIZE_SYSTEM, procInitializeSystem: { processes: change(s.processes) } }, 'sys-2')
    await expectRefused(s, 'badMembership', why)
    expect([...s.node.systems.keys()]).toEqual(['sys-1'])
  })

  it('a second list for a system that has started is dropped: the system goes on as it was', async () => {
    const s = await scene(['kept', 'classic'])
    s.command({ type: Type.PROC_INITIALIZE_SYSTEM, procInitializeSystem: { processes: s.processes.slice(1) } })
    await expectRefused(s, 'badMembership', /second list of processes is dropped/)
    expect(s.node.systems.get('sys-1')?.members.all.length).toBe(3)
  })

  it('registered twice under one name, both are in the system', async () => {
    const s = await scene(['kept', 'classic'])
    await s.initialize(
      'sys-2',
      s.processes.map((p) => ({ ...p, owner: 'abc', index: 1 })),
    )
    expect(new Set(s.node.systems.get('sys-2')?.members.all.map(({ id }) => id)).size).toBe(3)
    await s.serves('sys-2')
  })

  it('one more system than we take is refused', async () => {
    const s = await scene(['kept'])
    for (let i = 2; i <= LIMIT_SYSTEMS; i++) await s.initialize(`sys-${i}`)
    s.command({ type: Type.PROC_INITIALIZE_SYSTEM, procInitializeSystem: { processes: s.processes } }, 'one more')
    await expectRefused(s, 'overLimit', /100 systems already/)
    await s.destroy('sys-2')
    await s.initialize('one more')
    await s.serves('one more')
  })

  it("what comes before a system starts, a proposal or a peer's message, counts once it has", async () => {
    const s = await scene(['kept', 'classic'])
    s.command({ type: Type.APP_PROPOSE, appPropose: { topic: 't', value } }, 'sys-2')
    s.peers[0]?.send(s.node.address, { systemId: 'sys-2', to: 'app.beb.pl', message: appValue })
    await until(
      'both are kept',
      () => s.lines.filter(({ msg }) => msg.startsWith('no such system')).length === 1 && s.node.traffic.frames.in >= 3,
    )
    await s.initialize('sys-2')
    await s.hub.collect(Type.APP_VALUE, 1)
    await s.peers[0]?.collect(Type.EP_INTERNAL_READ, 1) // it leads, and has its value
    await s.serves('sys-2')
  })

  it('messages of a destroyed system are dropped at once', async () => {
    const s = await scene(['kept', 'classic'])
    await s.initialize('sys-2')
    await s.destroy('sys-1')
    s.peers[0]?.send(s.node.address, { to: 'app.beb.pl', message: appValue })
    await until('it is dropped', () => s.node.refusals.unknownSystem === 1)
    await s.serves('sys-2')
  })
})

describe('proposals and names', () => {
  it('a second proposal for a topic is dropped', async () => {
    const s = await scene(['kept', 'classic'])
    for (let i = 0; i < 2; i++) s.command({ type: Type.APP_PROPOSE, appPropose: { topic: 't', value } })
    await expectRefused(s, 'meaningless', /proposed for this topic already/)
  })

  it('an undefined value is no proposal', async () => {
    const s = await scene(['kept', 'classic'])
    s.command({ type: Type.APP_PROPOSE, appPropose: { topic: 't', value: toValue(undefined) } })
    await expectRefused(s, 'meaningless', /proposes a value/)
  })

  const names = [
    '',
    'x]',
    '[',
    '].ep[3',
    'a].ep[3].pl',
    '].beb.pl',
    'x].pl',
    '__proto__',
    'constructor',
    '\u{1f600}',
    'x'.repeat(10_000),
    'é'.repeat(16_000),
  ]
  it.each(names.map((name) => [name.length > 20 ? `${name.length} x ${name[0]}` : JSON.stringify(name), name]))(
    'a register and a topic called %s are served',
    async (_, name) => {
      const s = await scene(['kept', 'classic'])
      for (const peer of s.peers) answerRegisters(peer, s.node)
      s.command({ type: Type.APP_WRITE, appWrite: { register: name, value } })
      const [written] = await s.hub.collect(Type.APP_WRITE_RETURN, 1)
      expect(written?.inner.appWriteReturn?.register).toBe(name)
      s.command({ type: Type.APP_PROPOSE, appPropose: { topic: name, value } })
      const [read] = await s.peers[0]!.collect(Type.EP_INTERNAL_READ, 1)
      expect(read?.to).toBe(`app.uc[${name}].ep[0].beb.pl`)
      const link = `app.uc[${name}].ep[0].pl`
      for (const peer of s.peers)
        peer.send(s.node.address, { to: link, message: { type: Type.EP_INTERNAL_STATE, epInternalState: { valueTimestamp: 0 } } })
      await s.peers[1]!.collect(Type.EP_INTERNAL_WRITE, 1)
      for (const peer of s.peers) peer.send(s.node.address, { to: link, message: { type: Type.EP_INTERNAL_ACCEPT } })
      const [decided] = await s.hub.collect(Type.APP_DECIDE, 1)
      expect(decided?.inner.appDecide?.value).toEqual(value)
      expect(s.node.refusals).toMatchObject({ meaningless: 0, overLimit: 0, crashes: 0 })
    },
  )

  it.each([LIMIT_NAME_BYTES + 1, 65_500, 65_536])('a name of %i bytes is refused, from the hub and from a peer', async (bytes) => {
    const s = await scene(['kept', 'classic'])
    const name = 'x'.repeat(bytes)
    s.command({ type: Type.APP_WRITE, appWrite: { register: name, value } })
    s.command({ type: Type.APP_READ, appRead: { register: name } })
    s.command({ type: Type.APP_PROPOSE, appPropose: { topic: name, value } })
    let count = 3
    if (bytes < 65_520) {
      s.peers[0]?.send(s.node.address, { to: `app.nnar[${name}].pl`, message: nnarRead })
      s.peers[0]?.send(s.node.address, { to: `app.uc[${name}].ec.pl`, message: { type: Type.EC_INTERNAL_NACK } })
      count = 5
    }
    await expectRefused(s, 'overLimit', /name has at most 32768 bytes/, count)
  })
})

describe('a hub that speaks our extensions', () => {
  const sent = (s: Scene, message: Message, systemId = 'sys-1') => {
    const { host, port } = s.hub.address
    const wrapped = wrap({ systemId, to: 'app.pl', senderHost: host, senderListeningPort: port, message, upon: UPON_VERSION })
    s.hub.sendBytes(s.node.address, encode(wrapped))
  }

  it('gets back the command that is refused, and why; another one does not', async () => {
    const s = await scene([])
    const write: Message = { type: Type.APP_WRITE, appWrite: { register: 'x'.repeat(32_769), value: toValue(7) } }
    s.command(write)
    await expectRefused(s, 'overLimit', /name has at most 32768 bytes/)
    expect(s.hub.of(Type.APP_WRITE)).toEqual([])
    sent(s, write)
    const [{ inner, systemId } = {} as Unwrapped] = await s.hub.collect(Type.APP_WRITE, 1)
    expect([systemId, inner.appWrite, inner.refusal]).toEqual(['sys-1', write.appWrite, expect.stringContaining('at most 32768 bytes')])
  })

  it('may refuse our registration, which is an error in the log; each registration says which start of the process it is', async () => {
    const s = await scene([])
    expect(s.hub.of(Type.PROC_REGISTRATION)[0]?.inner.incarnation).toMatch(/^.{36}$/)
    const procRegistration = { owner: 'abc', index: 1 }
    sent(s, { type: Type.PROC_REGISTRATION, procRegistration, refusal: 'abc-1 is\u001b[2J taken' }, '')
    await until('it is said', () =>
      s.lines.some(({ msg, reason }) => /refuses our registration/.test(msg) && reason === 'abc-1 is\\u{1b}[2J taken'),
    )
  })
})
