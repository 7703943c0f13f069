import { copyFileSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createContext, Script } from 'node:vm'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runIn } from './lib/outside.mjs'
import { weigh } from './lib/sizes.mjs'
import { root } from './lib/workspace.mjs'
import { freeAddresses, openProject } from './outside/project'

const LIMIT_MS = 180_000
const programs = ['broadcast.mjs', 'register.mjs', 'register.cjs', 'register.ts']
const programsFolder = join(root, 'scripts/outside')

/** An algorithm of the project's own, over the links of the packages. */
const OWN_ALGORITHM = `
import { algorithm, BestEffortBroadcast, type Payload, PerfectPointToPointLinks } from '@upon/contract'
import { MemoryNetwork } from '@upon/transport/memory'
import { Process } from '@upon/runtime'
const Own = algorithm(
  { name: 'own', implements: { beb: BestEffortBroadcast }, uses: { pl: PerfectPointToPointLinks.of<Payload>() }, assumes: { processes: 'crash-stop', timing: 'asynchronous', resilience: 'f < N' } },
  ({ beb, pl, processes, upon }) => {
    upon(beb.broadcast, (m) => { for (const q of processes) pl.send(q, m) })
    upon(pl.deliver, (p, m) => beb.deliver(p, m))
  },
)
const me = new Process({ self: 'p', processes: ['p'], supply: [new MemoryNetwork().transport('p')] })
const beb = me.run(Own.of<string>())
me.upon(beb.deliver, (p, m) => console.log(p, m))
beb.broadcast('hello')
`

let project: Awaited<ReturnType<typeof openProject>>
beforeAll(async () => {
  project = await openProject()
  for (const program of programs) copyFileSync(join(programsFolder, program), join(project.folder, program))
  writeFileSync(join(project.folder, 'own.mts'), OWN_ALGORITHM)
}, LIMIT_MS)
afterAll(() => project?.remove())

