import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, it, onTestFinished } from 'vitest'
import { root } from './lib/workspace.mjs'
import { freeAddresses } from './outside/project'

/** The program of the README, on ports that are free. */
async function writeChat(): Promise<string> {
  const [, code = ''] = /^```js\n(\/\/ chat\.mjs\n[\s\S]*?)^```$/m.exec(readFileSync(join(root, 'README.md'), 'utf8')) ?? []
  const ports = (await freeAddresses('p', 'q', 'r')).map((address) => address.slice(2))
  const file = join(root, '.upon', `chat-${process.pid}.mjs`)
  mkdirSync(join(root, '.upon'), { recursive: true })
  writeFileSync(
    file,
    ['7001', '7002', '7003'].reduce((text, port, i) => text.replace(`127.0.0.1:${port}`, ports[i] ?? ''), code),
  )
  return file
}

function start(file: string, self: string) {
  const child: ChildProcessWithoutNullStreams = spawn(process.execPath, [file, self])
  onTestFinished(() => void child.kill('SIGKILL'))
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return { child, say: (text: string) => child.stdin.write(`${text}\n`), shown: async () => (await lines.next()).value }
}

it('the chat of the README: all show what one says, and two go on when one is killed', async () => {
  const file = await writeChat()
  const [p, q, r] = [start(file, 'p'), start(file, 'q'), start(file, 'r')]
  p.say('hello')
  expect(await Promise.all([p.shown(), q.shown(), r.shown()])).toEqual(Array(3).fill('p: hello'))
  p.child.kill('SIGKILL')
  await once(p.child, 'exit')
  q.say('still here')
  expect(await Promise.all([q.shown(), r.shown()])).toEqual(Array(2).fill('q: still here'))
})
