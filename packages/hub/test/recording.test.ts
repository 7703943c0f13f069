import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkAll } from '@upon/checker'
import { Type } from '@upon/protocol'
import { readTrace, type Trace } from '@upon/trace'
import { describe, expect, onTestFinished, test } from 'vitest'
import { Hub, HubError } from '../src/index'
import type { FakeProcess, Quirks } from './fake-process'
import { startProcesses, World } from './fake-process'
import { started, until } from './stage'

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'upon-hub-trace-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A hub that records, with three processes in their first system; `trace` ends what is recorded. */
async function recorded(quirks: Quirks = {}, timeoutMs = 2_000) {
  const folder = newFolder()
  const s = await started({ abc: 3 }, { trace: folder, timeoutMs }, quirks)
  const file = (system = 'sys-1') => join(folder, `${system}.hub.ndjson`)
  const trace = async (system = 'sys-1'): Promise<Trace> => {
    await s.hub.close()
    return readTrace(readFileSync(file(system), 'utf8'))
  }
  return { ...s, folder, trace }
}

const verdicts = (trace: Trace, holds: boolean) =>
  checkAll(trace)
    .filter((verdict) => verdict.holds === holds)
    .map(({ property, path }) => `${property} ${path}`)

const violated = (trace: Trace) => verdicts(trace, false)

/** All that the process gives no answer to by itself. */
const silence = (process: FakeProcess) => {
  process.onCommand = () => {}
}

const commands = (process: FakeProcess, type: Type) => process.commands.filter((command) => command.type === type)

describe('a run is recorded as the hub sees it', () => {
  test('each process by what it was asked and answered, under the paths and names of our own recordings; safety holds, liveness stays open', async () => {
    const { hub, trace } = await recorded()
    await hub.broadcast('abc-2', 52)
    await hub.write('x', 5, ['abc-1'])
    await hub.read('x', ['abc-3'])
    await hub.read('never written', ['abc-3'])
    await hub.consensus('lunch', { values: [37, 89, 4] })
    const { processes, entries, end } = await trace()
    expect([processes, end]).toEqual([['abc-1', 'abc-2', 'abc-3'].map((id, i) => ({ id, rank: i + 1 })), 'cut'])
    const events = entries.map((e) => (e.type === 'event' ? [e.process, e.path, e.module, e.direction, e.event, e.attributes] : e))
    const m = { kind: 'APP_VALUE', value: 52 }
    expect(events[0]).toEqual(['abc-2', 'app.beb', 'BestEffortBroadcast', 'request', 'broadcast', [m]])
    expect(events).toContainEqual(['abc-3', 'app.beb', 'BestEffortBroadcast', 'indication', 'deliver', ['abc-2', m]])
    expect(events.slice(4, 10)).toEqual([
      ['abc-1', 'app.nnar[x]', 'AtomicRegister', 'request', 'write', [5]],
      ['abc-1', 'app.nnar[x]', 'AtomicRegister', 'indication', 'writeReturn', []],
      ['abc-3', 'app.nnar[x]', 'AtomicRegister', 'request', 'read', []],
      ['abc-3', 'app.nnar[x]', 'AtomicRegister', 'indication', 'readReturn', [5]],
      ['abc-3', 'app.nnar[never written]', 'AtomicRegister', 'request', 'read', []],
      ['abc-3', 'app.nnar[never written]', 'AtomicRegister', 'indication', 'readReturn', [undefined]],
    ])
    expect(events.slice(10, 13)).toEqual(
      [37, 89, 4].map((v, i) => [`abc-${i + 1}`, 'app.uc[lunch]', 'UniformConsensus', 'request', 'propose', [v]]),
    )
    expect(events).toHaveLength(16)
    const times = entries.map(({ timeMs }) => timeMs)
    expect([...times].sort((a, b) => a - b)).toEqual(times)
    const judged = checkAll({ processes, entries, end, format: 'upon-trace/1' })
    expect(judged.filter(({ holds }) => holds === true).map(({ property }) => property)).toEqual(
      expect.arrayContaining(['BEB2', 'BEB3', 'NNAR2', 'UC2', 'UC3', 'UC4']),
    )
    expect(judged.filter(({ holds }) => holds === 'unknown').map(({ property }) => property)).toEqual(['BEB1', 'NNAR1', 'NNAR1', 'UC1'])
  })

  test('who crashed, once, and what it had said before and arrives after', async () => {
    const { hub, processes, trace } = await recorded()
    await hub.broadcast('abc-1', 1)
    hub.markCrashed('abc-3')
    hub.markCrashed('abc-3')
    await processes[2]!.register() // comes back: not into this system
    await processes[2]!.send({ type: Type.APP_VALUE, appValue: { value: { defined: true, v: 1 } } }, 'sys-1')
    await until(() => hub.counters.ignored.unexpected === 1)
    const read = await trace()
    expect(read.entries.filter(({ type }) => type !== 'event')).toEqual([expect.objectContaining({ type: 'crash', process: 'abc-3' })])
    expect(violated(read)).toEqual(['BEB2 app.beb'])
  })

  test('names of any kind stay within the file', async () => {
    const { hub, folder, trace } = await recorded()
    const names = ['../../etc', 'a].b[c', 'é/"\n⊥', '..', 'x'.repeat(2_000)]
    for (const name of names) {
      await hub.write(name, 1, ['abc-1'])
      await hub.consensus(name)
    }
    const read = await trace()
    expect(readdirSync(folder)).toEqual(['sys-1.hub.ndjson'])
    expect(violated(read)).toEqual([])
    const paths = new Set(read.entries.map((entry) => (entry.type === 'event' ? entry.path : '')))
    expect(paths).toEqual(new Set(names.flatMap((name) => [`app.nnar[${name}]`, `app.uc[${name}]`])))
  })

  test('2,000 operations, while they go on: whole lines only', async () => {
    const { hub, folder, trace } = await recorded({}, 20_000)
    const file = join(folder, 'sys-1.hub.ndjson')
    const storm = hub.storm('x', { operations: 2_000 })
    await until(() => readFileSync(file, 'utf8').split('\n').length > 1_000)
    expect(readTrace(readFileSync(file, 'utf8')).entries.length).toBeGreaterThan(990)
    expect(await storm).toMatchObject({ ok: true })
    const read = await trace()
    expect(read.entries).toHaveLength(4_000)
    expect(violated(read)).toEqual([])
  })
})