describe('a project of somebody else’s, with the packages from their tarballs', () => {
  it('has them without a workspace, each once', () => {
    expect(readdirSync(join(project.folder, 'node_modules/@upon')).sort()).toContain('contract')
    const nested = readdirSync(join(project.folder, 'node_modules'), { recursive: true, encoding: 'utf8' })
    expect(nested.filter((path) => /node_modules$/.test(path))).toEqual([])
    expect(readFileSync(join(project.folder, 'node_modules/@upon/register/package.json'), 'utf8')).not.toMatch(/workspace:|"source"/)
  })

  it.each(programs)('%s takes fewer than 20 lines', (program) => {
    const lines = readFileSync(join(programsFolder, program), 'utf8').trimEnd().split('\n')
    expect(lines.length).toBeLessThan(20)
  })

  it('compiles strictly, libraries included, as a module and as CommonJS', { timeout: LIMIT_MS }, async () => {
    copyFileSync(join(programsFolder, 'register.ts'), join(project.folder, 'register.mts'))
    writeFileSync(join(project.folder, 'required.cts'), "import runtime = require('@upon/runtime')\nexport const { Process } = runtime\n")
    const files = ['own.mts', 'register.mts', 'required.cts']
    await project.compile(files, { module: 'nodenext', outDir: 'out', skipLibCheck: false })
    expect(await runIn(project.folder, process.execPath, 'out/own.mjs')).toBe('p hello\n')
  })

  it('three processes over TCP: each delivers what each broadcasts', { timeout: LIMIT_MS }, async () => {
    const addresses = await freeAddresses('p', 'q', 'r')
    const running = ['p', 'q', 'r'].map((self) => project.start('broadcast.mjs', self, ...addresses))
    for (const program of running) expect((await program.printed(3)).toSorted()).toEqual(['p: p is here', 'q: q is here', 'r: r is here'])
  })

  it('ESM, CommonJS and compiled TypeScript share a register over TCP, and survive kill -9 of one', { timeout: LIMIT_MS }, async () => {
    const addresses = await freeAddresses('p', 'q', 'r')
    const q = project.start('register.cjs', 'q', ...addresses)
    const r = project.start('out/register.mjs', 'r', ...addresses)
    expect([await q.printed(1), await r.printed(1)]).toEqual([['undefined'], ['undefined']])
    await q.kill()
    const p = project.start('register.mjs', 'p', ...addresses, 'hello')
    expect(await p.printed(1)).toEqual(['hello'])
  })

  it('each algorithm alone, bundled for a browser, is within its budget and has nothing of Node in it', { timeout: LIMIT_MS }, async () => {
    const { lines, errors } = await weigh(project.folder)
    expect(errors).toEqual([])
    expect(lines.length).toBeGreaterThan(15)
  })

  it('a bundle runs where there is nothing but the language and how texts become bytes', { timeout: LIMIT_MS }, async () => {
    const contents = `
      import { MemoryNetwork } from '@upon/transport/memory'
      import { ReadImposeWriteConsultMajority } from '@upon/register'
      import { Process } from '@upon/runtime'
      import { registerFace } from '@upon/runtime/faces'
      const network = new MemoryNetwork()
      const processes = ['p', 'q', 'r']
      const [p, q] = processes.map((self) => {
        const process = new Process({ self, processes, supply: [network.transport(self)] })
        return registerFace(process, process.run(ReadImposeWriteConsultMajority))
      })
      done(p.write('hello').then(() => q.read()))`
    const { outputFiles } = await build({
      stdin: { contents, resolveDir: project.folder },
      bundle: true,
      write: false,
      platform: 'browser',
      logLevel: 'silent',
    })
    const read = await new Promise((done) =>
      new Script(outputFiles[0]?.text ?? '').runInContext(createContext({ done, TextEncoder, TextDecoder })),
    )
    expect(read).toBe('hello')
  })

  it('a process that crashes at a message, and has no onCrash, ends as after an uncaught error', { timeout: LIMIT_MS }, async () => {
    const [address = ''] = await freeAddresses('p')
    const code = `
      import { PerfectPointToPointLinks } from '@upon/contract'
      import { tcpTransport } from '@upon/transport/tcp'
      import { Process } from '@upon/runtime'
      const [p, q] = await Promise.all(['p', 'q'].map((self, i) => tcpTransport({ self, peers: { p: '${address.slice(2)}', q: process.argv[2] } })))
      const [at, from] = [p, q].map((links, i) => new Process({ self: 'pq'[i], processes: ['p', 'q'], supply: [links] }))
      at.upon(at.run(PerfectPointToPointLinks).deliver, () => { throw new Error('bad luck') })
      from.run(PerfectPointToPointLinks).send('p', 'hello')`
    writeFileSync(join(project.folder, 'crash.mjs'), code)
    const [other = ''] = await freeAddresses('q')
    await expect(runIn(project.folder, process.execPath, 'crash.mjs', other.slice(2))).rejects.toThrow(
      'p: the application threw upon pl.deliver: bad luck',
    )
  })

  it('two versions of the contract: does not compile, works where events are the same, and says so where not', {
    timeout: LIMIT_MS,
  }, async () => {
    const contract = join(project.folder, 'node_modules/@upon/contract')
    const second = join(project.folder, 'node_modules/@upon/transport/node_modules/@upon/contract')
    mkdirSync(join(second, '..'), { recursive: true })
    cpSync(contract, second, { recursive: true })
    try {
      writeFileSync(
        join(second, 'package.json'),
        readFileSync(join(second, 'package.json'), 'utf8').replace(/"version": "[^"]+"/, '"version": "9.0.0"'),
      )
      await expect(project.compile(['own.mts'], { module: 'nodenext', noEmit: true, skipLibCheck: true })).rejects.toThrow(
        /own\.mts\(\d+,\d+\): error TS[\s\S]*'nothing supplies it''[\s\S]*NothingSupplies<PerfectPointToPointLinks>/,
      )
      expect(await runIn(project.folder, process.execPath, 'out/own.mjs')).toBe('p hello\n')
      for (const file of readdirSync(join(second, 'dist'), { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.js'))) {
        const text = readFileSync(join(second, 'dist', file), 'utf8')
        writeFileSync(join(second, 'dist', file), text.replace('deliver: ["p", "m"]', 'deliver: ["p", "m", "extra"]'))
      }
      const expected = 'the PerfectPointToPointLinks supplied has other events: there are two versions of @upon/contract here'
      await expect(runIn(project.folder, process.execPath, 'out/own.mjs')).rejects.toThrow(expected)
    } finally {
      rmSync(join(project.folder, 'node_modules/@upon/transport/node_modules'), { recursive: true })
    }
  })
})
