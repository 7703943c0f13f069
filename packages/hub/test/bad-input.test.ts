import { decode, encode, type Message, Type, toValue, UPON_VERSION, unwrap, wrap } from '@upon/protocol'
import { TcpEndpoint } from '@upon/transport/tcp'
import { describe, expect, onTestFinished, test } from 'vitest'
import { linearizable } from '../src/index'
import { FakeProcess } from './fake-process'
import { type Stage, stage, started, until } from './stage'

/** A process that speaks our extensions, by hand. */
class Own {
  readonly received: Message[] = []
  #endpoint!: TcpEndpoint

  static async start(s: Stage, index: number, incarnation: string, port = 0): Promise<Own> {
    const own = new Own(s, index)
    own.#endpoint = await TcpEndpoint.listen({ host: '127.0.0.1', port, onFrame: (body) => own.received.push(unwrap(decode(body)).inner) })
    onTestFinished(() => own.stop())
    own.register(incarnation)
    return own
  }

  private constructor(
    readonly s: Stage,
    readonly index: number,
  ) {}

  get port(): number {
    return this.#endpoint.address.port
  }

  register(incarnation: string): void {
    this.send({ type: Type.PROC_REGISTRATION, procRegistration: { owner: 'own', index: this.index }, incarnation }, '')
  }

  send(message: Message, systemId = 'sys-1'): void {
    const place = { systemId, to: 'app.pl', senderHost: '127.0.0.1', senderListeningPort: this.port, upon: UPON_VERSION }
    this.#endpoint.upgrade(this.s.hub.address)
    this.#endpoint.send(this.s.hub.address, encode(wrap({ ...place, message })))
  }

  of(type: Type): Message[] {
    return this.received.filter((message) => message.type === type)
  }

  stop(): Promise<void> {
    return this.#endpoint.close()
  }
}

const readReturn = (v: number | undefined, extra: Partial<Message> = {}): Message => ({
  ...{ type: Type.APP_READ_RETURN, appReadReturn: { register: 'x', value: toValue(v) } },
  ...extra,
})

describe('who sends', () => {
  test('an answer from another host or port than registered is refused, counted and logged; without a host the port tells, where it is unique', async () => {
    const s = await started({ abc: 2 })
    const [one, two] = s.processes as [FakeProcess, FakeProcess]
    one.onCommand = () => {}
    const reading = s.hub.read('x', ['abc-1'])
    await one.sendAs({ senderHost: '127.0.0.2' }, readReturn(1))
    await one.sendAs({ senderHost: 'localhost' }, readReturn(2))
    const stranger = new FakeProcess(s.hub.address, s.world, 'abc', 1)
    await stranger.sendAs({ senderHost: '127.0.0.1' }, readReturn(3))
    await until(() => s.hub.counters.ignored.unknownSender === 3)
    expect(s.lines.filter((line) => /nobody of sys-1 listens there/.test(line))).toHaveLength(3)
    await one.sendAs({ senderHost: '' }, readReturn(4))
    expect((await reading).answers).toMatchObject([{ process: 'abc-1', value: 4 }])
    expect(two.port).not.toBe(one.port)
  })

  test('hosts that no terminal should show are refused when they register', async () => {
    const s = await stage()
    const process = new FakeProcess(s.hub.address, s.world, 'abc', 1, { senderHost: '\u001b[2J' })
    await process.start()
    await until(() => s.hub.counters.ignored.refused === 1)
    expect(s.lines.join('\n')).toContain("found '\\u{1b}[2J'")
  })
})

