import { EventualLeaderDetector, type Port, type ProcessId } from '@upon/contract'
import { Process } from '@upon/runtime'
import { MemoryNetwork } from '@upon/transport/memory'
import { expect, it } from 'vitest'
import { LeaderBasedEpochChange } from './leader-based-epoch-change'

/** Three processes, whose leader detectors say what the test says; which epochs each starts, and who announced how many. */
function system() {
  const network = new MemoryNetwork()
  const processes = ['p', 'q', 'r']
  const announced: [ProcessId, number][] = []
  const members = processes.map((self) => {
    let trust = (_p: ProcessId) => {}
    const eld: Port<EventualLeaderDetector> = {
      sort: 'port',
      abstraction: EventualLeaderDetector,
      open: ({ indicate }) => {
        trust = indicate.trust
        return { upon: {} }
      },
    }
    const transport = network.transport(self)
    const process = new Process({
      self,
      processes,
      supply: [transport],
      observe: ({ path, event, attributes: [m] }) => {
        if (path === 'ec.beb' && event === 'broadcast') announced.push([self, (m as { ts: number }).ts])
      },
    })
    const started: [number, ProcessId][] = []
    const ec = process.run(LeaderBasedEpochChange.over({ eld }))
    process.upon(ec.startEpoch, (ts, l) => started.push([ts, l]))
    const tell = (to: ProcessId, ts: number) => transport.send(to, 'ec.beb.pl', { kind: 'NEWEPOCH', ts })
    const refuse = (to: ProcessId, refused: number, lastts: number) => transport.send(to, 'ec.pl', { kind: 'NACK', refused, lastts })
    return { started, trust: (p: ProcessId) => trust(p), tell, refuse, crash: () => network.detach(self) }
  })
  return { members: members as [(typeof members)[0], (typeof members)[0], (typeof members)[0]], announced }
}

it('a leader whose epoch is below one that it never saw needs one more announcement, however far it is', () => {
  const { members, announced } = system()
  const [p, q, r] = members
  r.tell('p', 3_000) // the first leader told p alone, and crashed
  r.crash()
  for (const each of [p, q]) each.trust('q')
  expect(announced).toEqual([
    ['q', 5],
    ['q', 3_002],
  ])
  expect([p.started.at(-1), q.started.at(-1)]).toEqual([
    [3_002, 'q'],
    [3_002, 'q'],
  ])
})

it('one announcement answers all NACKs of an epoch', () => {
  const { members, announced } = system()
  const [p, q, r] = members
  for (const each of [p, q, r]) each.trust('q')
  for (const each of [p, r]) each.refuse('q', 5, 6)
  expect(announced).toEqual([
    ['q', 5],
    ['q', 8],
  ])
  expect(members.map(({ started }) => started.at(-1))).toEqual([
    [8, 'q'],
    [8, 'q'],
    [8, 'q'],
  ])
})

it('the first leader, when it is trusted again, announces an epoch above those of others', () => {
  const { members } = system()
  const [p, q, r] = members
  for (const each of [p, q]) each.trust('q')
  for (const each of [p, q]) each.trust('r') // which has trusted itself all the time
  expect([p, q, r].map(({ started }) => started.at(-1)?.[1])).toEqual(['r', 'r', 'r'])
  expect(new Set([p, q, r].map(({ started }) => started.at(-1)?.[0])).size).toBe(1)
})
