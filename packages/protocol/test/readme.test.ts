import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import * as protocol from '../src/index'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

test('the example in the README prints what it says', () => {
  const example = /```ts\nimport \{ (.*) \} from '@upon\/protocol'\n([\s\S]*?)```/.exec(readme)!
  const printed: string[] = []
  const log = (...args: unknown[]) => printed.push(args.join(' '))
  new Function('protocol', 'console', `const { ${example[1]} } = protocol\n${example[2]}`)(protocol, { log })
  expect(printed).toEqual([...example[2]!.matchAll(/console\.log\(.*\) \/\/ (.*)/g)].map((match) => match[1]))
  expect(printed).toHaveLength(1)
})

test('the limits in the README are those in force', () => {
  const { MAX_MESSAGE_BYTES, MAX_STRING_BYTES, MAX_PROCESSES, MAX_FIELDS, MAX_MESSAGE_DEPTH } = protocol
  expect([MAX_MESSAGE_BYTES, MAX_STRING_BYTES, MAX_PROCESSES, MAX_FIELDS, MAX_MESSAGE_DEPTH]).toEqual([2 ** 20, 2 ** 16, 1024, 16384, 3])
  for (const shown of ['1 MiB', '64 KiB', '1,024', '16,384', '3; real messages have 2']) expect(readme).toContain(shown)
})
