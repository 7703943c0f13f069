// A chat: npm run example -- chat
//
// What one reader has seen, all that live will see, though its writer crashed in the middle of sending it: that is reliable broadcast
// (RB4, agreement). With best-effort broadcast, r would never hear p's last words: put BasicBroadcast in its place and look.
//
// Assumes: fail-silent, any number of crashes. Nothing is said of the order in which messages of several writers are seen.
import assert from 'node:assert/strict'
import { EagerReliableBroadcast } from '@upon/broadcast'
import { Process } from '@upon/runtime'
import { broadcastFace } from '@upon/runtime/faces'
import { tcpTransport } from '@upon/transport/tcp'
import { run, say } from './cluster.mjs'

const replica = async ({ self, peers }) => {
  const links = await tcpTransport({ self, peers })
  let reached = Object.keys(peers)
  const send = (to, path, message) => reached.includes(to) && links.send(to, path, message)
  const { sort, guarantees } = links
  const supply = [{ sort, guarantees, send, attach: (receive, process) => links.attach(receive, process) }]
  const me = new Process({ self, processes: Object.keys(peers), supply })
  const chat = broadcastFace(me, me.run(EagerReliableBroadcast))

  const seen = []
  const waiting = new Map()
  const read = async () => {
    for await (const { from, message } of chat.deliveries) {
      say(`${from} says: ${message}`, self)
      seen.push(message)
      waiting.get(message)?.()
    }
  }
  void read()
  return {
    write: (text) => chat.broadcast(text),
    /** Writes to q alone, as if the crash came right after that in the middle of the broadcast. */
    async writeToOneAndDie(text) {
      reached = ['q']
      chat.broadcast(text)
      await links.close() // what is on its way to q gets there
      process.kill(process.pid, 'SIGKILL')
    },
    sees: (text) => seen.includes(text) || new Promise((resolve) => waiting.set(text, () => resolve(true))),
  }
}

await run(import.meta.url, replica, async ({ p, q, r }) => {
  await Promise.all([p.write('hello'), q.write('hi, p'), r.write('good morning')])
  for (const text of ['hello', 'hi, p', 'good morning']) for (const each of [p, q, r]) assert.ok(await each.sees(text))

  await assert.rejects(p.writeToOneAndDie('remember me'), /p is gone/)
  say('killed itself when its last words had reached q, and not r', 'p')
  assert.ok(await q.sees('remember me'))
  assert.ok(await r.sees('remember me'))

  await r.write('we will')
  assert.ok(await q.sees('we will'))
  say('One of them heard it, so both did.')
})
