import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { leavesNothingBehind } from './soak'

it('10,000 operations and 200 topics leave nothing behind when their system is destroyed', () => leavesNothingBehind(10_000, 200), 60_000)

it('memory does not grow with the systems that have come and gone', async () => {
  const script = fileURLToPath(new URL('./systems-child.mjs', import.meta.url))
  const child = spawn(process.execPath, ['--expose-gc', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  child.stdout.on('data', (text) => {
    output += text
  })
  const [code] = (await once(child, 'close')) as [number]
  expect(code).toBe(0)
  const { early, late } = JSON.parse(output) as Record<'early' | 'late', NodeJS.MemoryUsage>
  expect(late.heapUsed).toBeLessThan(1.2 * early.heapUsed)
  expect(late.external).toBeLessThan(1.5 * early.external + 4e6)
  expect(late.rss).toBeLessThan(2 * early.rss)
}, 60_000)
