import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root } from './lib/workspace.mjs'

const folder = join(root, 'examples')
const examples = ['chat', 'counter', 'kv', 'lock', 'rsm']

/** Runs an example to its end, without a terminal. */
async function run(name: string) {
  const child = spawn(process.execPath, [join(folder, `${name}.mjs`)], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
  const printed = { output: '', errors: '' }
  child.stdout.on('data', (chunk) => {
    printed.output += chunk
  })
  child.stderr.on('data', (chunk) => {
    printed.errors += chunk
  })
  const [code] = await once(child, 'close')
  return { code, ...printed }
}

describe('the examples', () => {
  it.each(examples)('%s comes out as it says, crash included, and ends by itself', { timeout: 90_000 }, async (name) => {
    const { code, output, errors } = await run(name)
    expect(errors).toBe('')
    expect(code).toBe(0)
    expect(output).toMatch(/kill -9|killed itself/)
    expect(output).not.toContain('\u001b')
  })

  it.each(readdirSync(folder).filter((file) => file.endsWith('.mjs')))('%s takes fewer than 80 lines', (file) => {
    expect(readFileSync(join(folder, file), 'utf8').trimEnd().split('\n').length).toBeLessThan(80)
  })
})
