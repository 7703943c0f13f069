import { TcpEndpoint } from '@upon/transport/tcp'
import { expect, onTestFinished, test, vi } from 'vitest'
import { Members } from './members'
import { OurKind } from './our-kind'

const listen = async (received: string[] = []) => {
  const onFrame = (body: Uint8Array) => received.push(Buffer.from(body).toString())
  const endpoint = await TcpEndpoint.listen({ host: '127.0.0.1', port: 0, onFrame, limits: { closeTimeoutMs: 50 } })
  onTestFinished(() => endpoint.close())
  return endpoint
}

const membersOf = (...endpoints: TcpEndpoint[]) =>
  new Members(
    endpoints.map(({ address }, i) => ({ ...address, owner: 'abc', index: i + 1, rank: i + 1 })),
    { owner: 'abc', index: 1, address: endpoints[0]?.address ?? { host: '', port: 0 } },
  )

test('a process of ours is news once, and stays ours until it is forgotten; its frames go one way', async () => {
  const received: string[] = []
  const [a, b] = [await listen(), await listen(received)]
  const ours = new OurKind(a, 'kept')
  expect([ours.learn(b.address), ours.learn(b.address), ours.has(b.address)]).toEqual([true, false, true])
  const members = membersOf(a, b)
  await vi.waitFor(() => expect(a.isConnected(b.address)).toBe(true))
  ours.begin(members, [])
  expect(ours.has(b.address)).toBe(true)
  for (let i = 0; i < 100; i++) a.send(b.address, Buffer.from(`${i}`))
  await vi.waitFor(() => expect(received).toEqual(Array.from({ length: 100 }, (_, i) => `${i}`)))
  expect(a.counters.connections.opened).toBe(1)
  ours.end(members, () => [])
  await vi.waitFor(() => expect(ours.has(b.address)).toBe(false))
})

test('an address that is gone when a system begins may have another process by then: it is asked again, unless a current system has it', async () => {
  const [a, b] = [await listen(), await listen()]
  const ours = new OurKind(a, 'kept')
  const members = membersOf(a, b)
  ours.learn(b.address)
  await b.close()
  await vi.waitFor(() => expect(a.isConnected(b.address)).toBe(false))
  ours.begin(members, [members])
  expect(ours.has(b.address)).toBe(true)
  ours.begin(members, [])
  expect(ours.has(b.address)).toBe(false)
})

test('one that was given up in a system is a process like others in the next', async () => {
  const received: string[] = []
  let release = () => {}
  const isTaken = new Promise<void>((resolve) => {
    release = resolve
  })
  const onFrame = (body: Uint8Array) => {
    received.push(Buffer.from(body).toString())
    return isTaken
  }
  const a = await TcpEndpoint.listen({ host: '127.0.0.1', port: 0, onFrame: () => {}, limits: { closeTimeoutMs: 50, queueFrames: 10 } })
  const b = await TcpEndpoint.listen({ host: '127.0.0.1', port: 0, onFrame, limits: { closeTimeoutMs: 50 } })
  onTestFinished(async () => {
    release()
    await Promise.all([a.close(), b.close()])
  })
  const ours = new OurKind(a, 'kept')
  const members = membersOf(a, b)
  ours.learn(b.address)
  await vi.waitFor(() => expect(a.isConnected(b.address)).toBe(true))
  for (let i = 0; i < 20; i++) a.send(b.address, Buffer.from('earlier'))
  expect(a.givenUp).toEqual([b.address])
  release()
  ours.begin(members, [members]) // also while another system has it
  expect(a.givenUp).toEqual([])
  a.send(b.address, Buffer.from('later'))
  await vi.waitFor(() => expect(received).toContain('later'))
})

test('with one connection per frame nobody is ours', async () => {
  const [a, b] = [await listen(), await listen()]
  expect(new OurKind(a, 'classic').learn(b.address)).toBe(false)
})
