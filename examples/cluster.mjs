// What the examples share; nothing here is specific to upon. One program runs three processes and the parent that starts, calls and kills them.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { styleText } from 'node:util'

const COLOURS = { p: 'cyan', q: 'magenta', r: 'yellow' }
const NAMES = Object.keys(COLOURS)
const LIMIT_MS = 60_000
const isColoured = process.stdout.isTTY === true && !process.env.NO_COLOR

/** Prints what happens, in the colour of the process that it happens to. */
export const say = (text, p = '') => console.log(isColoured && COLOURS[p] ? styleText(COLOURS[p], `${p}  ${text}`) : `${p || ' '}  ${text}`)

/**
 * Runs an example. In each child, `replica` creates a process of the system and returns the calls that it answers. In the parent, `story` runs
 * with the three of them: `await p.add()` calls, `p.kill()` is kill -9. Exit code 0 if the story ended as expected, otherwise 1.
 */
export const run = (url, replica, story) => (process.send === undefined ? tell(fileURLToPath(url), story) : serve(replica))

async function tell(file, story) {
  const peers = Object.fromEntries(await Promise.all(NAMES.map(async (p) => [p, `127.0.0.1:${await freePort()}`])))
  const children = NAMES.map((p) => fork(file, [p, JSON.stringify(peers)]))
  const late = new Promise((_, reject) => setTimeout(reject, LIMIT_MS, new Error(`not at its end after ${LIMIT_MS} ms`)).unref())
  const reports = Promise.all(children.map(remote)).then((replicas) => story(Object.fromEntries(replicas)))
  try {
    await Promise.race([reports, late])
  } catch (error) {
    console.error(`\nThis should not have happened: ${error.stack}`)
    process.exitCode = 1
  } finally {
    for (const child of children) child.kill('SIGKILL')
  }
}

/** A child as an object: each of its methods is a question to it. */
async function remote(child, i) {
  const name = NAMES[i]
  const gone = new Error(`${name} is gone: whether it has done so, nobody knows`)
  const isGone = once(child, 'exit').then(() => Promise.reject(gone))
  const [methods] = await Promise.race([once(child, 'message'), isGone])
  const questions = []
  child.on('message', ({ number, value, error }) => questions[number](value, error))
  const ask = (method, args) => {
    const answer = new Promise((resolve, reject) => {
      const number = questions.push((value, error) => (error ? reject(Object.assign(new Error(), error)) : resolve(value))) - 1
      child.send({ number, method, args }, () => {}) // if it cannot be sent, it is gone
      isGone.catch(reject)
    })
    answer.catch(() => {}) // a caller that awaits it later still gets the error
    return answer
  }
  const kill = () => child.kill('SIGKILL') && say('kill -9', name)
  const resume = () => child.kill('SIGCONT') && say('wakes up', name)
  return [name, { name, kill, resume, ...Object.fromEntries(methods.map((method) => [method, (...args) => ask(method, args)])) }]
}

async function serve(replica) {
  const [self, peers] = process.argv.slice(2)
  const methods = await replica({ self, peers: JSON.parse(peers) })
  process.on('disconnect', () => process.exit())
  process.on('message', async ({ number, method, args }) => {
    try {
      process.send({ number, value: await methods[method](...args) })
    } catch ({ name, message }) {
      process.send({ number, error: { name, message } })
    }
  })
  process.send(Object.keys(methods))
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  return server.close() && port
}
