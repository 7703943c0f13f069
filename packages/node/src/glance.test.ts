import { encode, type Message, Type, toValue, wrap } from '@upon/protocol'
import { expect, it } from 'vitest'
import { type GlanceHost, refusedAtAGlance } from './glance'
import { Members } from './members'

const list = [1, 2, 3].map((index) => ({ host: '127.0.0.1', port: 5_000 + index, owner: 'abc', index, rank: index }))
const members = new Members(list, { owner: 'abc', index: 1, address: { host: '127.0.0.1', port: 5_001 } })
const from = { remoteAddress: '127.0.0.1', remotePort: 40_000 }
const value: Message = { type: Type.APP_VALUE, appValue: { value: toValue(1) } }
const read: Message = { type: Type.APP_READ, appRead: { register: 'x' } }

function glance(message: Message, { systemId = 'sys-1', host = '127.0.0.1', port = 5_002, full = true } = {}) {
  const body = encode(wrap({ systemId, to: 'app.pl', senderHost: host, senderListeningPort: port, message, upon: undefined }))
  const glanceHost: GlanceHost = {
    members: (id) => (id === 'sys-1' ? members : undefined),
    isHub: ({ senderListeningPort }) => senderListeningPort === 5_000,
    isFull: () => full,
  }
  return refusedAtAGlance(body, from, glanceHost)
}

it('what a member or the hub says is decoded, and so is what might be of a system about to start', () => {
  expect(glance(value)).toBeUndefined()
  expect(glance(read, { port: 5_000 })).toBeUndefined()
  expect(glance(value, { systemId: 'sys-2', full: false })).toBeUndefined()
  expect(
    glance({ type: Type.PROC_INITIALIZE_SYSTEM, procInitializeSystem: { processes: [] } }, { port: 5_000, full: false }),
  ).toBeUndefined()
})

it('what strangers say is not', () => {
  expect(glance(value, { port: 9 })).toBe('unauthorised')
  expect(glance(read)).toBe('unauthorised') // a command, from a process
  expect(glance(value, { host: 'x'.repeat(300) })).toBe('unauthorised')
  expect(glance(value, { systemId: 'sys-2' })).toBe('unknownSystem')
})

it('a message that a glance cannot decide is decoded', () => {
  const host: GlanceHost = { members: () => members, isHub: () => false, isFull: () => true }
  expect(refusedAtAGlance(Buffer.from('this is not protobuf'), from, host)).toBeUndefined()
})