describe('a process that lies is convicted, by the name of the property', () => {
  test('deciding another value: UC4; what nobody proposed: UC2; twice: UC3', async () => {
    const { hub, processes, trace } = await recorded({ topicIn: 'inner' })
    const [liar, honest] = processes as [FakeProcess, FakeProcess]
    honest.onCommand = ({ appPropose }) => appPropose && honest.decide(2, 'sys-1', appPropose.topic)
    for (const [topic, ...values] of [
      ['different', 1],
      ['made up', 99],
      ['twice', 2, 2],
    ] as const) {
      liar.onCommand = ({ appPropose }) => {
        for (const value of appPropose ? values : []) liar.decide(value, 'sys-1', topic)
      }
      await hub.consensus(topic, { values: [1, 2], processes: ['abc-1', 'abc-2'] })
    }
    await until(() => hub.counters.ignored.unexpected === 1)
    expect(violated(await trace())).toEqual(['UC4 app.uc[different]', 'UC2 app.uc[made up]', 'UC4 app.uc[made up]', 'UC3 app.uc[twice]'])
  })

  test('without a topic: another value, and once too often', async () => {
    const { hub, processes, trace } = await recorded()
    const [liar] = processes as [FakeProcess]
    liar.onCommand = ({ appPropose }) => {
      if (!appPropose) return
      liar.decide(1, 'sys-1')
      liar.decide(1, 'sys-1')
    }
    processes[1]!.onCommand = ({ appPropose }) => appPropose && processes[1]!.decide(2, 'sys-1')
    processes[2]!.onCommand = ({ appPropose }) => appPropose && processes[2]!.decide(2, 'sys-1')
    await hub.consensus('t', { values: [1, 2, 3] })
    await until(() => hub.counters.ignored.unexpected === 1)
    expect(violated(await trace())).toEqual(['UC3 app.uc[t]', 'UC4 app.uc[t]'])
  })

  test('reading an old value, or answering what was not asked: NNAR2', async () => {
    const { hub, processes, trace } = await recorded()
    const [liar] = processes as [FakeProcess]
    await hub.write('x', 1, ['abc-2'])
    await hub.write('x', 2, ['abc-2'])
    liar.onCommand = ({ appRead }) => appRead && liar.returnRead('x', 1, 'sys-1')
    await hub.read('x', ['abc-1'])
    liar.returnRead('y', undefined, 'sys-1')
    await until(() => hub.counters.ignored.unexpected === 1)
    expect(violated(await trace())).toEqual(['NNAR2 app.nnar[x]', 'NNAR2 app.nnar[y]'])
  })

  test('delivering twice: BEB2; what nobody broadcast: BEB3', async () => {
    const { hub, processes, trace } = await recorded()
    const value = (v: number) => processes[0]!.send({ type: Type.APP_VALUE, appValue: { value: { defined: true, v } } }, 'sys-1')
    await hub.broadcast('abc-2', 7)
    await value(7)
    await value(8)
    await until(() => hub.counters.ignored.unexpected === 2)
    const judged = checkAll(await trace()).filter(({ holds }) => holds === false)
    expect(judged.map(({ property, why }) => [property, why])).toEqual([
      ['BEB2', 'abc-1 delivered {"kind":"APP_VALUE","value":7} from abc-2 twice, though it was sent once'],
      ['BEB3', 'abc-1 delivered {"kind":"APP_VALUE","value":8} from somebody, but somebody never sent it'],
    ])
  })
})

