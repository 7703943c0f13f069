import { expect, it } from 'vitest'
import { type CommandLine, command, layersOf, shareOf } from './options'

const parse = (long: string, text: string) => command.options.find((option) => option.long === long)?.parseArg?.(text, undefined)
const line = (options: Partial<CommandLine>) => ({ seed: 1, runs: 10, ...options }) as CommandLine

it.each([
  ['--processes', '0', "A number of processes is a whole number from 1 to 50, not '0'."],
  ['--seed', '-1', 'A seed is a whole number from 0'],
  ['--seed', '0x', "not '0x'"],
  ['--seed', '1e3', "not '1e3'"],
  ['--minutes', '0', "A time is a number of minutes above 0 and up to 1000000, not '0'."],
  ['--shard', '3/2', 'Expected I/N, such as 3/8.'],
])('%s %s is refused with what was expected', (long, text, message) => {
  expect(() => parse(long, text)).toThrow(message)
})

it('seeds are decimal or hexadecimal', () => {
  expect(['42', '0x2a', '0X2A'].map((text) => parse('--seed', text))).toEqual([42, 42, 42])
})

it('layers are its own by default, adversarial, or its own with two instances side by side', () => {
  expect([line({}), line({ adversarial: true }), line({ sideBySide: true })].map(layersOf)).toEqual(['own', 'adversarial', 'side by side'])
  expect(() => layersOf(line({ adversarial: true, sideBySide: true }))).toThrow('--adversarial and --side-by-side exclude each other')
})

it('shards share all seeds, each seed once', () => {
  const shares = ['1/3', '2/3', '3/3'].map((shard) => shareOf(line({ seed: 5, shard })))
  expect(shares.flatMap(({ first, runs }) => Array.from({ length: runs }, (_, i) => first + i))).toEqual([
    5, 6, 7, 8, 9, 10, 11, 12, 13, 14,
  ])
})
