import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Hub } from '@upon/hub'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { startCli } from './cli-child'
import { until } from './puppet'

let hub: Hub
beforeAll(async () => {
  hub = await Hub.listen({ host: '127.0.0.1', port: 0, settleMs: 0 })
})
afterAll(() => hub.close())

const hubArgs = () => ['--hub', `127.0.0.1:${hub.address.port}`]
let owners = 0
/** Names that no other test has. */
const newOwner = () => `own${++owners}`

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = await listening()
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

function listening(): Promise<Server> {
  const server = createServer()
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)))
}

describe('what it takes', () => {
  it('--version tells the version of the package', async () => {
    const cli = startCli(['--version'])
    expect(await cli.exited).toBe(0)
    expect(cli.output).toEqual([JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version])
  })

  it('it starts where no more than 64 files may be open, and serves', async () => {
    const owner = newOwner()
    const cli = startCli([...hubArgs(), '--owner', owner, '--port', '0,0,0'], { openFiles: 64 })
    await hub.registered([1, 2, 3].map((i) => `${owner}-${i}`))
    await hub.system([owner])
    expect(await hub.consensus('t')).toMatchObject({ ok: true })
    expect(cli.errors()).toBe('')
  })

  it('the classic form starts a process on each port', async () => {
    const owner = newOwner()
    const ports = await Promise.all([freePort(), freePort(), freePort()])
    const cli = startCli(['127.0.0.1', String(hub.address.port), '127.0.0.1', ...ports.map(String), owner])
    await hub.registered([1, 2, 3].map((i) => `${owner}-${i}`))
    const registered = hub.processes.filter((process) => process.owner === owner)
    expect(registered.map(({ port }) => port)).toEqual(ports)
    await cli.line(`${owner}-3 listening`)
    await hub.system([owner])
    expect(await hub.broadcast(`${owner}-2`, 5)).toMatchObject({ ok: true })
    expect(await hub.consensus('t')).toMatchObject({ ok: true })
  })

  it('flags: several ports, an index to begin with, --json lines that parse', async () => {
    const owner = newOwner()
    const cli = startCli([...hubArgs(), '--port', '0,0', '--owner', owner, '--index', '7', '--json', '--log-level', 'debug'])
    await hub.registered([`${owner}-7`, `${owner}-8`])
    await hub.system([owner])
    await cli.line('system started')
    const lines = cli.lines()
    expect(new Set(lines.map(({ process }) => process))).toEqual(new Set([`${owner}-7`, `${owner}-8`]))
    for (const { level, msg, time } of lines) {
      expect([level, msg].every((text) => typeof text === 'string')).toBe(true)
      expect(Number.isNaN(Date.parse(time as string))).toBe(false)
    }
  })
})

it('a wrong command line: exit code 2, one clear message, and nothing on standard output', async () => {
  const cli = startCli([...hubArgs(), '--owner', 'a', '--port', '65536'])
  expect(await cli.exited).toBe(2)
  expect(cli.errors()).toMatch(/whole number from 0 to 65535, not '65536'/)
  expect(cli.errors()).not.toMatch(/\n\s+at /)
  expect(cli.output).toEqual([])
})

describe('what it cannot do: exit code 1 and one clear message', () => {
  it('a port in use', async () => {
    const server = await listening()
    onTestFinished(() => void server.close())
    const { port } = server.address() as { port: number }
    const cli = startCli([...hubArgs(), '--owner', newOwner(), '--port', `0,${port}`])
    expect(await cli.exited).toBe(1)
    expect(cli.errors()).toMatch(new RegExp(`^upon-node: .*127\\.0\\.0\\.1:${port}.*in use.*\n$`))
  })

  it.each([
    ['an unresolvable host', 'no-such-host.invalid'],
    ['a host that is not of this machine', '192.0.2.1'],
  ])('%s to listen on', async (_, host) => {
    const cli = startCli([...hubArgs(), '--owner', newOwner(), '--host', host])
    expect(await cli.exited).toBe(1)
    expect(cli.errors()).toMatch(new RegExp(`^upon-node: .*${host}.*\n$`))
  })

  it('a log file that cannot be opened', async () => {
    const cli = startCli([...hubArgs(), '--owner', newOwner(), '--log-file', '/no/such/folder/log'])
    expect(await cli.exited).toBe(1)
    expect(cli.errors()).toMatch(/^upon-node: .*\/no\/such\/folder\/log.*\n$/)
  })
})