describe('no false alarm', () => {
  test('equal values of several senders, delivered in any order', async () => {
    const { hub, trace } = await recorded()
    await Promise.all(['abc-1', 'abc-2', 'abc-3', 'abc-1'].map((sender) => hub.broadcast(sender, 5)))
    const read = await trace()
    expect(read.entries).toHaveLength(16)
    expect(violated(read)).toEqual([])
  })

  test('reads under way at once, answered in another order', async () => {
    const { hub, processes, trace } = await recorded()
    const [reader] = processes as [FakeProcess]
    silence(reader)
    const first = hub.read('x', ['abc-1'])
    await until(() => commands(reader, Type.APP_READ).length === 1)
    await hub.write('x', 1, ['abc-2'])
    const second = hub.read('x', ['abc-1'])
    await until(() => commands(reader, Type.APP_READ).length === 2)
    reader.returnRead('x', 1, 'sys-1') // of the second
    await first
    reader.returnRead('x', undefined, 'sys-1') // of the first, which was there before the write
    await second
    expect(violated(await trace())).toEqual([])
  })

  test('writes under way at once, done in another order, or one of them only', async () => {
    const { hub, processes, trace } = await recorded({}, 300)
    const [writer] = processes as [FakeProcess]
    silence(writer)
    const done = () => writer.send({ type: Type.APP_WRITE_RETURN, appWriteReturn: { register: 'x' } }, 'sys-1')
    const reader = processes[1]!
    const writes = [hub.write('x', 1, ['abc-1']), hub.write('x', 2, ['abc-1'])]
    await until(() => commands(writer, Type.APP_WRITE).length === 2)
    await done() // of 2
    await Promise.race(writes)
    for (const value of [2, 1]) {
      reader.onCommand = ({ appRead }) => appRead && reader.returnRead('x', value, 'sys-1')
      await hub.read('x', ['abc-2'])
    }
    await Promise.all(writes)
    expect(violated(await trace())).toEqual([])
  })

  test('decisions whose topic is a guess are left out, and from then on those that name none', async () => {
    const { hub, processes, trace } = await recorded()
    for (const process of processes) silence(process)
    const running = ['a', 'b'].map((topic) => hub.consensus(topic, { values: [1, 2], processes: ['abc-1', 'abc-2'] }))
    await until(() => processes.slice(0, 2).every((process) => commands(process, Type.APP_PROPOSE).length === 2))
    for (const value of [1, 2]) for (const process of processes.slice(0, 2)) await process.send(decision(value), 'sys-1')
    await Promise.all(running)
    const { entries } = await trace()
    expect(entries.filter((entry) => entry.type === 'event' && entry.event === 'decide')).toEqual([])
  })

  test('a process asked nothing about a topic may decide in it', async () => {
    const { hub, processes, trace } = await recorded()
    const running = hub.consensus('t', { values: [1], processes: ['abc-1'] })
    await processes[2]!.send(decision(1), 'sys-1')
    await running
    await until(() => hub.counters.ignored.unexpected === 1)
    expect(violated(await trace())).toEqual([])
  })

  test('what names no system may be of an earlier one: it is recorded in the first system only', async () => {
    const { hub, processes, trace } = await recorded({ systemIn: 'none' })
    await hub.broadcast('abc-1', 1)
    await hub.system(['abc'])
    await processes[0]!.send({ type: Type.APP_VALUE, appValue: { value: { defined: true, v: 1 } } }, '')
    await processes[0]!.send(decision(1), '')
    await until(() => hub.counters.ignored.unexpected === 2)
    expect((await trace('sys-2')).entries).toEqual([])
    expect((await trace('sys-1')).entries).toHaveLength(4)
  })
})

