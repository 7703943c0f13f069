import { encode, Type } from '@upon/protocol'
import { frame } from '@upon/transport/tcp'
import { describe, expect, test } from 'vitest'
import { drawHistory, Hub, linearizable } from '../src/index'
import { FakeProcess, type Quirks, sendBytes, startProcesses } from './fake-process'
import { stage, started, until } from './stage'

describe('registration', () => {
  test('processes are listed by owner and index; registering again from the same address changes nothing', async () => {
    const { hub, world } = await stage()
    const [first] = await startProcesses(hub.address, world, { ref: 2, abc: 2 })
    await first!.register()
    await hub.registered(4)
    expect(hub.processes.map(({ name }) => name)).toEqual(['abc-1', 'abc-2', 'ref-1', 'ref-2'])
    expect(hub.processes[2]).toMatchObject({ owner: 'ref', index: 1, host: '127.0.0.1', port: first!.port, isKept: false })
  })

  test('a process that comes back elsewhere takes its own place, one at the address of another takes over that address; both are logged', async () => {
    const { hub, world, lines } = await stage()
    const [old] = await startProcesses(hub.address, world, { abc: 1 })
    const again = await new FakeProcess(hub.address, world, 'abc', 1).start()
    await until(() => hub.processes[0]?.port === again.port)
    await sendBytes(
      hub.address,
      frame(
        encode({
          type: Type.NETWORK_MESSAGE,
          networkMessage: {
            ...{ senderHost: '127.0.0.1', senderListeningPort: again.port },
            message: { type: Type.PROC_REGISTRATION, procRegistration: { owner: 'new', index: 7 } },
          },
        }),
      ),
    )
    await hub.registered(['new-7'])
    expect(hub.processes.map(({ name }) => name)).toEqual(['new-7'])
    expect(lines.join('\n')).toContain(`takes the place of the one at 127.0.0.1:${old!.port}`)
    expect(lines.join('\n')).toContain('registered from the address of abc-1, which is gone')
  })

  test.each([
    ['no owner', '', 1],
    ['an owner with a space', 'a b', 1],
    ['a negative index', 'abc', -1],
    ['a very long owner', 'x'.repeat(5000), 1],
  ])('is refused, counted and logged with a reason: %s', async (_, owner, index) => {
    const { hub, world, lines } = await stage()
    await new FakeProcess(hub.address, world, owner, index).start()
    await until(() => hub.counters.ignored.refused === 1)
    expect(hub.processes).toEqual([])
    expect(lines.some((line) => line.startsWith('warn refused'))).toBe(true)
  })

  test('waiting for processes that do not come names them', async () => {
    const { hub, world } = await stage()
    await startProcesses(hub.address, world, { abc: 1 })
    await hub.registered(['abc-1'])
    await expect(hub.registered(['abc-1', 'abc-2'], 20)).rejects.toMatchObject({ code: 'not-registered', missing: ['abc-2'] })
    await expect(hub.registered(5, 20)).rejects.toThrow('4 more of 5 processes')
    const waiting = hub.registered(['abc-9'])
    await Promise.all([expect(waiting).rejects.toMatchObject({ code: 'closed' }), hub.close()])
  })
})

