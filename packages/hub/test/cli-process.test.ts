import { existsSync, mkdtempSync, openSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { check } from '@upon/checker'
import { readTrace } from '@upon/trace'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { type FakeProcess, startProcesses, World } from './fake-process'
import { IDLE_CHILD, Run, STATE } from './run-cli'

let world = new World()

afterEach(async () => {
  await Promise.all(world.processes.map((process) => process.stop()))
  world = new World()
})

/** The hub without processes of its own, joined by fake ones that are registered. */
async function withProcesses(count: number, ...words: readonly string[]): Promise<[Run, FakeProcess[]]> {
  const run = new Run(['--no-reference', '--port', '0', ...words])
  const processes = await startProcesses(await run.address(), world, { abc: count })
  for (const { name } of processes) await run.line(new RegExp(`${name} registered`))
  return [run, processes]
}

const idle = (count: number): string[] => [
  ...['--port', '0', '--processes', String(count)],
  ...['--node-command', `"${process.execPath}" "${IDLE_CHILD}" {hubHost} {hubPort} {host} {port} {owner} {index}`],
]

describe('starts', () => {
  test('--help tells both forms and the exit codes', async () => {
    const run = new Run(['--help'])
    expect(await run.ended).toBe(0)
    expect(run.lines.join('\n')).toMatch(/HUBHOST HUBPORT PROCHOST PORT1 PORT2 PORT3[\s\S]*Exit code 0/)
  })

  test('what cannot be had, one message each that says what to do, exit code 1', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const { port } = server.address() as { port: number }
    const cases: [string[], RegExp][] = [
      [['--port', String(port), '--no-reference'], new RegExp(`port ${port} is taken: .* listens there already.*--port 0 for a free one`)],
      [['--host', 'no-such-host.invalid', '--port', '0', '--no-reference'], /there is no host of that name/],
      [['--host', '192.0.2.1', '--port', '0', '--no-reference'], /no interface of this machine has that address/],
      [['--port', '0', '--node-command', '/no/such/program'], /./],
      [['--port', '0', '--no-reference', '--trace', join(IDLE_CHILD, 'below')], /cannot record/],
      [['--port', '0', '--process-ports', String(port)], /ref-1 ended with exit code 1/],
    ]
    await Promise.all(
      cases.map(async ([words, message]) => {
        const run = new Run(words)
        expect(await run.ended).toBe(1)
        if (words.includes('--process-ports')) expect(run.lines.join('\n')).toMatch(message)
        else expect(run.errors).toEqual([expect.stringMatching(message)])
      }),
    )
    server.close()
  })

  test('without --port, another one than 5000 when that is taken, and it is said', async () => {
    const server = createServer().listen(5000, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve).once('error', resolve)) // taken by somebody else: as good
    const run = new Run(['--no-reference', '--run', 'list'])
    expect(await run.ended).toBe(0)
    const [, port] = /^port 5000 is taken: the hub takes (\d+) instead$/m.exec(run.lines.join('\n'))!
    expect(run.lines.join('\n')).toContain(`listening on 127.0.0.1:${port}`)
    server.close()
  })
})

