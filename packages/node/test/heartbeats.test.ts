import { Type, toValue } from '@upon/protocol'
import { expect, it } from 'vitest'
import { cluster, elapse } from './cluster'
import type { Puppet } from './puppet'
import { scene } from './scene'

const REQUEST = Type.EPFD_INTERNAL_HEARTBEAT_REQUEST

const answerHeartbeats = (peer: Puppet, to: { host: string; port: number }) => {
  peer.react = ({ inner }) => {
    if (inner.type === REQUEST) peer.send(to, { to: 'eld.epfd.pl', message: { type: Type.EPFD_INTERNAL_HEARTBEAT_REPLY } })
  }
}

it('one heartbeat a period serves all topics, be it one that is undecided or fifty; the answers, too', async () => {
  let periods = 0
  const observe = (_: string, { path, event }: { path: string; event: string }) => {
    if (path === 'eld.epfd.timer' && event === 'timeout') periods++
  }
  const s = await scene(['kept', 'kept'], { delayMs: 15, observe, ranks: [2, 3, 1] })
  for (const peer of s.peers) answerHeartbeats(peer, s.node.address)
  const propose = (topic: string) => s.command({ type: Type.APP_PROPOSE, appPropose: { topic, value: toValue(1) } })
  const requests = () => s.peers.map((peer) => peer.of(REQUEST).length)
  propose('t0')
  await s.peers[0]?.until('ten heartbeats with one topic', () => requests()[0]! >= 10)
  for (let i = 1; i < 50; i++) propose(`t${i}`)
  await s.peers[0]?.until('twenty more', () => s.node.systems.get('sys-1')?.counters.undecided === 50 && requests()[0]! >= 40)
  for (const count of requests()) expect(Math.abs(count - periods)).toBeLessThanOrEqual(2) // some may be on their way
  expect(s.node.refusals).toMatchObject({ meaningless: 0 })
})

it('when all topics are decided, no heartbeats flow among our own processes', async () => {
  const delayMs = 10
  const { hub, nodes, stop } = await cluster(3, { delayMs })
  await hub.system(['abc'])
  const outcomes = await Promise.all(Array.from({ length: 20 }, (_, i) => hub.consensus(`t${i}`)))
  expect(outcomes.every(({ ok }) => ok)).toBe(true)
  const sent = () => nodes.reduce((sum, { traffic }) => sum + traffic.frames.queued, 0)
  const periods = (count: number) => elapse(count * delayMs)
  for (let before = -1, round = 0; before !== sent(); round++) {
    expect(round, 'stretches of 50 periods until there is one without a message').toBeLessThan(30)
    before = sent()
    await periods(50)
  }
  expect(await hub.consensus('after the rest')).toMatchObject({ ok: true })
  await stop()
})

it('a process that knows no topic answers the heartbeats of one that does', async () => {
  const s = await scene(['kept', 'kept'])
  s.peers[0]?.send(s.node.address, { to: 'eld.epfd.wake.pl', message: { type: REQUEST } })
  s.peers[0]?.send(s.node.address, { to: 'eld.epfd.pl', message: { type: Type.EPFD_INTERNAL_HEARTBEAT_REPLY } })
  await s.peers[0]?.collect(Type.EPFD_INTERNAL_HEARTBEAT_REPLY, 1, 'eld.epfd.pl')
  await s.serves()
  expect(s.node.refusals).toMatchObject({ meaningless: 0 })
  expect(s.node.systems.get('sys-1')?.counters.held).toBe(0)
})
