import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { checkAll, joinRecordings, readRecording, shivizLog, type Trace } from '@upon/checker'
import { Hub } from '@upon/hub'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { startCli } from './cli-child'
import { cluster } from './cluster'

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
  const named = (holds: boolean | 'unknown') => [...new Set(verdicts.filter((v) => v.holds === holds).map(({ property }) => property))].sort()
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
    await hub.registered(3)
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
})
