import { describe, it } from 'vitest'
import { decide, expectContent, type Mix, mixed, walk } from './mixed-system'

describe.each<[string, Mix]>([
  ['2 ours + 1 foreign, which leads', { ours: 2, foreign: [['nosplit', 'outersys']], connections: 'kept', leads: 'theirs' }],
  ['2 ours, one leads, + 1 foreign', { ours: 2, foreign: [['emptyfrom', 'nouuid', 'undefminus']], connections: 'kept', leads: 'ours' }],
  ['1 ours + 2 foreign, classic', { ours: 1, foreign: [['novalue', 'emptyhubids'], ['nosplit']], connections: 'classic', leads: 'theirs' }],
  ['1 ours, which leads, + 2 foreign', { ours: 1, foreign: [['nosenderhost'], []], connections: 'kept', leads: 'ours' }],
])('%s', (_, mix) => {
  it('everything of the walk-through holds, in two systems, before and after the leader is killed; the foreign see nothing illegal', async () => {
    const { hub, processes, owners, leader, kill, partners, children } = await mixed(mix)
    await walk(
      hub,
      processes.map(({ name }) => name),
      'all',
    )
    await hub.system(owners)
    await walk(
      hub,
      processes.map(({ name }) => name),
      'second system',
    )
    const left = processes.filter((process) => process !== leader)
    kill(leader)
    await decide(hub, left.length, 'without the leader')
    await walk(
      hub,
      left.map(({ name }) => name),
      'with the majority left',
    )
    expectContent(
      partners.filter((__, i) => leader.name !== `xyz-${i + 1}`),
      children,
    )
  }, 60_000)
})
