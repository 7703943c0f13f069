import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { checkAll } from '@upon/checker'
import { Hub } from '@upon/hub'
import { joinRecordings, readRecording, readTrace, type Trace } from '@upon/trace'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { startCli } from './cli-child'
import { cluster } from './cluster'
import { until } from './puppet'

const CHECK = fileURLToPath(new URL('../../checker/dist/cli.js', import.meta.url))

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'upon-trace-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

const recordingsIn = (folder: string, system: string) =>
  readdirSync(folder)
    .filter((file) => file.includes(`.${system}.`))
    .map((file) => readRecording(readFileSync(join(folder, file), 'utf8')))

/** Which properties were judged, and which of them do not hold. */
function judged(trace: Trace) {
  const verdicts = checkAll(trace)
  const named = (holds: boolean | 'unknown') =>
    [...new Set(verdicts.filter((v) => v.holds === holds).map(({ property }) => property))].sort()
  return { holds: named(true), violated: verdicts.filter(({ holds }) => holds === false), unknown: named('unknown') }
}

const SAFETY = ['BEB2', 'BEB3', 'EC1', 'EC2', 'EP1', 'EP2', 'EP3', 'EP4', 'NNAR2', 'PL2', 'PL3', 'UC2', 'UC3', 'UC4']
const LIVENESS = ['BEB1', 'EC3', 'ELD1', 'ELD2', 'EP5', 'EPFD1', 'EPFD2', 'NNAR1', 'PL1', 'UC1']