describe('answers that are none', () => {
  test('the same message twice answers once: the next command is not answered with it', async () => {
    const { hub, processes, lines } = await started({ abc: 2 })
    const [one] = processes as [FakeProcess]
    await hub.write('x', 1, ['abc-2'])
    await hub.read('x', ['abc-1'])
    one.onCommand = () => {}
    const uuid = { messageUuid: 'a-1' }
    await one.send(readReturn(1, { messageUuid: 'a-0' }), 'sys-1') // not asked for
    const first = hub.read('x', ['abc-1'])
    await one.send(readReturn(1, uuid), 'sys-1')
    await first
    await hub.write('x', 2, ['abc-2'])
    const second = hub.read('x', ['abc-1'])
    await one.send(readReturn(1, uuid), 'sys-1')
    await until(() => hub.counters.ignored.repeated === 1)
    await one.send(readReturn(2, { messageUuid: 'a-2' }), 'sys-1')
    expect((await second).answers).toMatchObject([{ value: 2 }])
    expect(linearizable(hub.history('x')).outcome).toBe('linearizable')
    expect(lines.some((line) => /abc-1 had sent it before/.test(line))).toBe(true)
  })

  test('one uuid for all messages says nothing', async () => {
    const { hub, processes } = await started({ abc: 1 })
    const [one] = processes as [FakeProcess]
    for (let i = 0; i < 3; i += 1) {
      one.onCommand = () => void one.send(readReturn(i, { messageUuid: 'same' }), 'sys-1')
      expect((await hub.read('x')).ok).toBe(true)
    }
    expect(hub.counters.ignored.repeated).toBe(0)
  })

  test('of a process that owed answers when its system ended, those that name no system are not taken for the next one', async () => {
    const { hub, processes, lines } = await started({ abc: 1 })
    const [one] = processes as [FakeProcess]
    one.onCommand = () => {}
    const old = hub.read('x')
    await hub.system(['abc'])
    expect((await old).missing).toEqual([{ process: 'abc-1', reason: 'destroyed' }])
    const reading = hub.read('x')
    await one.send(readReturn(1), '')
    await until(() => hub.counters.ignored.otherSystem === 1)
    expect(lines.join('\n')).toContain('abc-1 owed an answer in an earlier one')
    await one.send(readReturn(2), 'sys-2')
    expect((await reading).answers).toMatchObject([{ value: 2 }])
  })
})

describe('commands that are not carried out', () => {
  test('one that the process refuses: said at once, in its words', async () => {
    const s = await stage({ timeoutMs: 60_000 })
    const own = await Own.start(s, 1, 'a')
    await s.hub.registered(1)
    await s.hub.system(['own'])
    const why = 'a process has at most 10000 registers'
    const running = [s.hub.write('x', 1), s.hub.read('x'), s.hub.broadcast('own-1', 5), s.hub.consensus('t', { values: [7] })]
    await until(() => own.received.length >= 6)
    for (const message of own.received.slice(2)) own.send({ ...message, messageUuid: undefined, refusal: why })
    for (const outcome of await Promise.all<{ ok: boolean; missing: readonly object[] }>(running)) {
      expect(outcome).toMatchObject({ ok: false, missing: [{ process: 'own-1', reason: 'refused', why }] })
    }
    own.send({ type: Type.APP_READ, appRead: { register: 'x' }, refusal: why })
    await until(() => s.hub.counters.ignored.unexpected === 1)
  })

  test('of two reads alike one is refused: the answer to the other claims no more than is known', async () => {
    const s = await stage({ timeoutMs: 60_000 })
    const own = await Own.start(s, 1, 'a')
    await s.hub.registered(1)
    await s.hub.system(['own'])
    const reads = [s.hub.read('x'), s.hub.read('x')]
    await until(() => own.of(Type.APP_READ).length === 2)
    own.send({ type: Type.APP_READ, appRead: { register: 'x' }, refusal: 'full' })
    own.send(readReturn(1))
    const outcomes = await Promise.all(reads)
    expect(outcomes.map(({ answers, missing }) => [answers.length, missing.length])).toEqual([
      [1, 0],
      [0, 1],
    ])
  })

  test('a process that cannot be reached is said at once, and nobody waits for what it was to broadcast', async () => {
    const { hub, processes } = await started({ abc: 3 }, { timeoutMs: 60_000 })
    await processes[1]!.stop()
    const outcomes = await Promise.all([hub.broadcast('abc-2', 5), hub.write('x', 1), hub.consensus('t')])
    expect(outcomes[0].missing).toEqual([
      { process: 'abc-1', reason: 'not-broadcast' },
      { process: 'abc-2', reason: 'unreachable' },
      { process: 'abc-3', reason: 'not-broadcast' },
    ])
    for (const outcome of outcomes.slice(1)) {
      expect(outcome).toMatchObject({ ok: false, answers: [{}, {}], missing: [{ process: 'abc-2', reason: 'unreachable' }] })
    }
    expect(hub.isDown('abc-2')).toBe(true)
    expect((await hub.broadcast('abc-2', 6)).missing).toHaveLength(3)
    const back = await new FakeProcess(hub.address, processes[0]!.world, 'abc', 2, { port: processes[1]!.port }).start()
    await until(() => !hub.isDown('abc-2'))
    back.onCommand = (command) => back.obey(command)
    expect(await hub.read('y', ['abc-2'])).toMatchObject({ ok: true })
  })
})

