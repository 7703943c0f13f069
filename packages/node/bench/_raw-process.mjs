// The baseline: a process that sends as many messages of as many bytes, in the same order, as ours do for an operation, and nothing else: no
// protobuf, no algorithm, no failure detector. Started as: _raw-process.mjs HUBPORT INDEX kept|classic, and the sizes as JSON.

import { BROADCAST, PROPOSE, RAW, rawFrame, readRaw, WRITE } from './_raw-codec.mjs'
import { classicSender, listen, rawKeptSender } from './_wire.mjs'

const [hubPort, index, connections] = process.argv.slice(2, 5)
const sizes = JSON.parse(process.argv[5])
const sender = connections === 'kept' ? rawKeptSender() : classicSender()

/** How many times the others are asked, where the answers of a majority are enough, and whether all get the result in the end. */
const shape = {
  [WRITE]: { asks: 2, tells: false },
  [BROADCAST]: { asks: 0, tells: true },
  [PROPOSE]: { asks: 2, tells: true },
}
const operations = new Map()
let peers = []

const send = (port, kind, op, id, extra = 0) => sender.send(port, rawFrame(kind, op, id, extra, sizes[op]?.[kind] ?? 64))
const report = (op, id) => send(Number(hubPort), RAW.report, op, id)

function next(op, id, round) {
  if (round < shape[op].asks) {
    operations.set(`${op}:${id}`, round)
    for (const peer of peers) send(peer, RAW.ask, op, id, round)
    return
  }
  operations.delete(`${op}:${id}`)
  if (shape[op].tells) for (const peer of peers) send(peer, RAW.tell, op, id)
  report(op, id)
}

const server = await listen((body) => {
  const { kind, op, id, extra, from } = readRaw(body)
  if (kind === RAW.start) peers = readPeers(body)
  else if (kind === RAW.command) {
    if (op !== PROPOSE || extra === 1) next(op, id, 0)
  } else if (kind === RAW.ask) send(from, RAW.answer, op, id, extra)
  else if (kind === RAW.tell) report(op, id)
  else if (kind === RAW.answer && operations.get(`${op}:${id}`) === extra) next(op, id, extra + 1)
})
const port = server.address().port
rawFrame.from = port

function readPeers(body) {
  const view = new DataView(body.buffer, body.byteOffset)
  return Array.from({ length: 3 }, (_, i) => view.getUint16(16 + 2 * i)).filter((peer) => peer !== 0 && peer !== port)
}

send(Number(hubPort), RAW.register, 0, Number(index))