describe('a run of three upon-node on real sockets, the leader killed with kill -9 on the way', () => {
  const endings: (() => void)[] = []
  let folder: string
  let trace: Trace
  let remarks: readonly string[]

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'upon-trace-'))
    const hub = await Hub.listen({ host: '127.0.0.1', port: 0, settleMs: 0 })
    const owner = 'abc'
    const nodes = [1, 2, 3].map((index) =>
      startCli(['--hub', `127.0.0.1:${hub.address.port}`, '--owner', owner, '--index', String(index), '--trace', folder], {
        atEnd: (kill) => endings.push(kill),
      }),
    )
    await hub.registered(3, 30_000)
    await hub.system([owner])
    expect(await hub.broadcast('abc-2', 52)).toMatchObject({ ok: true })
    expect(await hub.write('x', 5, ['abc-1'])).toMatchObject({ ok: true })
    expect(await hub.storm('x', { operations: 60 })).toMatchObject({ ok: true })
    expect(await hub.consensus('lunch')).toMatchObject({ ok: true })
    nodes[2]?.child.kill('SIGKILL')
    await nodes[2]?.exited
    hub.markCrashed('abc-3')
    expect(await hub.read('x')).toMatchObject({ ok: true })
    expect(await hub.consensus('dinner')).toMatchObject({ ok: true })
    for (const { child, exited } of nodes.slice(0, 2)) {
      child.kill('SIGTERM')
      expect(await exited).toBe(0)
    }
    await hub.close()
    const joined = joinRecordings(recordingsIn(folder, 'sys-1'))
    trace = joined.trace
    remarks = joined.remarks
  }, 60_000)
  afterAll(() => {
    for (const end of endings) end()
    rmSync(folder, { recursive: true, force: true })
  })

  it('every safety property of every layer was judged, and holds', () => {
    const { holds, violated, unknown } = judged(trace)
    expect(violated).toEqual([])
    expect(holds).toEqual(expect.arrayContaining(SAFETY))
    expect(unknown).toEqual(expect.arrayContaining(LIVENESS))
  })

  it('the one killed crashes in the trace, where its recording ends, and liveness is left open', () => {
    expect(trace.end).toBe('cut')
    expect(trace.entries.filter(({ type }) => type !== 'event')).toEqual([
      expect.objectContaining({ type: 'crash', process: 'abc-3', detail: 'its recording ends here' }),
    ])
    expect(remarks).toContainEqual(expect.stringMatching(/^abc-3 crashed/))
    const last = trace.entries.findLastIndex(({ process }) => process === 'abc-3')
    expect(trace.entries[last]?.type).toBe('crash')
  })

  it('a decision changed in the file is found, by name and by whom', () => {
    const files = new Map(readdirSync(folder).map((file) => [file, readFileSync(join(folder, file), 'utf8')]))
    const lunch = /("path":"app\.uc\[lunch\]","module":"UniformConsensus","direction":"indication","event":"decide","attributes":\[)(\d+)/
    const name = 'abc-1.sys-1.ndjson'
    expect(files.get(name)).toMatch(lunch)
    files.set(
      name,
      (files.get(name) as string).replace(lunch, (_, before, value) => `${before}${Number(value) + 1}`),
    )
    const { violated } = judged(joinRecordings([...files.values()].map(readRecording)).trace)
    expect(violated.map(({ property, path }) => `${property} ${path}`)).toEqual(
      expect.arrayContaining(['UC2 app.uc[lunch]', 'UC4 app.uc[lunch]']),
    )
    expect(violated.find(({ property }) => property === 'UC4')?.why).toMatch(/abc-1 decided \d+/)
  })

  it('a message changed on its way is found: PL3', () => {
    const texts = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8'))
    const changed = texts.map((text) => text.replace(/("event":"deliver","attributes":\["abc-[12]",\{"kind":"VALUE","rid":)(\d+)/, '$19$2'))
    expect(changed).not.toEqual(texts)
    const { violated } = judged(joinRecordings(changed.map(readRecording)).trace)
    expect(violated.map(({ property }) => property)).toContain('PL3')
  })

  it('upon-check: exit code 0 and every verdict; 1 when a file was changed; 2 when one is missing', () => {
    const files = readdirSync(folder)
    const good = uponCheck(folder, ['--joined', 'joined.ndjson', ...files])
    expect(good).toMatchObject({ code: 0, errors: '' })
    for (const property of SAFETY) expect(good.output).toMatch(new RegExp(`^sys-1: ${property} of .*: holds`, 'm'))
    expect(good.output).toContain('sys-1: 3 recordings joined')
    expect(good.output).toContain('sys-1: abc-3 crashed')

    const joined = readFileSync(join(folder, 'joined.ndjson'), 'utf8')
    expect(readTrace(joined)).toEqual(trace)
    expect(uponCheck(folder, ['joined.ndjson']).code).toBe(0)

    const [first = '', ...others] = files
    expect(uponCheck(folder, others)).toMatchObject({ code: 2, errors: expect.stringContaining('sys-1 has no recording of abc-1') })
    writeFileSync(
      join(folder, 'changed'),
      readFileSync(join(folder, first), 'utf8').replace(
        /(UniformConsensus","direction":"indication","event":"decide","attributes":\[)/,
        '$17',
      ),
    )
    const bad = uponCheck(folder, ['changed', ...others])
    expect(bad.code).toBe(1)
    expect(bad.output).toMatch(/^sys-1: UC4 of app\.uc\[\w+\]: VIOLATED/m)
  })
})

function uponCheck(cwd: string, args: readonly string[]): { code: number; output: string; errors: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CHECK, ...args], { cwd, encoding: 'utf8', maxBuffer: 2 ** 26 })
  return { code: status ?? -1, output: stdout, errors: stderr }
}

describe('recordings of processes in one program', () => {
  it('all stopped in order and nothing under way: the trace is quiescent, and liveness holds, too', async () => {
    const folder = newFolder()
    const { hub, nodes, stop } = await cluster(3, { trace: folder })
    onTestFinished(stop)
    await hub.system(['abc'])
    await hub.broadcast('abc-1', 7)
    await hub.write('x', 5)
    await hub.read('x')
    await until('all that was sent has been delivered', () => {
      const events = recordingsIn(folder, 'sys-1').flatMap(({ entries }) =>
        entries.filter(({ module }) => module === 'PerfectPointToPointLinks'),
      )
      return events.filter(({ event }) => event === 'send').length === events.filter(({ event }) => event === 'deliver').length
    })
    await hub.system(['abc']) // ends the first
    await until('the system has ended everywhere', () => nodes.every((node) => !node.systems.has('sys-1')))
    const { trace, remarks } = joinRecordings(recordingsIn(folder, 'sys-1'))
    const { holds, violated } = judged(trace)
    expect({ end: trace.end, violated, remarks }).toEqual({ end: 'quiescent', violated: [], remarks: [] })
    expect(holds).toEqual(expect.arrayContaining(['BEB1', 'NNAR1', 'NNAR2', 'PL1']))
  })
})