describe('systems', () => {
  test('ranks follow the owners as given, then the index; both systemId and IDs are set inside and out', async () => {
    const { hub, processes } = await started({ ref: 2, abc: 2 })
    expect(hub.current?.members.map(({ name, rank }) => [name, rank])).toEqual([
      ['ref-1', 1],
      ['ref-2', 2],
      ['abc-1', 3],
      ['abc-2', 4],
    ])
    await until(() => processes.every(({ commands }) => commands.length === 1))
    const [init] = processes[0]!.commands
    expect(init).toMatchObject({ type: Type.PROC_INITIALIZE_SYSTEM, systemId: 'sys-1', FromAbstractionId: 'hub', ToAbstractionId: 'app' })
    expect(init!.procInitializeSystem!.processes.map(({ owner, index, rank }) => `${owner}-${index} ${rank}`)).toEqual([
      'ref-1 1',
      'ref-2 2',
      'abc-1 3',
      'abc-2 4',
    ])
  })

  test('a new system destroys the old one, whose answers are ignored and counted, and whose commands are settled as missing', async () => {
    const { hub, processes } = await started({ abc: 2 })
    for (const process of processes) process.onCommand = () => {}
    const reading = hub.read('x')
    await hub.system(['abc'])
    expect((await reading).missing).toEqual([
      { process: 'abc-1', reason: 'destroyed' },
      { process: 'abc-2', reason: 'destroyed' },
    ])
    await until(() => processes[0]!.commands.some(({ type }) => type === Type.PROC_DESTROY_SYSTEM))
    processes[0]!.returnRead('x', 1, 'sys-1')
    await until(() => hub.counters.ignored.otherSystem === 1)
    expect(hub.history('x')).toEqual([])
  })

  test('commands that cannot be carried out are refused with a code', async () => {
    const { hub, world } = await stage()
    await expect(hub.broadcast('abc-1', 1)).rejects.toMatchObject({ code: 'no-system' })
    await expect(hub.system(['abc'])).rejects.toMatchObject({ code: 'unknown-owner' })
    await startProcesses(hub.address, world, { abc: 1 })
    await hub.registered(1)
    await hub.system(['abc'])
    await expect(hub.broadcast('abc-2', 1)).rejects.toMatchObject({ code: 'unknown-process' })
    await expect(hub.broadcast('abc-1', 2 ** 31)).rejects.toMatchObject({ code: 'bad-argument' })
    await expect(hub.write('', 1)).rejects.toMatchObject({ code: 'bad-argument' })
    await expect(hub.write('x', 1.5)).rejects.toMatchObject({ code: 'bad-argument' })
    await expect(hub.consensus('t', { values: [1, 2] })).rejects.toMatchObject({ code: 'bad-argument' })
    await hub.consensus('t')
    await expect(hub.consensus('t')).rejects.toMatchObject({ code: 'topic-used' })
    await expect(Hub.listen({ ...hub.address })).rejects.toMatchObject({ code: 'cannot-listen' })
    await expect(Hub.listen({ host: '127.0.0.1', port: 0, timeoutMs: -1 })).rejects.toMatchObject({ code: 'bad-argument' })
  })
})

