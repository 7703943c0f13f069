import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { TraceError, traceOf, writeTrace } from '@upon/trace'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { judge as judgeLines } from '../src/cli/judge'
import { jsonLine } from '../src/cli/raw-json'

const CLI = fileURLToPath(new URL('../dist/cli.js', import.meta.url))
const options = { limitMs: 10_000, condition: 'atomic', wantsHtml: false } as const

const judge = (name: string, text: string, options: Parameters<typeof judgeLines>[3]) =>
  judgeLines(name, text.split('\n')[0]!, text, options)

const good = `{"client":1,"op":"write","value":5,"call":0,"return":3}
{"client":2,"op":"read","value":5,"call":1,"return":2}
{"client":2,"op":"read","value":null,"call":0,"return":0}
{"client":3,"op":"write","value":6,"call":1,"return":null}
{"client":2,"op":"read","value":6,"call":9,"return":10}
`
const bad = `${good}{"client":1,"op":"read","value":5,"call":11,"return":12}\n`

describe('judge', () => {
  test('histories: the verdict, the smallest prefix and the conflict', () => {
    expect(judge('f', good, options).judgements).toMatchObject([{ holds: true, subject: 'linearizable', facts: { operations: 5 } }])
    const [violated] = judge('f', bad, options).judgements
    const facts = JSON.parse(jsonLine(violated?.facts))
    expect([violated?.holds, facts]).toMatchObject([false, { outcome: 'not-linearizable', until: 12 }])
    expect(facts.conflict).toContainEqual({ client: 1, op: 'read', value: 5, call: 11, return: 12 })
  })

  test('a history is recognized whatever its values look like', () => {
    const value = '{"format":"upon-trace/1","recordedBy":"p"}'
    const text = `{"client":1,"op":"write","value":${value},"call":0,"return":1}\n{"client":1,"op":"read","value":${value},"call":2,"return":3}`
    expect(judge('f', text, options).judgements).toMatchObject([{ holds: true, facts: { operations: 2 } }])
  })

  test('each key is a register', () => {
    const text = (key: string) => bad.replaceAll('{"client"', `{"key":"${key}","client"`)
    expect(judge('f', text('x') + good, options).judgements.map(({ holds, subject }) => [holds, subject])).toEqual([
      [false, 'linearizable of x'],
      [true, 'linearizable'],
    ])
  })

  test('times in nanoseconds, too large for a double, keep their order', () => {
    const line = (op: string, value: number, call: string, end: string) =>
      `{"client":1,"op":"${op}","value":${value},"call":${call},"return":${end}}\n`
    const text =
      line('write', 1, '1790000000000000001', '1790000000000000002') +
      line('write', 2, '1790000000000000003', '1790000000000000004') +
      line('read', 1, '1790000000000000005', '1790000000000000006')
    const [violated] = judge('f', text, options).judgements
    expect(violated?.why).toContain('violated by time 1790000000000000006')
    expect(jsonLine(violated?.facts)).toContain('"until":1790000000000000006,')
    expect(jsonLine(violated?.facts)).toContain(
      '{"client":1,"op":"read","value":1,"call":1790000000000000005,"return":1790000000000000006}',
    )
    expect(judge('f', text, { ...options, wantsHtml: true }).html).toContain('from 1790000000000000005 to 1790000000000000006')
  })

  test('one writer: regular and safe', () => {
    const inversion = `{"client":1,"op":"write","value":1,"call":0,"return":9}
{"client":2,"op":"read","value":1,"call":1,"return":2}
{"client":2,"op":"read","value":null,"call":3,"return":4}`
    expect(judge('f', inversion, options).judgements[0]?.holds).toBe(false)
    expect(judge('f', inversion, { ...options, condition: 'regular' }).judgements[0]?.holds).toBe(true)
    expect(judge('f', inversion.replace('null', '7'), { ...options, condition: 'regular' }).judgements[0]?.holds).toBe(false)
    expect(judge('f', inversion.replace('null', '7'), { ...options, condition: 'safe' }).judgements[0]?.holds).toBe(true)
  })

  test('traces: a verdict per property, with a picture of each violation', () => {
    const trace = writeTrace(traceOf('uc: UniformConsensus', 'p1 > propose 5\np1 < decide 5\np2 < decide 7'))
    const { judgements, html } = judge('f', trace, { ...options, wantsHtml: true })
    expect(judgements.map(({ subject, holds }) => `${subject} ${holds}`)).toEqual([
      'UC1 of uc unknown',
      'UC2 of uc false',
      'UC3 of uc true',
      'UC4 of uc false',
    ])
    expect(judgements[3]?.picture).toContain('! uc.decide(7)')
    expect(html?.match(/<svg/g)).toHaveLength(2)
  })

  test.each([
    ['not JSON', '{"client":1,', 'line 1: not JSON: expected a name in double quotes at character 13, but the line ends'],
    ['no such operation', '\n{"client":1,"op":"inc","call":0}', 'line 2: "op" is "inc"; expected "read", "write" or "cas"'],
    ['no operation', '{"client":1,"value":5,"call":0}', 'line 1: "op" is missing'],
    ['a client that is neither text nor number', '{"client":true,"op":"read","call":0}', 'the client is true; expected a text or a number'],
    ['no client', '{"op":"read","call":0}', 'the client is missing'],
    ['no time', '{"client":1,"op":"read","call":"0"}', '"call" is "0"; expected a number'],
    ['a return that is no time', '{"client":1,"op":"read","call":0,"return":true}', 'the return is true'],
    ['a return before the call', '{"client":1,"op":"read","call":5,"return":4}', 'the return is 4, before the call, 5'],
    [
      'a return before the call by less than a double tells',
      '{"client":1,"op":"read","call":1700000000000000001,"return":1700000000000000000}',
      'before the call, 1700000000000000001',
    ],
    [
      'a misspelt field',
      '{"client":1,"op":"write","value":5,"call":0,"retrun":3}',
      'line 1: a write has no field "retrun"; expected client, op, value',
    ],
    ['a field of another form', '{"client":1,"op":"read","value":5,"call":0,"ret":3}', 'a read has no field "ret"'],
    ['a field of another operation', '{"client":1,"op":"read","value":5,"call":0,"ok":false}', 'a read has no field "ok"'],
    ['a field given twice', '{"client":1,"op":"read","value":5,"value":6,"call":0}', '"value" is given twice'],
    ['a write of nothing', '{"client":1,"op":"write","call":0,"return":3}', 'the value that was written is missing'],
    ['a cas without one value', '{"client":1,"op":"cas","new":5,"call":0,"return":3}', 'a cas needs the value to replace'],
    ['a cas with half its values', '{"client":1,"op":"cas","value":[5],"call":0,"return":3}', '"value" of a cas is [5]'],
    ['a pending cas that failed', '{"client":1,"op":"cas","new":5,"expected":4,"call":0,"ok":false}', '"ok" is false; expected'],
    ['a trace of another format', '{"format":"upon-trace/2","processes":[],"end":"cut"}', 'with "format":"upon-trace/1"'],
    ['nothing', '', 'the file is empty'],
    ['blank lines', '\n \r\n\t\n', 'the file is empty'],
    [
      'two operations of one client at once',
      '{"client":1,"op":"read","value":null,"call":0,"return":3}\n\n{"client":1,"op":"write","value":5,"call":2,"return":9}',
      'line 3: client 1 invokes this while its operation of line 1 is pending',
    ],
  ])('input that makes no sense is refused: %s', (_, text, words) => {
    expect(() => judge('f', text, options)).toThrow(TraceError)
    expect(() => judge('f', text, options)).toThrow(words)
  })
})

