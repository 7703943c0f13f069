import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import type { Session } from '../src/cli/command'
import { complete } from '../src/cli/interpreter'
import { Output } from '../src/cli/output'
import { prompt } from '../src/cli/prompt'
import { Reference } from '../src/cli/reference'
import { nearest } from '../src/cli/words'
import type { Hub } from '../src/index'
import { started, until } from './stage'

const directory = mkdtempSync(join(tmpdir(), 'upon-prompt-'))

function sit(hub: Hub, historyFile: string) {
  const input = new PassThrough()
  const screen = new PassThrough()
  let shown = ''
  screen.on('data', (chunk) => {
    shown += chunk
  })
  const output = new Output('text', 'info')
  output.write = (text) => void screen.write(text)
  const ending = new AbortController()
  const reference = new Reference(
    () => {},
    () => {},
  )
  const session: Session = { hub, output, reference, timeoutMs: 1_000, ending: ending.signal, end: () => ending.abort() }
  return { session, input, shown: () => shown, ended: prompt(session, historyFile, { input, output: screen }) }
}

test('the prompt carries out commands, completes them, keeps its history, and draws itself again after what comes in between', async () => {
  const { hub } = await started({ abc: 2 })
  const file = join(directory, 'below', 'history')
  const { session, input, shown, ended } = sit(hub, file)
  input.write('write x 5\r')
  await until(() => shown().includes('ok: 2 of 2 wrote x=5'))
  input.write('rea')
  input.write('\t') // in one chunk with others it would be a pasted one
  await until(() => shown().includes('read '))
  input.write('x ab')
  input.write('\t')
  await until(() => shown().includes('x abc-'))
  session.output.event({ type: 'delivered', system: 'sys-1', process: 'abc-1', value: 7 })
  await until(() => /abc-1 delivered 7\n.*upon> read x abc-/.test(shown()))
  input.write('2\r')
  await until(() => shown().includes('ok: 1 of 1 read x'))
  input.write('quit\r')
  await ended
  expect(readFileSync(file, 'utf8')).toBe('write x 5\nread x abc-2\nquit\n')
  const again = sit(hub, file)
  again.input.write('\u001b[A\u001b[A')
  await until(() => again.shown().includes('read x abc-2'))
  again.input.end()
  await again.ended
})

test('a history that cannot be written or read is done without', async () => {
  const { hub } = await started({ abc: 1 })
  writeFileSync(join(directory, 'file'), '')
  const { input, shown, ended } = sit(hub, join(directory, 'file', 'history'))
  input.write('list\r')
  await until(() => shown().includes('rank 1 in sys-1'))
  input.write('exit\r')
  await ended
})

test('completion knows commands, owners, processes and registers', async () => {
  const { hub } = await started({ abc: 2, ref: 1 })
  await hub.write('xylophone', 1)
  const { session, input, ended } = sit(hub, join(directory, 'none'))
  const candidates = (line: string): string[] => complete(session, line)[0]
  expect(candidates('s')).toEqual(['status ', 'system ', 'storm '])
  expect(candidates('system r')).toEqual(['ref '])
  expect(candidates('init abc r')).toEqual(['ref '])
  expect(candidates('broadcast abc')).toEqual(['abc-1 ', 'abc-2 '])
  expect(candidates('read x')).toEqual(['xylophone '])
  expect(candidates('write xylophone 5 ')).toEqual(['abc-1 ', 'abc-2 ', 'ref-1 '])
  expect(candidates('log ')).toEqual(['info ', 'debug ', 'trace '])
  expect(candidates('nonsense ')).toEqual([])
  input.end()
  await ended
})

test('the nearest word is offered only if it is near', () => {
  const words = ['system', 'storm', 'list', 'lin', 'wait']
  expect(nearest('sytem', words)).toBe('system')
  expect(nearest('lsit', words)).toBe('list')
  expect(nearest('banana', words)).toBeUndefined()
  expect(nearest('x'.repeat(100_000), words)).toBeUndefined()
})
