import { expect, it, vi } from 'vitest'
import { readCommandLine } from './options'

/** What the command line makes the program say until it exits, and its exit code; both are commander's way. */
function read(args: readonly string[]) {
  const said = { output: '', errors: '', code: undefined as number | string | null | undefined }
  let ended = false
  const keep = (stream: 'output' | 'errors') => (text: string | Uint8Array) => {
    if (!ended) said[stream] += text
    return true
  }
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation(keep('output')),
    vi.spyOn(process.stderr, 'write').mockImplementation(keep('errors')),
    vi.spyOn(process, 'exit').mockImplementation((code) => {
      if (!ended) said.code = code
      ended = true
      throw new Error('ended')
    }),
  ]
  try {
    readCommandLine(['node', 'upon-node', ...args], '1.2.3')
  } catch (error) {
    if (!ended) throw error
  } finally {
    for (const spy of spies) spy.mockRestore()
  }
  return said
}

it('an IPv6 hub is given in brackets', () => {
  expect(readCommandLine(['node', 'upon-node', '--hub', '[::1]:5000', '--owner', 'a'], '').hub).toEqual({ host: '::1', port: 5000 })
})

it('what was typed is escaped in what it says', () => {
  const { errors } = read(['--hub', 'h:1', '--owner', 'a', '--port', '\u{1b}[2J\n7'])
  expect(errors).toContain("not '\\u{1b}[2J")
  expect(errors).not.toContain('\u{1b}')
  expect(read(['--\u{1b}[2J']).errors).toContain("unknown option '--\\u{1b}[2J'")
})

it('--help tells the forms, the flags and the exit codes', () => {
  const { code, output } = read(['--help'])
  expect(code).toBe(0)
  for (const part of ['HUBHOST HUBPORT HOST PORT... ALIAS', '--hub', '--json', '--until-input-ends', 'Exit code 2'])
    expect(output).toContain(part)
})

it.each<[string, readonly string[], RegExp]>([
  ['no arguments', [], /the hub's address is missing: --hub HOST:PORT/],
  ['no owner', ['--hub', 'h:1'], /the owner is missing/],
  ['port -1', ['--hub', 'h:1', '--owner', 'a', '--port', '-1'], /whole number from 0 to 65535, not '-1'/],
  ['port 65536', ['--hub', 'h:1', '--owner', 'a', '--port', '65536'], /whole number from 0 to 65535, not '65536'/],
  ['port abc', ['--hub', 'h:1', '--owner', 'a', '--port', 'abc'], /whole number from 0 to 65535, not 'abc'/],
  ['an empty port', ['--hub', 'h:1', '--owner', 'a', '--port', ''], /whole number from 0 to 65535, not ''/],
  ['a port twice', ['--hub', 'h:1', '--owner', 'a', '--port', '5004,5004'], /port 5004 is given twice/],
  ["the hub's port 0", ['--hub', 'h:0', '--owner', 'a'], /The hub's port is a whole number from 1 to 65535, not '0'/],
  ["the hub's address without a port", ['--hub', 'h', '--owner', 'a'], /HOST:PORT, not 'h'/],
  ["the hub's address without a host", ['--hub', ':5000', '--owner', 'a'], /A host has a name or address; this one is empty/],
  ['an empty host', ['--hub', 'h:1', '--owner', 'a', '--host', ''], /A host has a name or address; this one is empty/],
  ['an empty owner', ['--hub', 'h:1', '--owner', ''], /An owner is a name of 1 to 100 printable characters/],
  ['an owner that moves the cursor', ['--hub', 'h:1', '--owner', 'a\u{1b}[2J'], /An owner is a name of 1 to 100 printable characters/],
  ['a list of ports with one missing', ['--hub', 'h:1', '--owner', 'a', '--port', '5004,,5005'], /not ''/],
  ['an unknown flag', ['--hub', 'h:1', '--owner', 'a', '--prot', '1'], /unknown option '--prot'/],
  ['a missing value', ['--hub', 'h:1', '--owner', 'a', '--port'], /'--port <port>' argument missing/],
  ['an unknown level', ['--hub', 'h:1', '--owner', 'a', '--log-level', 'loud'], /Allowed choices are trace, debug/],
  ['an index that is none', ['--hub', 'h:1', '--owner', 'a', '--index', '1.5'], /An index is a whole number/],
  ['too few for the classic form', ['h', '1', 'h', '2'], /the classic form is HUBHOST HUBPORT HOST PORT\.\.\. ALIAS; here are 4/],
  ['both forms', ['h', '1', 'h', '2', 'a', '--owner', 'b'], /do not go with the classic form/],
  ['port 65536 in the classic form', ['h', '1', 'h', '65536', 'a'], /whole number from 0 to 65535, not '65536'/],
  ['port abc in the classic form', ['h', '1', 'h', 'abc', 'a'], /whole number from 0 to 65535, not 'abc'/],
  ['an empty port in the classic form', ['h', '1', 'h', '', 'a'], /whole number from 0 to 65535, not ''/],
  ['a port twice in the classic form', ['h', '1', 'h', '2', '2', 'a'], /port 2 is given twice/],
])('refuses %s: exit code 2 and one clear message', (_, args, message) => {
  const { code, output, errors } = read(args)
  expect(code).toBe(2)
  expect(errors).toMatch(message)
  expect(errors.split('\n').filter((line) => line.startsWith('error:')).length).toBe(1)
  expect(output).toBe('')
})
