import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import * as library from '../src/index'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

test('the example in the README prints what it says', () => {
  const [, names, example] = /```ts\nimport \{ (.*) \} from '@upon\/checker'\n([\s\S]*?)```/.exec(readme)!
  const printed: string[] = []
  const log = (...args: unknown[]) => printed.push(args.join(' '))
  new Function('library', 'console', `const { ${names} } = library\n${example}`)(library, { log })
  expect(printed).toEqual([...example!.matchAll(/console\.log\(.*\) \/\/ (.*)/g)].map((match) => match[1]))
  expect(printed).toHaveLength(2)
})
