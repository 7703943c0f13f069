/** An endpoint in a process of its own, driven over its IPC channel; see `process.ts`. */
import { readdirSync } from 'node:fs'
import { connect } from 'node:net'
import { TcpEndpoint } from '@upon/transport/tcp'
import type { Command, Report } from './process'

const tell = (report: Report) => process.send?.(report)

let received = 0
let inOrder = true
let down = 0

/** Frames carry their number in their first four bytes. */
function onFrame(body: Uint8Array): void {
  const number = Buffer.from(body.buffer, body.byteOffset, body.length).readUInt32BE(0)
  if (number !== received) inOrder = false
  received++
}

const endpoint = await TcpEndpoint.listen({
  host: '127.0.0.1',
  port: 0,
  onFrame,
  onPeerDown: () => {
    down++
  },
  ...JSON.parse(process.argv[2] ?? '{}'),
})

function send({ to, from, count, bytes, upgrade }: Command & { do: 'send' }): void {
  if (upgrade === 'yes') endpoint.upgrade(to)
  const body = Buffer.alloc(bytes)
  for (let number = from; number < from + count; number++) {
    body.writeUInt32BE(number, 0)
    endpoint.send(to, body)
  }
}

process.on('message', (command: Command) => {
  if (command.do === 'send') send(command)
  else if (command.do === 'report') {
    tell({ is: 'report', received, inOrder, counters: endpoint.counters, down, openFiles: readdirSync('/proc/self/fd').length })
  } else if (command.do === 'flood-self') {
    for (let i = 0; i < command.connections; i++) connect(endpoint.address).on('error', () => {})
  } else {
    void endpoint.close().then(() => {
      tell({ is: 'closed' })
      process.disconnect()
    })
  }
})

tell({ is: 'listening', address: endpoint.address })
