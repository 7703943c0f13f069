import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { expect, it } from 'vitest'

const home = fileURLToPath(new URL('..', import.meta.url))

/** A stranger's whole test file, for the runner that comes with Node. */
const theirs = `
import { describe, it } from 'node:test'
import { compliance } from './src'
import { algorithm, BestEffortBroadcast, PerfectPointToPointLinks } from '@upon/contract'

const facts = { name: 'theirs', implements: { beb: BestEffortBroadcast }, uses: { pl: PerfectPointToPointLinks } }
const theirs = algorithm({ ...facts, assumes: { processes: 'crash-stop', timing: 'asynchronous', resilience: 'f < N' } }, ({ beb, pl, processes, upon }) => {
  upon(beb.broadcast, (m) => processes.forEach((q) => pl.send(q, m)))
  upon(pl.deliver, (p, m) => beb.deliver(p, m))
})

compliance(BestEffortBroadcast, { algorithm: theirs, describe, it, runs: 100 })
`

it('four lines test an implementation under the test runner of Node, too', async () => {
  const { outputFiles } = await build({
    stdin: { contents: theirs, resolveDir: home, loader: 'ts' },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    conditions: ['source'],
  })
  const folder = await mkdtemp(join(tmpdir(), 'upon-compliance-'))
  try {
    await writeFile(join(folder, 'theirs.test.mjs'), outputFiles[0]?.text ?? '')
    const { stdout } = await promisify(execFile)(process.execPath, ['--test', '--test-reporter=tap', folder])
    expect(stdout).toMatch(/ok \d+ - BEB1 Validity/)
    expect(stdout).toContain('# fail 0')
    expect(stdout).toContain('# pass 8')
  } finally {
    await rm(folder, { recursive: true })
  }
})