describe('commands', () => {
  test('broadcast: tells who delivered after how long', async () => {
    const { hub, events } = await started({ abc: 3 })
    const outcome = await hub.broadcast('abc-2', 52)
    expect(outcome).toMatchObject({ kind: 'broadcast', system: 'sys-1', sender: 'abc-2', value: 52, ok: true, missing: [] })
    expect(outcome.answers.map(({ process, value }) => [process, value])).toEqual([
      ['abc-1', 52],
      ['abc-2', 52],
      ['abc-3', 52],
    ])
    expect(events.filter(({ type }) => type === 'delivered')).toHaveLength(3)
  })

  test('several broadcasts of one value at a time are told apart by count', async () => {
    const { hub } = await started({ abc: 2 })
    const outcomes = await Promise.all([hub.broadcast('abc-1', 7), hub.broadcast('abc-2', 7), hub.broadcast('abc-1', -3)])
    expect(outcomes.every(({ ok }) => ok)).toBe(true)
    expect(hub.counters).toMatchObject({ pending: 0, ignored: { unexpected: 0 } })
  })

  test('write and read: by all, by some, undefined when never written', async () => {
    const { hub } = await started({ abc: 3 })
    expect((await hub.read('x', ['abc-2'])).answers).toMatchObject([{ process: 'abc-2', value: undefined }])
    expect(await hub.write('x', 89, ['abc-1'])).toMatchObject({ ok: true, answers: [{ process: 'abc-1', value: 89 }] })
    expect((await hub.read('x')).answers.map(({ value }) => value)).toEqual([89, 89, 89])
    expect(linearizable(hub.history('x')).outcome).toBe('linearizable')
    const strange = `a]b[.${'r'.repeat(10_000)}`
    expect((await hub.write(strange, 1)).ok && (await hub.read(strange)).ok).toBe(true)
  })

  test('a process that does not answer is reported, never waited for beyond the time-out; its late answer still counts for the history', async () => {
    const { hub, processes } = await started({ abc: 2 }, { timeoutMs: 400 })
    processes[1]!.onCommand = () => {}
    const outcome = await hub.write('x', 5)
    expect(outcome).toMatchObject({ ok: false, answers: [{ process: 'abc-1' }], missing: [{ process: 'abc-2', reason: 'timeout' }] })
    const pending = hub.history('x').find(({ process }) => process === 'abc-2')
    expect(pending?.respondedAtMs).toBeUndefined()
    await processes[1]!.send({ type: Type.APP_WRITE_RETURN, appWriteReturn: { register: 'x' } }, 'sys-1')
    await until(() => hub.history('x').every(({ respondedAtMs }) => respondedAtMs !== undefined))
    expect(hub.counters.ignored.unexpected).toBe(0)
  })

  test('after a lost operation the next answer serves the one awaited, and the history claims no more than is known', async () => {
    const { hub, processes } = await started({ abc: 1 }, { timeoutMs: 400 })
    processes[0]!.onCommand = () => {}
    await hub.write('x', 1)
    processes[0]!.onCommand = (command) => processes[0]!.obey(command)
    expect((await hub.write('x', 2)).ok).toBe(true)
    expect(hub.history('x').map(({ respondedAtMs }) => respondedAtMs)).toEqual([undefined, undefined])
    expect((await hub.read('x')).answers).toMatchObject([{ value: 2 }])
    expect(linearizable(hub.history('x')).outcome).toBe('linearizable')
  })

  test('answers twice, of another register, of a stranger, of no use: counted and told, and nothing else happens', async () => {
    const { hub, processes, world, events } = await started({ abc: 1 })
    await hub.write('x', 5)
    const [process] = processes
    process!.returnRead('x', 5, 'sys-1')
    process!.returnRead('never-heard-of', 5, 'sys-1')
    await process!.send({ type: Type.APP_VALUE, appValue: {} }, 'sys-1')
    process!.decide(5, 'sys-1', 'nothing')
    await until(() => hub.counters.ignored.unexpected === 4)
    expect(events.filter(({ type }) => type === 'unexpected')).toHaveLength(4)
    await process!.send({ type: Type.APP_BROADCAST, appBroadcast: {} }, 'sys-1')
    await until(() => hub.counters.ignored.otherType === 1)
    const stranger = await new FakeProcess(hub.address, world, 'late', 1).start()
    await hub.registered(['late-1'])
    await stranger.send({ type: Type.APP_VALUE, appValue: {} }, 'sys-1')
    await until(() => hub.counters.ignored.unknownSender === 1)
    expect(hub.current?.registers).toEqual(['x'])
  })

  test('frames that are no messages are counted by the hub, framing errors by the endpoint; the hub goes on', async () => {
    const { hub } = await started({ abc: 1 })
    await sendBytes(hub.address, frame(new Uint8Array([255, 255, 255, 1])))
    await sendBytes(hub.address, frame(encode({ type: Type.APP_READ, appRead: { register: 'x' } })))
    await sendBytes(hub.address, new Uint8Array([0xff, 0xff, 0xff, 0xff, 1]))
    await sendBytes(hub.address, new Uint8Array([0, 0, 0, 9, 1]))
    await until(() => hub.counters.ignored.malformed === 2)
    expect((await hub.broadcast('abc-1', 1)).ok).toBe(true)
  })

  test('a flood of useless frames is counted in full and logged in part', async () => {
    const { hub, lines } = await started({ abc: 1 })
    for (let i = 0; i < 50; i += 1) await sendBytes(hub.address, frame(new Uint8Array([255])))
    await until(() => hub.counters.ignored.malformed === 50)
    expect(lines.filter((line) => line.includes('ignored a frame')).length).toBeLessThanOrEqual(20)
  })
})

