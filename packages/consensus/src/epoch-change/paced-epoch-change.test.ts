import { EventualLeaderDetector, type Port, type ProcessId, Timer } from '@upon/contract'
import { Process } from '@upon/runtime'
import { MemoryNetwork } from '@upon/transport/memory'
import { expect, it } from 'vitest'
import { PacedEpochChange } from './paced-epoch-change'

const stillTimer: Port<Timer> = { sort: 'port', abstraction: Timer, open: () => ({ upon: { start: () => {} } }) }

/** Processes of these ranks, whose leader detectors say what the test says; and the epochs that each starts. */
function system(ranks: Readonly<Record<ProcessId, number>>) {
  const network = new MemoryNetwork()
  const processes = Object.keys(ranks)
  return processes.map((self) => {
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
    const process = new Process({ self, processes, rank: (p) => ranks[p] as number, supply: [transport, stillTimer] })
    const started: [number, ProcessId][] = []
    const ec = process.run(PacedEpochChange.over({ eld }))
    process.upon(ec.startEpoch, (ts, l) => started.push([ts, l]))
    return { started, trust: (p: ProcessId) => trust(p), announce: (ts: number) => announce(transport, processes, ts) }
  })
}

const announce = (transport: ReturnType<MemoryNetwork['transport']>, processes: readonly ProcessId[], ts: number) => {
  for (const q of processes) transport.send(q, 'ec.beb.pl', { kind: 'NEWEPOCH', ts })
}

it('EC2 consistency: leaders that do not hear each other announce no epoch twice, also if the ranks are not distinct modulo N', () => {
  for (const ranks of [
    { p: 1, q: 2, r: 3 },
    { p: 0, q: 1, r: 2 },
    { p: 1, q: 4, r: 7 },
    { p: 3, q: 6, r: 9 },
  ]) {
    const announced = ['p', 'q', 'r'].flatMap((leader, i) => {
      const alone = system(ranks)[i] // in a network of its own, so that the others know nothing of it
      for (let round = 0; round < 10; round++) for (const trusted of [leader, leader === 'p' ? 'q' : 'p']) alone?.trust(trusted)
      return alone?.started.map(([ts]) => ts) ?? []
    })
    expect(announced.length).toBeGreaterThanOrEqual(29)
    expect(new Set(announced).size, `ranks ${Object.values(ranks)}`).toBe(announced.length)
  }
})

it('EC1 monotonicity: a leader announces an epoch above all that it has seen, at once, however high they are', () => {
  const [p, q, r] = system({ p: 1, q: 2, r: 3 })
  r?.announce(2 ** 30)
  for (const each of [p, q, r]) each?.trust('q')
  for (const each of [p, q, r]) {
    const [ts, l] = each?.started.at(-1) ?? []
    expect(l).toBe('q')
    expect(ts).toBeGreaterThan(2 ** 30)
    expect((ts as number) % 3).toBe(2)
  }
})
