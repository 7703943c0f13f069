import { afterEach, describe, expect, test, vi } from 'vitest'
import { readCommandLine } from '../src/cli/options'
import { Hub } from '../src/index'
import { type Seat, seat } from './session'
import { until } from './stage'

afterEach(() => {
  vi.restoreAllMocks()
})

/** What a command line that is wrong brings: the exit code, and the lines on standard error. */
function refused(words: readonly string[]): { readonly code: number; readonly errors: readonly string[] } {
  let written = ''
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    written += text
    return true
  })
  const exit = vi.spyOn(process, 'exit').mockImplementation((code) => {
    throw new Error(`exit ${code}`)
  })
  expect(() => readCommandLine(['node', 'upon-hub', ...words], '0.0.0')).toThrow('exit')
  return { code: exit.mock.calls[0]![0] as number, errors: written.trimEnd().split('\n') }
}

describe('the command line', () => {
  test.each<[string[], string]>([
    [['--port', '65536'], "'65536'"],
    [['--port', '-1'], "'-1'"],
    [['--port', 'abc'], "'abc'"],
    [['--port', ''], "''"],
    [['--port'], 'argument missing'],
    [['--host', ''], 'host'],
    [['--nonsense'], 'unknown option'],
    [['--timeout', '0'], "'0'"],
    [['--log-level', 'loud'], 'loud'],
    [['--processes', '3', '--no-reference'], '--no-reference excludes'],
    [['--processes', '3', '--process-ports', '1,2'], 'exclude each other'],
    [['--process-ports', '5000,5000'], 'given twice'],
    [['--port', '\u001b[31m'], "'\\u{1b}[31m'"],
    [['--\u001b[2J'], "unknown option '--\\u{1b}[2J'"],
    [['127.0.0.1'], 'at least 4'],
    [['127.0.0.1', '5000', '127.0.0.1', 'x'], "'x'"],
    [['127.0.0.1', '5000', '127.0.0.1', '5000'], 'given twice'],
    [['127.0.0.1', '5000', '127.0.0.1', '5001', '--port', '7'], 'classic form'],
  ])('%j is refused with exit code 2 and one message', (words, message) => {
    const { code, errors } = refused(words)
    expect(code).toBe(2)
    expect(errors.filter((line) => line.startsWith('error:'))).toHaveLength(1)
    expect(errors[0]).toContain(message)
  })
})

describe('commands', () => {
  test('an expectation that times out is reported by process', async () => {
    const { processes, run, shown } = await seat(2, { timeoutMs: 50 })
    processes[1]!.onCommand = () => {}
    expect(await run('write x 5', 'consensus t')).toBe(false)
    expect(shown().match(/^sys-1\/abc-2 did not answer within 50 ms$/gm)).toHaveLength(2)
    expect(shown().match(/^FAILED: [12] of 2/gm)).toHaveLength(2) // on a busy machine the other one may be late, too
  })

  test('a register that is not atomic is drawn with the reason', async () => {
    const { processes, run, shown } = await seat(1)
    expect(await run('write x 1', 'write x 2')).toBe(true)
    processes[0]!.world.registers.set('x', 1)
    expect(await run('read x', 'lin x')).toBe(false)
    expect(shown()).toMatch(/^abc-1 .*\[r:1!/m)
    expect(shown()).toMatch(/^x is NOT atomic \(3 operations\): abc-1's write of 1 ended before/m)
  })

  test.each([
    ['sytem abc', "unknown command 'sytem', did you mean 'system'?"],
    ['xyzzy', "unknown command 'xyzzy'; 'help' lists them"],
    ['system', 'an OWNER is missing; usage: system OWNER...'],
    ['system nobody', 'no process of nobody is registered'],
    ['broadcast', 'PROC is missing'],
    ['broadcast abc-1 x', "VALUE is an integer from -2147483648 to 2147483647, not 'x'"],
    ['broadcast abc-1 2147483648', 'VALUE is an integer'],
    ['wait soon', 'SECONDS is a number'],
    ['storm x 0', 'N is an integer from 1'],
    ['log loud', "not 'loud'"],
    ['lin x', 'no operation on x'],
    ['kill abc-1', 'abc-1 is not a running reference process'],
    ['crashed abc-9', 'no process abc-9 is registered'],
    ['help nothing', 'no command nothing'],
  ])("'%s' is answered with a clear message", async (command, message) => {
    const { run, shown } = await seat(0)
    expect(await run(command)).toBe(false)
    expect(shown()).toContain(message)
  })

  test('--json gives one object per line for every event and result', async () => {
    const { run, shown } = await seat(2, { format: 'json' })
    expect(await run('read x', 'broadcast abc-1 5', 'lin x', 'list', 'status', 'help', 'nonsense')).toBe(false)
    const objects = parsed(shown())
    expect(new Set(objects.map(({ type }) => type))).toEqual(
      new Set(['registered', 'system', 'read', 'delivered', 'outcome', 'linearizability', 'processes', 'status', 'help', 'error']),
    )
    expect(objects.find(({ type }) => type === 'read')).toMatchObject({ system: 'sys-1', register: 'x', value: null })
    expect(objects.find(({ kind }) => kind === 'broadcast')).toMatchObject({ type: 'outcome', ok: true, sender: 'abc-1' })
  })
})

const parsed = (lines: string) =>
  lines
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { type: string; kind?: string; register?: string })

/** What a terminal obeys or does not show. */
const HOSTILE = '\u001b[2J\u001b]0;owned\u0007\r\u202Efdp\u200b\u0085\u2028'
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const OBEYED = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b\u202e\u2028]/

