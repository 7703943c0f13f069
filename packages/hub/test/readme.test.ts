import { readFileSync } from 'node:fs'
import { afterAll, expect, test } from 'vitest'
import * as library from '../src/index'
import { startProcesses, World } from './fake-process'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
const world = new World()

afterAll(() => Promise.all(world.processes.map((process) => process.stop())))

/** The hub of the example, on a free port, with the processes that it waits for. */
const Hub = {
  listen: async (options: library.HubOptions) => {
    const hub = await library.Hub.listen({ ...options, port: 0 })
    await startProcesses(hub.address, world, { abc: 3 })
    return hub
  },
}

test('the example in the README prints what it says', async () => {
  const [, names, example] = /```ts\nimport \{ (.*) \} from '@upon\/hub'\n([\s\S]*?)```/.exec(readme)!
  const printed: string[] = []
  const log = (...args: unknown[]) => printed.push(args.join(' '))
  const AsyncFunction = (async () => {}).constructor as FunctionConstructor
  await new AsyncFunction('library', 'console', `const { ${names} } = library\n${example}`)({ ...library, Hub }, { log })
  expect(printed).toEqual([...example!.matchAll(/console\.log\(.*\) \/\/ (.*)/g)].map((match) => match[1]))
  expect(printed).toHaveLength(3)
})

test('the limits in the README are those in force', () => {
  expect([library.LIMIT_PROCESSES, library.LIMIT_HISTORY, library.LIMIT_NAME_BYTES]).toEqual([1024, 500_000, 32 * 1024])
  for (const shown of ['1,024', '500,000', '32 KiB']) expect(readme).toContain(shown)
})
