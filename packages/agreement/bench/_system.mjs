// Three processes of this project, or three members of etcd, and what is asked of them.
import { execFileSync, fork, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const file = (name) => fileURLToPath(new URL(name, import.meta.url))

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  return port
}

/** Starts p, q and r, of which r leads; each is asked with `ask(method, argument)`. */
export async function startSystem(what) {
  const peers = Object.fromEntries(await Promise.all(['p', 'q', 'r'].map(async (p) => [p, `127.0.0.1:${await freePort()}`])))
  const children = Object.keys(peers).map((p) => fork(file('./_replica.mjs'), [p, JSON.stringify(peers), what]))
  const members = await Promise.all(children.map(memberOf))
  const stop = () => children.forEach((child) => void child.kill('SIGKILL'))
  return { members, stop }
}

async function memberOf(child) {
  await once(child, 'message')
  const waiting = new Map()
  let count = 0
  child.on('message', ({ number, value }) => {
    waiting.get(number).resolve(value)
    waiting.delete(number)
  })
  child.once('exit', () => {
    for (const { reject } of waiting.values()) reject(new Error('a process of the benchmark has ended'))
  })
  const ask = (method, argument) =>
    new Promise((resolve, reject) => {
      const number = count++
      waiting.set(number, { resolve, reject })
      child.send({ number, method, argument })
    })
  return { ask, kill: () => child.kill('SIGKILL') }
}

const GO_PATH = '/usr/share/gocode'

/** Why etcd cannot be compared here; nothing if it can. */
export function whyNoEtcd() {
  if (spawnSync('etcd', ['--version']).error) return 'etcd is not installed (Debian: etcd-server)'
  if (spawnSync('go', ['version']).error) return 'Go is not installed, which the client needs (Debian: golang-go)'
  if (!existsSync(join(GO_PATH, 'src/go.etcd.io/etcd/clientv3'))) return 'its Go client is not installed (Debian: golang-etcd-server-dev)'
  return undefined
}

/** Starts three members in memory, and compiles the client. */
export async function startEtcd() {
  const home = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'bench-etcd-'))
  const client = join(home, 'client')
  const env = { ...process.env, GO111MODULE: 'off', GOPATH: GO_PATH, GOCACHE: join(home, 'cache') }
  execFileSync('go', ['build', '-o', client, file('./etcd-client/main.go')], { env, stdio: 'inherit' })
  const names = ['a', 'b', 'c']
  const ports = await Promise.all(names.map(async () => ({ peer: await freePort(), client: await freePort() })))
  const url = (port) => `http://127.0.0.1:${port}`
  const cluster = names.map((name, i) => `${name}=${url(ports[i].peer)}`).join()
  const members = names.map((name, i) => {
    const flags = { name, 'data-dir': join(home, name), 'initial-cluster': cluster, 'log-level': 'error' }
    const peer = { 'listen-peer-urls': url(ports[i].peer), 'initial-advertise-peer-urls': url(ports[i].peer) }
    const clients = { 'listen-client-urls': url(ports[i].client), 'advertise-client-urls': url(ports[i].client) }
    return spawn(
      'etcd',
      Object.entries({ ...flags, ...peer, ...clients }).flatMap(([flag, value]) => [`--${flag}`, value]),
      { stdio: 'ignore' },
    )
  })
  const endpoints = ports.map(({ client: port }) => `127.0.0.1:${port}`).join()
  const load = ({ clients, ms, operation }) =>
    JSON.parse(execFileSync(client, [endpoints, operation, `${clients}`, `${ms}`], { encoding: 'utf8' }))
  const stop = () => {
    for (const member of members) member.kill('SIGKILL')
    rmSync(home, { recursive: true, force: true })
  }
  return { load, stop }
}
