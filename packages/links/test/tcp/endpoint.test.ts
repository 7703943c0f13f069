import { expect, test } from 'vitest'
import { TcpEndpoint } from '@upon/links/tcp'

test('smoke', async () => {
  const got: string[] = []
  let done = () => {}
  const b = await TcpEndpoint.listen({ host: '127.0.0.1', port: 0, onFrame: (body, from) => { got.push(Buffer.from(body).toString() + (from.peer ? '!' : '')); if (got.length % 10 === 0) done() } })
  const a = await TcpEndpoint.listen({ host: '127.0.0.1', port: 0, onFrame() {}, onLog: console.log })
  let p = new Promise<void>(r => { done = r })
  for (let i = 0; i < 10; i++) a.send(b.address, Buffer.from('x' + i))
  await p
  a.upgrade(b.address)
  p = new Promise<void>(r => { done = r })
  for (let i = 0; i < 10; i++) a.send(b.address, Buffer.from('x' + i))
  await p
  expect(got.length).toBe(20)
  console.log(got.join(' '), a.counters, b.counters)
  await a.close()
  await b.close()
  console.log(a.counters)
})