describe('names that a terminal would obey, and a megabyte of them', () => {
  const everywhere = async ({ run, processes }: Seat, name: string): Promise<void> => {
    const commands = [`write ${name} 5 abc-1`, `read ${name}`, `storm ${name} 2`, `lin ${name}`, `consensus ${name}`, `lin no${name}`]
    const wrong = [
      `system ${name}`,
      `broadcast ${name} 5`,
      `broadcast abc-1 ${name}`,
      `kill ${name}`,
      `crashed ${name}`,
      `log ${name}`,
      `help ${name}`,
      name,
    ]
    await run(...commands, ...wrong)
    const [liar] = processes as [Seat['processes'][0]]
    liar.returnRead(name, 1, 'sys-1')
    liar.decide(5, 'sys-1', name)
    await liar.send({ type: 1, procRegistration: { owner: name, index: 1 } }, '')
    liar.returnRead('x', 1, name)
  }

  test.each([
    ['of signs that a terminal obeys', HOSTILE],
    ['long', 'x'.repeat(20_000)],
  ])('%s: escaped and clipped in text', async (_, name) => {
    const s = await seat(2)
    await everywhere(s, name.replaceAll(/\s/g, ''))
    await until(() => s.session.hub.counters.ignored.otherSystem > 0 || s.session.hub.counters.ignored.malformed > 0)
    expect(s.shown()).not.toMatch(OBEYED)
    expect(s.shown().length).toBeLessThan(40_000)
  })

  test('exact in JSON, and escaped there by the rules of JSON', async () => {
    const s = await seat(1, { format: 'json' })
    const name = HOSTILE.replaceAll(/\s/g, '')
    await s.run(`write ${name} 5`)
    expect(s.shown()).not.toMatch(OBEYED)
    expect(parsed(s.shown()).find(({ type }) => type === 'wrote')?.register).toBe(name)
  })

  test('a line of a megabyte is refused', async () => {
    const { run, shown } = await seat(0)
    expect(await run('y'.repeat(2 ** 20))).toBe(false)
    expect(shown()).toContain('a line has at most 100000 characters, this one has 1048576')
    expect(shown().length).toBeLessThan(2_000)
  })
})

test('the message of a HubError shows nothing raw', async () => {
  const { session } = await seat(1)
  const failing = [
    session.hub.system([HOSTILE]),
    session.hub.broadcast(HOSTILE.repeat(10_000), 1),
    session.hub.registered([HOSTILE.repeat(10_000)], 1),
    session.hub.write('x', 1, [HOSTILE]),
    Hub.listen({ host: HOSTILE, port: 0 }),
  ]
  for (const settled of await Promise.allSettled<unknown>(failing)) {
    const { message } = (settled as PromiseRejectedResult).reason as Error
    expect(message).toContain('\\u{1b}')
    expect(message).not.toMatch(OBEYED)
    expect(message.length).toBeLessThan(1_500)
  }
})
