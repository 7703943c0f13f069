// A process that registers with the hub and then does nothing, until its standard input ends; written by hand, as a foreign one would be.
import { connect, createServer } from 'node:net'

const [hubHost, hubPort, host, port, owner, index] = process.argv.slice(2)
const varint = (n) => (n < 128 ? [n] : [(n & 127) | 128, ...varint(n >>> 7)])
const field = (number, bytes) => [...varint(number * 8 + 2), ...varint(bytes.length), ...bytes]

const server = createServer((socket) => socket.resume().on('error', () => {}))
server.listen(Number(port), host, () => {
  const registration = [...varint(8), ...varint(1), ...field(7, [...field(1, Buffer.from(owner)), ...varint(16), ...varint(Number(index))])]
  const network = [...field(1, Buffer.from(host)), ...varint(16), ...varint(server.address().port), ...field(3, registration)]
  const message = Buffer.from([...varint(8), ...varint(0), ...field(6, network)])
  const frame = Buffer.alloc(4 + message.length)
  frame.writeUInt32BE(message.length)
  message.copy(frame, 4)
  connect(Number(hubPort), hubHost).end(frame)
  console.log(`pid ${process.pid}`)
})
if (process.env.UPON_TEST_DEAF) process.on('SIGTERM', () => {})
process.stdin.resume().on('end', () => process.exit(0))
