// The other process of tcp.mjs: an endpoint and a raw server, both of which answer frames that begin with 1 and count the others.
import { createServer } from 'node:net'
import { FrameDecoder, frame, TcpEndpoint } from '../dist/tcp/index.js'

let frames = 0
let expected = Number.POSITIVE_INFINITY

function count() {
  if (++frames === expected) process.send({ is: 'done' })
}

const endpoint = await TcpEndpoint.listen({
  host: '127.0.0.1',
  port: 0,
  onFrame(body) {
    if (body[0] === 1) endpoint.send(home, body)
    else count()
  },
})

const raw = createServer({ noDelay: true }, (socket) => {
  const decoder = new FrameDecoder()
  socket.on('error', () => {})
  socket.on('data', (chunk) =>
    decoder.push(chunk, (body) => {
      if (body[0] === 1) socket.write(frame(body))
      else count()
    }),
  )
})

let home
process.on('message', (message) => {
  if (message.home !== undefined) {
    home = message.home
    if (message.kept) endpoint.upgrade(home)
  }
  if (message.expect !== undefined) {
    frames = 0
    expected = message.expect
    process.send({ is: 'ready' })
  }
})
raw.listen(0, '127.0.0.1', () => process.send({ endpoint: endpoint.address, raw: { host: '127.0.0.1', port: raw.address().port } }))
