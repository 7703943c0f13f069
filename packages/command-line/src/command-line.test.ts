import { describe, expect, test, vi } from 'vitest'
import { host, newCommand, ports, positive, wholeNumber } from './index'

/** What a command says until it exits, and its exit code. */
function run(args: readonly string[]) {
  const said = { output: '', errors: '', code: undefined as number | string | null | undefined }
  const keep = (stream: 'output' | 'errors') => (text: string | Uint8Array) => {
    said[stream] += text
    return true
  }
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation(keep('output')),
    vi.spyOn(process.stderr, 'write').mockImplementation(keep('errors')),
    vi.spyOn(process, 'exit').mockImplementation((code) => {
      said.code ??= code
      throw new Error('ended')
    }),
  ]
  try {
    newCommand('try', '1.2.3')
      .option('--n <n>', 'a number', wholeNumber('A number', 1, 9))
      .parse(['node', 'try', ...args])
  } catch (error) {
    if (said.code === undefined) throw error
  } finally {
    for (const spy of spies) spy.mockRestore()
  }
  return said
}

describe('a command', () => {
  test('exit codes: 0 after --help and --version, 2 if the command line is wrong', () => {
    expect(run(['--help'])).toMatchObject({ code: 0, output: expect.stringContaining('--n <n>'), errors: '' })
    expect(run(['--version'])).toMatchObject({ code: 0, output: '1.2.3\n' })
    expect(run(['--n', '0'])).toMatchObject({
      code: 2,
      errors: expect.stringContaining("A number is a whole number from 1 to 9, not '0'."),
    })
    expect(run(['--what'])).toMatchObject({ code: 2, errors: expect.stringContaining('(try --help says more)\n') })
    expect(run(['--n', '7']).code).toBeUndefined()
  })

  test('what was typed reaches the terminal as text, clipped', () => {
    for (const args of [['--\u{1b}[2J'], ['--n', '\u{1b}[2J\n7']]) {
      expect(run(args).errors).toContain('\\u{1b}[2J')
      expect(run(args).errors).not.toContain('\u{1b}')
    }
    expect(run([`--${'x'.repeat(10_000)}`]).errors.length).toBeLessThan(1_000)
  })
})

describe('values', () => {
  test.each(['', ' ', '-1', '+1', '1.5', '1e2', '0x10', '99999999999999999999', '٣'])('%j is no whole number', (text) => {
    expect(() => wholeNumber('A number', 0, Number.MAX_SAFE_INTEGER)(text)).toThrow('A number is a whole number from 0 to')
  })

  test('whole numbers at both bounds', () => {
    expect(['1', '9', '09'].map(wholeNumber('A number', 1, 9))).toEqual([1, 9, 9])
    expect(() => wholeNumber('A number', 1, 9)('10')).toThrow("from 1 to 9, not '10'")
  })

  test('positive numbers', () => {
    expect(['0.5', '60'].map(positive('A budget is a number of seconds', 60))).toEqual([0.5, 60])
    for (const text of ['0', '0.0', '60.1', '1e1', 'x', '', '.5', '-1'])
      expect(() => positive('A budget is a number of seconds', 60)(text)).toThrow('A budget is a number of seconds above 0 and up to 60')
  })

  test('hosts and ports', () => {
    expect(ports('0,65535')).toEqual([0, 65_535])
    expect(() => ports('1,,2')).toThrow("not ''")
    expect(() => host(' ')).toThrow('A host has a name or address; this one is empty.')
  })
})
