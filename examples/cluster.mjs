// What the examples share: one program is three operating-system processes and the parent that starts them, asks them and kills them.
// Nothing of upon is in here.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { styleText } from 'node:util'

const COLOURS = { p: 'cyan', q: 'magenta', r: 'yellow' }
const LIMIT_MS = 60_000
const isColoured = process.stdout.isTTY === true && !process.env.NO_COLOR

/** Prints what happens, in the colour of the process that it happens to. */
export const say = (text, p = '') => console.log(isColoured && COLOURS[p] ? styleText(COLOURS[p], `${p}  ${text}`) : `${p || ' '}  ${text}`)

/**
 * Runs an example. In each child, `replica` makes a process of the system and returns what it can be asked; in the parent, `story` is
 * told with the three of them: `await p.add()` asks, `p.kill()` is kill -9. Exit code 0 if the story came out as it says, 1 if not.
 */
export const run = (url, replica, story) => (process.send === undefined ? tell(fileURLToPath(url), story) : serve(replica))

async function tell(file, story) {
  const addresses = await Promise.all(Object.keys(COLOURS).map(async (p) => [p, `127.0.0.1:${await freePort()}`]))
  const children = addresses.map(([p]) => [p, fork(file, [p, JSON.stringify(Object.fromEntries(addresses))])])
  const limit = setTimeout(() => end(new Error(`not at its end after ${LIMIT_MS / 1000} s`)), LIMIT_MS)
  const end = (error) => {
    clearTimeout(limit)
    for (const [, child] of children) child.kill('SIGKILL')
    if (error !== undefined) console.error(`\nThis should not have happened: ${error.stack}`)
    process.exitCode = error === undefined ? 0 : 1
  }
  try {
    await Promise.all(children.map(([, child]) => once(child, 'message')))
    await story(Object.fromEntries(children.map(([p, child]) => [p, remote(p, child)])))
    end()
  } catch (error) {
    end(error)
  }
}

/** A child as an object: each of its methods is a question to it. */
function remote(p, child) {
  let questions = 0
  const own = {
    name: p,
    kill: () => child.kill('SIGKILL') && say('kill -9', p),
    resume: () => child.kill('SIGCONT') && say('wakes up', p),
  }
  const ask = (method, args) =>
    new Promise((resolve, reject) => {
      const number = ++questions
      child.on('message', (answer) => answer.number === number && (answer.error ? reject(Object.assign(new Error(), answer.error)) : resolve(answer.value)))
      child.once('exit', () => reject(new Error(`${p} is gone: whether it has done so, nobody knows`)))
      child.send({ number, method, args }, () => {})
    })
  const handled = (promise) => promise.catch(() => {}) && promise // who looks later is told later
  return new Proxy(own, { get: (_, method) => own[method] ?? ((...args) => handled(ask(method, args))) })
}

async function serve(replica) {
  const [self, peers] = process.argv.slice(2)
  const methods = await replica({ self, peers: JSON.parse(peers) })
  process.on('disconnect', () => process.exit())
  process.on('message', ({ number, method, args }) => {
    const answer = (more) => process.send({ number, ...more })
    const failed = ({ name, message }) => answer({ error: { name, message } })
    new Promise((resolve) => resolve(methods[method](...args))).then((value) => answer({ value }), failed)
  })
  process.send('ready')
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  return port
}
