import { execFile, execFileSync } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { BasicBroadcast } from '@upon/broadcast'
import { bestEffortBroadcast, exhaustive, sizeOf } from '@upon/compliance'
import { drawPlan, runSeed, type Scenario } from '@upon/simulator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { catalogue, find } from '../src'

const command = fileURLToPath(new URL('../dist/cli.js', import.meta.url))
const beb = { ...(find('beb')?.scenario as Scenario), processes: sizeOf(3) }

/** Ends only what hangs: the whole catalogue takes some CPU seconds, and a busy machine many times that. */
const LIMIT_MS = 180_000

/** Runs the built command to its end, on one worker by default, since each takes half a second to start. */
const sim = (...args: string[]) =>
  new Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }>((resolve) => {
    const child = execFile(
      process.execPath,
      [command, ...args, ...(args.some((word) => ['--workers', '--list', '--merge'].includes(word)) ? [] : ['--workers', '1'])],
      { env: { ...process.env, npm_lifecycle_event: '' } },
      (_error, stdout, stderr) => resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    )
  })

const built = (name: string) => JSON.stringify(new URL(`../../${name}/dist/index.js`, import.meta.url).href)

/** A broadcast that forgets the last process. */
const theirs = `
import { entry } from ${built('catalogue')}
import { bestEffortBroadcast } from ${built('compliance')}
import { algorithm, BestEffortBroadcast, PerfectPointToPointLinks } from ${built('contract')}
const facts = { name: 'theirs', implements: { beb: BestEffortBroadcast }, uses: { pl: PerfectPointToPointLinks } }
const theirs = algorithm({ ...facts, assumes: { processes: 'crash-stop', timing: 'asynchronous', resilience: 'f < N' } }, ({ beb, pl, processes, upon }) => {
  upon(beb.broadcast, (m) => processes.slice(1).forEach((q) => pl.send(q, m)))
  upon(pl.deliver, (p, m) => beb.deliver(p, m))
})
export const catalogue = [entry(bestEffortBroadcast, theirs)]
`

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'upon-sim-'))
})
afterAll(() => rm(folder, { recursive: true }))

