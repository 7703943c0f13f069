// The walk-through, unattended: a hub with three reference processes, two more processes, and everything that the hub can ask of them,
// with two of them killed on the way. Each is a process of the operating system. Exits 0 only if every expectation held.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const path = (file) => fileURLToPath(new URL(`../${file}`, import.meta.url))
const HUB = path('packages/hub/dist/cli.js')
const NODE = path('packages/node/dist/cli.js')
const LIMIT_MS = 120_000

/** What is done, step by step: the headline, the hub's commands, and what we do ourselves before them. */
const steps = [
  {
    title: 'Five processes have registered: three of the hub, two of ours. Each is a process of the operating system.',
    commands: ['list'],
  },
  { title: 'A system of all five. The one of the highest rank, ref-3, leads.', commands: ['system abc ref', 'list'] },
  { title: 'Best-effort broadcast: every process delivers.', commands: ['broadcast abc-2 52', 'broadcast ref-1 7'] },
  {
    title: 'An atomic register, made on first use: what was written is read, everywhere.',
    commands: ['read x abc-1', 'write x 5 abc-2', 'read x', 'write x 89', 'read x'],
  },
  {
    title: 'A storm of reads and writes from all processes. Was it atomic?',
    commands: ['storm y 40', 'lin y', 'storm p,q,r 1000', 'lin p'],
  },
  {
    title: 'Consensus: each proposes its own value, all decide the same. Then on several topics at once.',
    commands: ['consensus dinner 10 20 30 40 50', 'consensus red,green,blue,white,black'],
  },
  { title: 'kill -9 of the leader. Another takes over.', commands: ['kill ref-3', 'consensus without-leader', 'consensus and,once,more'] },
  {
    title: 'kill -9 of one more. Three of five are a majority: the register lives.',
    before: ({ abc }) => killed(abc[0]),
    commands: ['write x 7 abc-2', 'read x abc-2 ref-1 ref-2'],
  },
  {
    title: 'A second system, of the two that are left to the hub. Its register and its topics are its own.',
    commands: ['system ref', 'broadcast ref-2 3', 'read x', 'write x 1 ref-1', 'read x', 'consensus dinner'],
  },
]

async function killed(child) {
  child.kill('SIGKILL')
  await once(child, 'exit')
}

/** A port that is free now. */
async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  await once(server, 'close')
  return port
}

/** Starts a process of ours, whose end of input is our end. */
const startNode = (hubPort, index) =>
  spawn(
    process.execPath,
    [
      NODE,
      '--hub',
      `127.0.0.1:${hubPort}`,
      '--port',
      '0',
      '--owner',
      'abc',
      '--index',
      `${index}`,
      '--log-level',
      'warn',
      '--until-input-ends',
    ],
    { stdio: ['pipe', 'ignore', 'inherit'] },
  )

const startedAt = performance.now()
const hubPort = await freePort()
const hub = spawn(process.execPath, [HUB, '--port', `${hubPort}`, ...process.argv.slice(2)], { stdio: ['pipe', 'pipe', 'inherit'] })
const abc = [1, 2].map((index) => startNode(hubPort, index))
const end = () => {
  for (const child of [hub, ...abc]) child.kill('SIGKILL')
}
process.on('exit', end)
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1))
setTimeout(() => {
  console.error(`the walk-through has not ended within ${LIMIT_MS / 1_000} s`)
  process.exit(1)
}, LIMIT_MS).unref()

const awaited = new Set(['abc-1', 'abc-2', 'ref-1', 'ref-2', 'ref-3'])
let allRegistered
const registered = new Promise((resolve) => {
  allRegistered = resolve
})

let commands = 0
const lines = createInterface({ input: hub.stdout })
const reached = new Map()
lines.on('line', (line) => {
  const step = steps.findIndex(({ title }) => line === `> # ${title}`)
  if (step === -1) console.log(line)
  else reached.get(step)?.()
  const [, name] = /^(\S+) registered from /.exec(line) ?? []
  if (awaited.delete(name) && awaited.size === 0) allRegistered()
})

/** Resolves when the hub has come to the headline of a step, and so is done with all before. */
const headline = (step) => new Promise((resolve) => reached.set(step, resolve))

const hubEnded = once(hub, 'exit')
await Promise.race([registered, hubEnded])
for (const [i, { title, before, commands: wanted }] of steps.entries()) {
  const arrived = headline(i)
  hub.stdin.write(`# ${title}\n`)
  if ((await Promise.race([arrived, hubEnded])) !== undefined) break
  console.log(`\n${i + 1}. ${title}\n`)
  await before?.({ abc })
  for (const command of wanted) hub.stdin.write(`${command}\n`)
  commands += wanted.length
}
hub.stdin.end()
const [code] = await hubEnded
const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1)
console.log(code === 0 ? `\nEverything held: ${commands} commands in ${seconds} s.` : `\nNot everything held: the hub ended with ${code}.`)
process.exit(code === 0 ? 0 : 1)