describe('upon-check', () => {
  let folder = ''
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'upon-check-'))
    for (const [name, text] of Object.entries({ good, bad, broken: '{' })) writeFileSync(join(folder, name), text)
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  function run(...args: string[]): { code: number; out: string; error: string } {
    try {
      const out = execFileSync(process.execPath, [CLI, ...args], { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
      return { code: 0, out, error: '' }
    } catch (thrown) {
      const { status, stdout, stderr } = thrown as { status: number; stdout: string; stderr: string }
      return { code: status, out: stdout, error: stderr }
    }
  }

  test('exit codes: 0 all hold, 1 one is violated, 2 one could not be read or decided', () => {
    expect(run('good')).toEqual({ code: 0, out: 'good: linearizable: holds: 5 operations\n', error: '' })
    expect(run('good', 'bad', 'broken')).toMatchObject({ code: 1, error: expect.stringContaining('upon-check: broken: line 1: not JSON') })
    expect(run('--budget', '0', 'good')).toMatchObject({ code: 2, error: expect.stringContaining('A budget is a number of seconds') })
    expect(run('--html', 'o', 'good', 'bad')).toMatchObject({ code: 2, error: expect.stringContaining('one file') })
    expect(run('--help').code).toBe(0)
    writeFileSync(join(folder, 'head'), writeTrace(traceOf('uc: UniformConsensus', '')))
    writeFileSync(join(folder, 'wrong'), writeTrace(traceOf('uc: UniformConsensus', 'p1 > propose 5\np1 crash\np1 < decide 7')))
    const unjudged = run('good', 'missing', 'head', 'wrong')
    expect(unjudged).toMatchObject({ code: 2, error: expect.stringContaining('missing: there is no such file (ENOENT)') })
    expect(unjudged.out).toContain('\nhead: the trace: unknown: nothing to judge: it has no entries\n')
    expect(unjudged.out).toContain('\nwrong: the trace: ill-formed: entry 2: p1 has an event after its crash\n')
  })

  test('everything from a file reaches the terminal as text', () => {
    const value = '"\\u001b[31m\u009b31m\u202e\u2028"'
    writeFileSync(join(folder, 'evil\u202e'), good.replace('"value":5', `"value":${value}`).replaceAll('"client":2', `"client":${value}`))
    for (const args of [[], ['--json']]) {
      const { code, out } = run(...args, 'evil\u202e')
      expect(code).toBe(1)
      expect(out.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
    }
    expect(JSON.parse(run('--json', 'evil\u202e').out).file).toBe('evil\u202e')
  })

  test('--json prints an object per line, --html draws', () => {
    const lines = run('--json', 'good', 'bad', 'broken').out.trimEnd().split('\n')
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { file: 'good', holds: true, outcome: 'linearizable' },
      { file: 'bad', holds: false, outcome: 'not-linearizable', until: 12 },
      { file: 'broken', error: expect.stringContaining('not JSON') },
    ])
    run('--html', 'o.html', 'bad')
    expect(readFileSync(join(folder, 'o.html'), 'utf8')).toContain('Not linearizable')
  })
})