const decision = (v: number) => ({ type: Type.APP_DECIDE, appDecide: { value: { defined: true, v } } })

describe('files', () => {
  test('one a system, never over another, also of two hubs at a time', async () => {
    const one = await recorded()
    const hub = await Hub.listen({ host: '127.0.0.1', port: 0, settleMs: 0, trace: one.folder })
    onTestFinished(() => hub.close())
    const world = new World()
    const [process] = await startProcesses(hub.address, world, { xyz: 1 })
    onTestFinished(() => process!.stop())
    await hub.registered(1)
    await hub.system(['xyz'])
    await Promise.all([hub.write('x', 1), one.hub.write('x', 2)])
    await hub.system(['xyz'])
    await Promise.all([hub.close(), one.hub.close()])
    expect(readdirSync(one.folder).sort()).toEqual(['sys-1.hub.2.ndjson', 'sys-1.hub.ndjson', 'sys-2.hub.ndjson'])
    const traces = readdirSync(one.folder).map((file) => readTrace(readFileSync(join(one.folder, file), 'utf8')))
    expect(traces.map(({ entries }) => entries.length).sort()).toEqual([0, 2, 6])
    expect([one.hub.recordings, hub.recordings]).toEqual([
      { files: 1, failed: 0 },
      { files: 2, failed: 0 },
    ])
  })

  test('a folder that cannot be had is a HubError at once, and leaves no hub behind; one to be made is made', async () => {
    const folder = newFolder()
    writeFileSync(join(folder, 'file'), '')
    for (const trace of [join(folder, 'file'), join(folder, 'file', 'below'), '/proc/nowhere']) {
      const listening = Hub.listen({ host: '127.0.0.1', port: 0, trace })
      await expect(listening).rejects.toThrow(HubError)
      await expect(listening).rejects.toMatchObject({
        code: 'cannot-record',
        message: expect.stringContaining(`cannot record in ${trace}`),
      })
    }
    const hub = await Hub.listen({ host: '127.0.0.1', port: 0, trace: join(folder, 'made', 'here') })
    await hub.close()
    expect(readdirSync(join(folder, 'made'))).toEqual(['here'])
  })

  test('a folder that goes away is made again', async () => {
    const { hub, folder } = await recorded()
    rmSync(folder, { recursive: true })
    await hub.system(['abc'])
    expect(readdirSync(folder)).toEqual(['sys-2.hub.ndjson'])
  })

  test('a folder that is a file now: logged and counted, and the hub goes on', async () => {
    const { hub, folder, lines } = await recorded()
    rmSync(folder, { recursive: true })
    writeFileSync(folder, '')
    await hub.system(['abc'])
    expect(await hub.write('x', 1)).toMatchObject({ ok: true })
    expect(hub.recordings).toMatchObject({ files: 1, failed: 1, error: { name: 'HubError', code: 'cannot-record' } })
    expect(lines.filter((line) => line.startsWith('error'))).toEqual([
      expect.stringMatching(/cannot record sys-2 in .*; going on without$/),
    ])
  })
})
