import { expect, test } from 'vitest'
import { describeMembership } from '../membership'
import { Acquaintance } from './acquaintance'
import type { Header } from './datagram'

const processes = ['p', 'q']
const membership = (self: string, incarnation: string) =>
  describeMembership({ self, processes, rank: (p) => processes.indexOf(p) + 1 }, incarnation)
const datagram = (header: Header | string) => {
  if (typeof header === 'string') throw new Error(header)
  return { ...header, path: 'pl', body: new Uint8Array() }
}

test('where processes recover, a datagram of an incarnation before the current one is refused, however late it comes', () => {
  const p = new Acquaintance('q', membership('p', '01'.repeat(8)), true)
  const starts = ['02', '03', '04'].map((start) => new Acquaintance('p', membership('q', start.repeat(8)), true))
  const datagrams = starts.map((q) => datagram(q.header(0)))
  for (const each of datagrams) expect(p.judge(each, 0).outcome).toBe('take')
  for (const each of datagrams.slice(0, 2)) expect(p.judge(each, 0).outcome).toBe('incarnation')
  expect(p.judge(datagrams[2]!, 0).outcome).toBe('take')
})
