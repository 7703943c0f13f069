import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { checkAll } from '@upon/checker'
import { Hub } from '@upon/hub'
import { readTrace } from '@upon/trace'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createNode } from '../src/index'
import { startForeign } from './foreign/start'

const CHECK = fileURLToPath(new URL('../../checker/dist/cli.js', import.meta.url))

describe('a run of two of our processes and two foreign ones, which record nothing, through a hub that does', () => {
  let folder: string

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'upon-hub-trace-'))
    const hub = await Hub.listen({ host: '127.0.0.1', port: 0, timeoutMs: 15_000, trace: folder })
    const identity = { hub: hub.address, host: '127.0.0.1', port: 0, owner: 'abc', trace: folder }
    const nodes = [await createNode({ ...identity, index: 1 }), await createNode({ ...identity, index: 2 })]
    const foreign = await Promise.all(
      [1, 2].map((index) => startForeign({ hub: hub.address, ports: [0], owner: 'xyz', index, quirks: ['undefminus', 'emptyhubids'] })),
    )
    await hub.registered(4, 15_000)
    await hub.system(['abc', 'xyz'])
    for (const sender of ['abc-1', 'xyz-2']) expect(await hub.broadcast(sender, 52)).toMatchObject({ ok: true })
    await hub.read('x')
    expect(await hub.storm('x', { operations: 100 })).toMatchObject({ ok: true })
    await Promise.all(['lunch', 'dinner', 'a].b[c/../'].map((topic) => hub.consensus(topic)))
    foreign[0]!.kill('SIGKILL')
    hub.markCrashed('xyz-1')
    expect(await hub.write('x', 1_000)).toMatchObject({ ok: true })
    expect(await hub.read('x')).toMatchObject({ ok: true })
    await Promise.all([hub.close(), ...nodes.map((node) => node.stop())])
    foreign[1]!.kill('SIGKILL')
  }, 60_000)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const check = (...files: readonly string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [CHECK, ...files], { cwd: folder, encoding: 'utf8' })
    return { code: status, output: stdout, errors: stderr }
  }

  it('every safety property of what all of them did is judged, and holds', () => {
    const trace = readTrace(readFileSync(join(folder, 'sys-1.hub.ndjson'), 'utf8'))
    expect(trace.processes.map(({ id }) => id)).toEqual(['abc-1', 'abc-2', 'xyz-1', 'xyz-2'])
    const verdicts = checkAll(trace)
    expect(verdicts.filter(({ holds }) => holds === false)).toEqual([])
    const held = verdicts.filter(({ holds }) => holds === true).map(({ property, path }) => `${property} ${path}`)
    const topics = ['lunch', 'dinner', 'a].b[c/../'].flatMap((topic) => ['UC2', 'UC3', 'UC4'].map((name) => `${name} app.uc[${topic}]`))
    expect(held).toEqual(['BEB2 app.beb', 'BEB3 app.beb', 'NNAR2 app.nnar[x]', ...topics])
    expect(trace.entries.filter(({ type }) => type === 'crash')).toMatchObject([{ process: 'xyz-1' }])
  })

  it('upon-check judges it alone', () => {
    const { code, output, errors } = check('sys-1.hub.ndjson')
    expect({ code, errors }).toEqual({ code: 0, errors: '' })
    expect(output).toMatch(/^sys-1.hub.ndjson: UC4 of app\.uc\[lunch\]: holds/m)
  })

  it('beside recordings of ours alone, which cannot be judged: both are said, and the exit code is 2', () => {
    const { code, output, errors } = check(...readdirSync(folder))
    expect(code).toBe(2)
    expect(output).toMatch(/^sys-1.hub.ndjson: UC4 of app\.uc\[lunch\]: holds/m)
    expect(errors).toBe(
      'upon-check: sys-1: sys-1 has no recording of xyz-1, xyz-2: without it, messages from there cannot be checked; what the hub recorded of the run (upon-hub --trace) can be judged alone\n',
    )
  })
})

it('where all processes record, and the hub as well, each is judged by itself under its own name', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'upon-hub-trace-'))
  const hub = await Hub.listen({ host: '127.0.0.1', port: 0, settleMs: 0, trace: folder })
  const identity = { hub: hub.address, host: '127.0.0.1', port: 0, owner: 'abc', trace: folder }
  const nodes = [await createNode({ ...identity, index: 1 }), await createNode({ ...identity, index: 2 })]
  await hub.registered(2)
  await hub.system(['abc'])
  expect(await hub.consensus('t')).toMatchObject({ ok: true })
  await Promise.all([hub.close(), ...nodes.map((node) => node.stop())])
  const files = readdirSync(folder)
  expect(files.sort()).toEqual(['abc-1.sys-1.ndjson', 'abc-2.sys-1.ndjson', 'sys-1.hub.ndjson'])
  const { status, stdout } = spawnSync(process.execPath, [CHECK, ...files], { cwd: folder, encoding: 'utf8' })
  rmSync(folder, { recursive: true, force: true })
  expect(status).toBe(0)
  expect(stdout).toContain('sys-1: 2 recordings joined')
  for (const name of ['sys-1', 'sys-1.hub.ndjson']) expect(stdout).toMatch(new RegExp(`^${name}: UC4 of app.uc\\[t\\]: holds`, 'm'))
})