describe('storms', () => {
  test('on several registers at a time, all operations are answered and the histories are linearizable', async () => {
    const { hub } = await started({ abc: 3 })
    const outcomes = await Promise.all(['x', 'y', 'z'].map((register) => hub.storm(register, { operations: 40, seed: 3 })))
    for (const { register, ok, answers, reads, writes } of outcomes) {
      expect([ok, answers.length, reads + writes]).toEqual([true, 40, 40])
      const history = hub.history(register)
      expect(history.map(({ index }) => index)).toEqual(history.map((_, i) => i))
      expect(linearizable(history).outcome).toBe('linearizable')
    }
  })

  test('each process does the same for the same seed; one that stops answering is reported once', async () => {
    const { hub, processes } = await started({ abc: 2 }, { timeoutMs: 400 })
    processes[1]!.onCommand = () => {}
    const outcome = await hub.storm('x', { operations: 20, seed: 5 })
    expect(outcome).toMatchObject({ ok: false, missing: [{ process: 'abc-2', reason: 'timeout' }] })
    expect(outcome.answers).toHaveLength(10)
    await hub.storm('y', { operations: 20, seed: 5 })
    const kinds = (register: string) =>
      hub
        .history(register)
        .filter(({ process }) => process === 'abc-1')
        .map(({ kind }) => kind)
    expect(kinds('x')).toEqual(kinds('y'))
  })

  test('a stale read is found out and drawn', async () => {
    const { hub, processes } = await started({ abc: 2 })
    await hub.write('x', 1, ['abc-1'])
    await hub.write('x', 2, ['abc-1'])
    processes[1]!.onCommand = () => processes[1]!.returnRead('x', 1, 'sys-1')
    await hub.read('x', ['abc-2'])
    const history = hub.history('x')
    const verdict = linearizable(history)
    expect(verdict).toMatchObject({ outcome: 'not-linearizable' })
    expect(drawHistory(history, verdict)).toContain('[r:1!')
  })
})

describe('processes that die', () => {
  test('known to be dead: not waited for, not held against the outcome, not in later systems', async () => {
    const { hub, processes } = await started({ abc: 3 }, { timeoutMs: 20_000 })
    processes[2]!.onCommand = () => {}
    const consensus = hub.consensus('t')
    const broadcast = hub.broadcast('abc-1', 5)
    await until(() => processes[2]!.commands.length >= 2)
    hub.markCrashed('abc-3')
    expect(await consensus).toMatchObject({ ok: true, missing: [{ process: 'abc-3', reason: 'crashed' }] })
    await broadcast
    expect(await hub.read('x')).toMatchObject({ ok: true, answers: [{}, {}], missing: [] })
    await expect(hub.read('x', ['abc-3'])).rejects.toMatchObject({ code: 'crashed' })
    const { members } = await hub.system(['abc'])
    expect(members.map(({ name }) => name)).toEqual(['abc-1', 'abc-2'])
    await processes[2]!.register()
    await hub.registered(['abc-3'])
    expect((await hub.system(['abc'])).members).toHaveLength(3)
  })
})

const quirks: [string, Quirks][] = [
  ['empty To and From', { outerTo: '', innerTo: '', innerFrom: '' }],
  ['hub and app the other way round', { outerTo: 'hub.pl', innerTo: 'app', innerFrom: 'hub' }],
  ['no senderHost', { senderHost: '' }],
  ['a senderHost of no use', { senderHost: '0.0.0.0' }],
  ['systemId in the outer message only', { systemIn: 'outer' }],
  ['systemId in the inner message only', { systemIn: 'inner' }],
  ['no systemId at all', { systemIn: 'none' }],
  ['undefined as v: -1', { undefinedAs: 'minus-one' }],
  ['undefined as no value', { undefinedAs: 'nothing' }],
  ['the topic in the outer From', { topicIn: 'outer' }],
  ['the topic in the inner From', { topicIn: 'inner' }],
]

test.each(quirks)('serves processes with %s', async (_, own) => {
  const { hub } = await started({ abc: 2 }, {}, own)
  expect((await hub.broadcast('abc-2', 52)).ok).toBe(true)
  expect((await hub.read('x')).answers.map(({ value }) => value)).toEqual([undefined, undefined])
  expect((await hub.storm('x', { operations: 6 })).ok).toBe(true)
  expect((await hub.consensus('t')).ok).toBe(true)
  expect(Object.values(hub.counters.ignored).every((count) => count === 0)).toBe(true)
})