describe('how it ends', () => {
  it('SIGTERM: gracefully, in mid-consensus, with exit code 0', async () => {
    const owner = newOwner()
    const cli = startCli([...hubArgs(), '--port', '0,0,0', '--owner', owner])
    await hub.registered([1, 2, 3].map((i) => `${owner}-${i}`))
    await hub.system([owner])
    const consensus = hub.consensus('never', { processes: [`${owner}-1`, `${owner}-2`] }) // its leader has no value
    await hub.broadcast(`${owner}-1`, 1)
    cli.child.kill('SIGTERM')
    expect(await cli.exited).toBe(0)
    expect(cli.output.filter((line) => line.includes('SIGTERM: ending')).length).toBe(3)
    for (const index of [1, 2, 3]) hub.markCrashed(`${owner}-${index}`)
    expect((await consensus).answers).toEqual([])
  })

  it('a second SIGINT ends it at once', async () => {
    const cli = startCli(['--hub', '192.0.2.1:1', '--owner', newOwner()]) // the registration is still to be sent
    await cli.line('listening')
    cli.child.kill('SIGINT')
    await cli.line('SIGINT: ending')
    cli.child.kill('SIGINT')
    expect([0, 130]).toContain(await cli.exited)
  })

  it('--until-input-ends: with its input', async () => {
    const owner = newOwner()
    const cli = startCli([...hubArgs(), '--owner', owner, '--until-input-ends'], { stdin: 'pipe' })
    await hub.registered([`${owner}-1`])
    cli.child.stdin?.end()
    expect(await cli.exited).toBe(0)
    expect(cli.output.at(-1)).toContain('end of input: ending')
  })

  it('without that flag, not with its input', async () => {
    const owner = newOwner()
    const cli = startCli([...hubArgs(), '--owner', owner], { stdin: 'pipe' })
    cli.child.stdin?.end()
    await hub.registered([`${owner}-1`])
    await hub.system([owner])
    expect(await hub.broadcast(`${owner}-1`, 1)).toMatchObject({ ok: true })
  })
})

describe('what it survives', () => {
  it('what reads its output goes away', async () => {
    const owner = newOwner()
    const cli = startCli([...hubArgs(), '--owner', owner, '--log-level', 'trace'])
    await hub.registered([`${owner}-1`])
    cli.child.stdout?.destroy()
    for (let i = 0; i < 3; i++) {
      await hub.system([owner])
      expect(await hub.broadcast(`${owner}-1`, i)).toMatchObject({ ok: true })
    }
    cli.child.kill('SIGTERM')
    expect(await cli.exited).toBe(0)
  })

  it('its output and its log file are on a full disk: it says so once of each', async () => {
    const owner = newOwner()
    const cli = startCli([...hubArgs(), '--owner', owner, '--log-file', '/dev/full'], { stdoutTo: '/dev/full' })
    await hub.registered([`${owner}-1`])
    await hub.system([owner])
    expect(await hub.broadcast(`${owner}-1`, 1)).toMatchObject({ ok: true })
    cli.child.kill('SIGTERM')
    expect(await cli.exited).toBe(0)
    expect(cli.errors().trim().split('\n').sort()).toEqual([
      expect.stringMatching(/^upon-node: cannot write to \/dev\/full: .*ENOSPC.*; going on without it$/),
      expect.stringMatching(/^upon-node: cannot write to standard output: .*ENOSPC.*; going on without it$/),
    ])
  })

  it('logs to a file as JSON lines, beside what it prints', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'upon-node-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const owner = newOwner()
    const cli = startCli([...hubArgs(), '--owner', owner, '--log-file', join(folder, 'log')])
    await hub.registered([`${owner}-1`])
    cli.child.kill('SIGTERM')
    await cli.exited
    const logged = readFileSync(join(folder, 'log'), 'utf8').trim().split('\n')
    expect(logged.map((line) => JSON.parse(line).msg)).toEqual(expect.arrayContaining(['listening', 'SIGTERM: ending']))
  })

  it('the hub is not there yet: one clear message; it registers when it comes', async () => {
    const port = await freePort()
    const owner = newOwner()
    const cli = startCli(['--hub', `127.0.0.1:${port}`, '--owner', owner, '--json'])
    await cli.line('the hub is not there: trying again until it is')
    const late = await Hub.listen({ host: '127.0.0.1', port, settleMs: 0 })
    onTestFinished(() => late.close())
    await late.registered([`${owner}-1`])
    await late.system([owner])
    expect(await late.broadcast(`${owner}-1`, 1)).toMatchObject({ ok: true })
    expect(
      cli
        .lines()
        .filter(({ level }) => level === 'warn')
        .map(({ msg }) => msg),
    ).toEqual(['the hub is not there: trying again until it is'])
    expect(late.processes.length).toBe(1)
  })

  it('the hub is restarted in a system: it registers again, and serves the new one', async () => {
    const owner = newOwner()
    const old = await Hub.listen({ host: '127.0.0.1', port: 0, settleMs: 0 })
    const { port } = old.address
    const cli = startCli(['--hub', `127.0.0.1:${port}`, '--port', '0,0,0', '--owner', owner, '--json'])
    await old.registered(3)
    await old.system([owner])
    expect(await old.write('x', 5)).toMatchObject({ ok: true })
    expect(await old.consensus('t')).toMatchObject({ ok: true })
    await until('they keep connections with it', () => old.counters.endpoint.connections.open === 3)
    await old.close()
    await until('all have noticed', () => cli.output.filter((line) => line.includes('the hub is not there')).length === 3)
    const young = await Hub.listen({ host: '127.0.0.1', port, settleMs: 0 })
    onTestFinished(() => young.close())
    await young.registered(3)
    expect(await young.system([owner])).toMatchObject({ id: 'sys-1' })
    expect((await young.read('x')).answers.map(({ value }) => value)).toEqual([undefined, undefined, undefined])
    expect(await young.consensus('t')).toMatchObject({ ok: true })
  })
})