describe('upon-sim', () => {
  it('runs seeds on worker threads, and the number of threads changes nothing', async () => {
    const outputs = await Promise.all(
      ['1', '3'].map((workers) => sim('beb', '--runs', '600', '--seed', '0x10', '--workers', workers, '--json')),
    )
    const [one, three] = outputs.map(({ code, stdout }) => ({ ...JSON.parse(stdout), seconds: 0, code }))
    expect(one).toEqual(three)
    expect(one).toMatchObject({ code: 0, algorithm: 'basic-broadcast', processes: 'by turns', runs: 600, violations: 0, cut: 0 })
  })

  it('prints one run in full, the same as the library, with its trace', async () => {
    const file = join(folder, 'trace.ndjson')
    const { stdout, code } = await sim('beb', '--runs', '1', '--seed', '3', '--json', '--trace', file)
    const { run, plan } = runSeed(beb, 3, { record: 'everything' })
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ hash: run.hash, plan: JSON.parse(JSON.stringify(plan)) })
    const lines = (await readFile(file, 'utf8')).trim().split('\n')
    expect(JSON.parse(lines[0] as string)).toMatchObject({ format: 'upon-trace/1', end: 'quiescent', origin: { seed: '0x3' } })
    expect(lines).toHaveLength(run.trace.entries.length + 1)
  })

  it('runs every algorithm for its share of the time', { timeout: LIMIT_MS }, async () => {
    const { code, stdout } = await sim('--all', '--runs', '90', '--json')
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines.map(({ algorithm }) => algorithm)).toEqual(
      catalogue.flatMap(({ name, overAdversarial }) => [
        name,
        `${name} --side-by-side`,
        ...(overAdversarial ? [`${name} --adversarial`] : []),
      ]),
    )
    expect(lines.reduce((sum, { runs }) => sum + runs, 0)).toBeGreaterThanOrEqual(90)
    expect(code).toBe(0)
  })

  it('lists the algorithms', async () => {
    const { stdout } = await sim('--list')
    for (const { name } of catalogue) expect(stdout).toContain(name)
  })

  it('explores a small system', async () => {
    const { code, stdout } = await sim('beb', '--explore', '--processes', '3', '--crashes', '1', '--json')
    const { states } = exhaustive(bestEffortBroadcast, BasicBroadcast, { processes: 3, crashes: 1 })
    expect(JSON.parse(stdout)).toMatchObject({ algorithm: 'basic-broadcast', states, isComplete: true })
    expect(code).toBe(0)
  })

  it('runs an algorithm of a user, shows the shortest schedule under which it fails, and prints a command that reproduces it', async () => {
    const file = join(folder, 'their own.mjs')
    await writeFile(file, theirs)
    const { code, stdout } = await sim('theirs', '--from', file, '--runs', '50')
    expect(stdout).toMatch(/BEB1 is Validity: .*\n(.*\n)*shrunk to 1 step, .*: BEB1 violated: /)
    expect(stdout).toMatch(/! .*beb\.broadcast/)
    expect(code).toBe(1)
    const [, again = ''] = /again: upon-sim (.*)/.exec(stdout) ?? []
    const words = [...again.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, word]) => quoted ?? word ?? '')
    const second = await sim(...words)
    expect(second.stdout).toContain(stdout.slice(stdout.indexOf('shrunk to')).split('\n')[0])
    expect(second.code).toBe(1)
  })

  it('fails when a required situation does not occur in a thousand runs, and says which', async () => {
    const file = join(folder, 'vacuous.mjs')
    const never = "const sometimes = { 'pigs fly': () => false }"
    await writeFile(file, `${never}\n${theirs.replace('processes.slice(1)', 'processes').replace('theirs)]', 'theirs, { sometimes })]')}`)
    const [few, many] = await Promise.all(['999', '1000'].map((runs) => sim('theirs', '--from', file, '--runs', runs)))
    expect([few?.code, many?.code]).toEqual([0, 1])
    expect(many?.stdout).toContain('never: pigs fly; what was tried shows too little')
  })

  it('runs shards of the seeds, whose merged output equals that of the whole', async () => {
    const line = ['broadcast', '--runs', '30', '--seed', '0x20']
    const shards = await Promise.all(['1/2', '2/2'].map((shard) => sim(...line, '--shard', shard)))
    const files = shards.map((_, i) => join(folder, `${i}.json`))
    await Promise.all(shards.map(({ stdout }, i) => writeFile(files[i] as string, stdout)))
    const [whole, merged, part] = await Promise.all([
      sim(...line, '--json'),
      sim('--merge', '--json', ...files),
      sim('--merge', ...files.slice(1)),
    ])
    const resultIn = (stdout: string) =>
      stdout
        .trim()
        .split('\n')
        .map((text) => ({ ...JSON.parse(text), seconds: 0 }))
    expect(resultIn(merged.stdout)).toEqual(resultIn(whole.stdout))
    expect([whole.code, merged.code]).toEqual([0, 0])
    expect(part).toMatchObject({ code: 2, stderr: expect.stringContaining('shard 1/2 is missing') })
  })

  it('draws its seeds from the commit', async () => {
    const { code, stdout } = await sim('beb', '--runs', '1', '--seed', 'commit', '--json')
    expect(code).toBe(0)
    const commit = execFileSync('git', ['rev-parse', 'HEAD'], { cwd: fileURLToPath(new URL('.', import.meta.url)), encoding: 'utf8' })
    expect(commit.slice(0, 12)).toContain(JSON.parse(stdout).seed.slice(2))
  })

  it('runs a plan', async () => {
    const file = join(folder, 'plan.json')
    await writeFile(file, JSON.stringify(drawPlan(beb, 3)))
    const { stdout } = await sim('beb', '--plan', file, '--json')
    const { run } = runSeed(beb, 3, { record: 'everything' })
    expect(JSON.parse(stdout).hash).toBe(run.hash)
  })

  it.each([
    [['nothing'], 'there is no algorithm nothing; expected one of '],
    [['beb', '--seed', 'abc'], "argument 'abc' is invalid"],
    [['beb', '--plan', '/nowhere'], 'ENOENT'],
    [['uc', '--explore', '--adversarial'], '--explore tries one instance over its own layers'],
  ])('refuses %j with what was wrong, and exit code 2', async (args, message) => {
    const { code, stderr } = await sim(...args)
    expect(stderr).toContain(message)
    expect(code).toBe(2)
  })
})
