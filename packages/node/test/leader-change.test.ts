import { expect, it, onTestFinished, vi } from 'vitest'
import type { Node } from '../src/index'
import { cluster } from './cluster'

/** Whom epoch change trusts, in each topic of a node. */
const trusted = (node: Node) =>
  Object.entries(node.systems.get('sys-1')?.snapshot() ?? {})
    .filter(([path]) => path.endsWith('.ec'))
    .map(([, state]) => (state as { trusted: string }).trusted)

it('a new leader serves what is undecided at once, and every decided topic soon', async () => {
  const { hub, nodes, stop } = await cluster(3)
  onTestFinished(stop)
  await hub.system(['abc'])
  const topics = Array.from({ length: 60 }, (_, i) => `t${i}`)
  await Promise.all(topics.map((topic) => hub.consensus(topic)))
  const [one, two, leader] = nodes as [Node, Node, Node]
  await leader.stop()
  hub.markCrashed('abc-3')

  await vi.waitFor(() => expect(trusted(two)).toContain('abc-2'))
  expect(await hub.consensus('next')).toMatchObject({ ok: true })
  await vi.waitFor(() => expect(new Set([...trusted(one), ...trusted(two)])).toEqual(new Set(['abc-2'])), { timeout: 10_000 })
  expect(trusted(one)).toHaveLength(61)
})

it('a leader that dies without ever having been talked to is replaced once it is needed', async () => {
  const { hub, nodes, stop } = await cluster(3)
  onTestFinished(stop)
  await hub.system(['abc'])
  await nodes[2]?.stop()
  hub.markCrashed('abc-3')
  expect(await hub.consensus('t')).toMatchObject({ ok: true, agreement: 'holds' })
})