describe('commands', () => {
  test('a walk through all of them prints what a person wants to see, and ends with 0', async () => {
    const [run] = await withProcesses(3)
    run.type(
      'list',
      '',
      '# a remark',
      'read x',
      'init abc',
      'broadcast abc-2 52',
      'read x abc-1',
      'write x 89',
      'read x abc-1',
      'storm x,y 30',
    )
    run.type(
      'lin x',
      'consensus t',
      'consensus u,v 7 8 9',
      'log debug',
      'log info',
      'status',
      'wait 0',
      'help',
      'crashed abc-3',
      'write x 5',
      'quit',
    )
    expect(await run.endInput()).toBe(1) // for the `read x` before there was a system
    const text = run.lines.join('\n')
    for (const line of [
      /│ abc +│ 1 +│ 127\.0\.0\.1 │ \d+ │ classic +│ registered │/,
      /^no system was started yet$/m,
      /^sys-1 started: abc-1 \(rank 1\), abc-2 \(rank 2\), abc-3 \(rank 3\)$/m,
      /^sys-1\/abc-3 delivered 52$/m,
      /^ok: 3 of 3 delivered 52 in [\d.]+ ms$/m,
      /^sys-1\/abc-1 read x=⊥$/m,
      /^sys-1\/abc-2 finished writing x$/m,
      /^sys-1\/abc-1 read x=89$/m,
      /^ok: 30 of 30 operations on y answered/m,
      /^abc-1 +\[/m,
      /^x is atomic: 35 operations, linearizable$/m,
      /^sys-1\/abc-1 will propose \d+$/m,
      /^sys-1\/abc-1 decided \d+$/m,
      /^sys-1\/abc-3 decided 7 \(u\)$/m,
      /^ok: 3 of 3 decided 7 on v in .* agreement holds, validity holds, integrity holds$/m,
      /^ignored: malformed 0/m,
      /^abc-3 crashed$/m,
      /^ok: 2 of 2 wrote x=5/m,
    ]) {
      expect(text).toMatch(line)
    }
    const log = readFileSync(/log in (\S+)/.exec(text)![1]!, 'utf8')
    expect(log).toContain('debug sys-1 sent APP_BROADCAST to abc-2')
    expect(log).toContain('debug received APP_VALUE from 127.0.0.1')
    expect(log).toContain('sys-1/abc-3 delivered 52')
  })
})

const lives = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

const WAIT = { timeout: 20_000, interval: 10 }

const pids = async (run: Run, count: number): Promise<number[]> => {
  await run.line(new RegExp(`ref-${count} registered`))
  const printed = () => run.lines.filter((line) => /: pid \d+/.test(line)).map((line) => Number(/pid (\d+)/.exec(line)![1]))
  await vi.waitFor(() => expect(printed().length).toBeGreaterThanOrEqual(count), WAIT)
  return printed()
}

const gone = (all: readonly number[]): Promise<void> => vi.waitFor(() => expect(all.filter(lives)).toEqual([]), WAIT)

describe('reference processes', () => {
  test('kill ends one; all others end with the hub, however deaf', async () => {
    const run = new Run([...idle(3), '--log-level', 'debug', '--timeout', '200'], { UPON_TEST_DEAF: 'yes' })
    const all = await pids(run, 3)
    run.type('kill ref-2', 'kill ref-2', 'list', 'system ref', 'quit')
    expect(await run.endInput()).toBe(1)
    await gone(all)
    expect(run.lines.join('\n')).toMatch(/ref-2 crashed[\s\S]*ref-2 is not a running reference process; running: ref-1, ref-3/)
    expect(run.lines.join('\n')).toContain('sys-1 started: ref-1 (rank 1), ref-3 (rank 2)')
  })

  test.each(['SIGTERM', 'SIGKILL'] as const)('end when the hub gets %s', async (signal) => {
    const run = new Run([...idle(2), '--log-level', 'debug'])
    const all = await pids(run, 2)
    run.process.kill(signal)
    expect(await run.ended).toBe(signal === 'SIGTERM' ? 143 : 'SIGKILL')
    await gone(all)
  })

  test('one that ends at once is reported with what it said', async () => {
    const run = new Run(['--port', '0', '--node-command', `"${process.execPath}" --no-such-flag`])
    expect(await run.ended).toBe(1)
    expect([...run.lines, ...run.errors].join('\n')).toMatch(/ref-\d ended with exit code 9[\s\S]*bad option/)
  })
})

describe('ends', () => {
  test('SIGINT in the midst of a command ends it gracefully, before its time', async () => {
    const [run] = await withProcesses(1)
    run.type('system abc', 'wait 60')
    await run.line(/> wait 60/)
    run.process.kill('SIGINT')
    expect(await run.ended).toBe(130)
    expect(run.lines).toContain('sys-1 destroyed')
  })

  test('a second SIGINT ends it at once', async () => {
    const run = new Run([...idle(1), '--log-level', 'debug'])
    const all = await pids(run, 1)
    run.process.kill('SIGINT')
    run.process.kill('SIGINT')
    expect([130, 'SIGINT']).toContain(await run.ended)
    await gone(all)
  })

  test('SIGTERM in the midst of a consensus', async () => {
    const [run, processes] = await withProcesses(2, '--timeout', '60000')
    for (const process of processes) process.onCommand = () => {}
    run.type('system abc', 'consensus t')
    await run.line(/will propose/)
    run.process.kill('SIGTERM')
    expect(await run.ended).toBe(143)
  })

  test('SIGINT in the midst of a storm: the trace has whole lines, and can be judged', async () => {
    const folder = mkdtempSync(join(STATE, 'trace-'))
    const [run] = await withProcesses(3, '--trace', folder)
    run.type('system abc', 'storm x 100000')
    const file = join(folder, 'sys-1.hub.ndjson')
    await vi.waitUntil(() => existsSync(file) && readFileSync(file, 'utf8').split('\n').length > 50, { timeout: 20_000 })
    run.process.kill('SIGINT')
    expect(await run.ended).toBe(130)
    const trace = readTrace(readFileSync(file, 'utf8'))
    expect(trace.entries.length).toBeGreaterThan(48)
    expect(check(trace, { name: 'AtomicRegister' }).map(({ property, holds }) => [property, holds])).toEqual([
      ['NNAR1', 'unknown'],
      ['NNAR2', true],
    ])
  })

  test('a reader that goes away, and a full disk under standard output, end it with exit code 1', async () => {
    const run = new Run(['--no-reference', '--port', '0'])
    await run.address()
    run.process.stdout!.destroy()
    run.type('help', 'help', 'wait 60')
    expect(await run.ended).toBe(1)
    const full = new Run(['--no-reference', '--port', '0', '--run', 'help; wait 60'], { stdout: openSync('/dev/full', 'w') })
    expect(await full.ended).toBe(1)
    expect(full.errors.join('\n')).toContain('cannot write to standard output')
  })

  test('each start begins a new log file, in the state directory by default', async () => {
    const file = join(STATE, 'mine.log')
    for (const command of ['help', 'list']) await new Run(['--no-reference', '--port', '0', '--log-file', file, '--run', command]).ended
    expect(readFileSync(file, 'utf8')).toContain('> list')
    expect(readFileSync(file, 'utf8')).not.toContain('> help')
    const run = new Run(['--no-reference', '--port', '0', '--no-log-file', '--run', 'help'])
    expect(await run.ended).toBe(0)
    expect(run.lines[0]).toContain('no log file')
  })
})