describe('registrations of processes of ours', () => {
  test('are answered; the name of one that lives is refused to another, with what to do', async () => {
    const s = await stage()
    const one = await Own.start(s, 1, 'a')
    await until(() => one.of(Type.PROC_REGISTRATION).length === 1)
    expect(one.received[0]).toMatchObject({ procRegistration: { owner: 'own', index: 1 }, refusal: undefined })
    const other = await Own.start(s, 1, 'b')
    await until(() => other.of(Type.PROC_REGISTRATION).length === 1)
    expect(other.received[0]?.refusal).toBe(
      `own-1 is registered from 127.0.0.1:${one.port}, and lives: end it first, or take another owner or index`,
    )
    expect(s.hub.processes.map(({ port }) => port)).toEqual([one.port])
    expect(s.lines.some((line) => line.startsWith(`warn refused the registration of 'own' 1 from 127.0.0.1:${other.port}`))).toBe(true)
    expect(one.received[0]?.incarnation).toBe(other.received[0]?.incarnation)
  })

  test('one that died makes room for another of its name', async () => {
    const s = await stage()
    const one = await Own.start(s, 1, 'a')
    await s.hub.registered(1)
    await until(() => one.received.length === 1)
    await one.stop()
    const other = await Own.start(s, 1, 'b')
    await until(() => s.hub.processes[0]?.port === other.port)
  })

  test('a restarted process is no longer in its system, and nobody waits for it; the same start again changes nothing', async () => {
    const s = await stage({ timeoutMs: 60_000 })
    const own = await Own.start(s, 1, 'a')
    await s.hub.registered(1)
    await s.hub.system(['own'])
    const reading = s.hub.read('x')
    own.register('a')
    await until(() => s.events.some((event) => event.type === 'registered' && event.how === 'refreshed'))
    expect(s.hub.counters.pending).toBe(1)
    own.register('b')
    expect((await reading).missing).toEqual([{ process: 'own-1', reason: 'crashed' }])
    expect(s.lines.join('\n')).toContain('own-1 was restarted')
    expect((await s.hub.system(['own'])).members).toHaveLength(1)
  })
})

test('what is of another system or of nobody is ignored without being decoded, once there is nothing more to say about it', async () => {
  const s = await started({ abc: 1 })
  const [one] = s.processes as [FakeProcess]
  const long = 'x'.repeat(60_000)
  for (let i = 0; i < 20; i += 1) await one.send(readReturn(1, { FromAbstractionId: long }), `sys-${long}`)
  await until(() => s.hub.counters.ignored.otherSystem === 20)
  for (let i = 0; i < 20; i += 1) await one.sendAs({ senderHost: '127.0.0.9' }, readReturn(1))
  await until(() => s.hub.counters.ignored.unknownSender === 20)
  for (const line of ['of sys-xxx', 'nobody of sys-1 listens there']) expect(s.lines.filter((each) => each.includes(line))).toHaveLength(10)
  expect((await s.hub.read('x')).ok).toBe(true)
})
