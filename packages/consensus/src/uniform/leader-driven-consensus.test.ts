import { EventualLeaderDetector, type Port, type ProcessId, Timer } from '@upon/contract'
import { Process } from '@upon/runtime'
import { MemoryNetwork } from '@upon/transport/memory'
import { expect, it } from 'vitest'
import { LeaderBasedEpochChange } from '../epoch-change/leader-based-epoch-change'
import { LeaderDrivenConsensus } from './leader-driven-consensus'

const stillTimer: Port<Timer> = { sort: 'port', abstraction: Timer, open: () => ({ upon: { start: () => {} } }) }

function system(processes: readonly ProcessId[]) {
  const network = new MemoryNetwork()
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
    const process = new Process({ self, processes, supply: [network.transport(self), stillTimer, eld] })
    const decided: number[] = []
    const uc = process.run(LeaderDrivenConsensus.over({ ec: LeaderBasedEpochChange.over({ eld }) }).of<number>())
    process.upon(uc.decide, (v) => decided.push(v))
    return { uc, decided, process, trust: (p: ProcessId) => trust(p), crash: () => network.detach(self) }
  })
}

it('UC1, UC2, UC4: all decide the value of the first leader', () => {
  const all = system(['p', 'q', 'r'])
  all.forEach(({ uc }, i) => {
    uc.propose(i)
  })
  expect(all.map(({ decided }) => decided)).toEqual([[2], [2], [2]])
})

it('UC1 termination: the process that is trusted next replaces a crashed leader', () => {
  const all = system(['p', 'q', 'r'])
  all[2]?.crash()
  all.slice(0, 2).forEach(({ uc }, i) => {
    uc.propose(i)
  })
  for (const { trust } of all.slice(0, 2)) trust('q')
  expect(all.map(({ decided }) => decided)).toEqual([[1], [1], []])
  expect(Object.keys(all[0]?.process.snapshot() ?? {}).filter((path) => /ep\[\d+\]$/.test(path))).toEqual(['uc.ep[5]'])
})

it('undefined, which would wait forever, cannot be proposed; null can', () => {
  const all = system(['p'])
  expect(() => all[0]?.uc.propose(undefined as never)).toThrow(
    expect.objectContaining({ name: 'TypeError', code: 'UPON_REFUSED', message: expect.stringContaining('undefined is no value') }),
  )
  all[0]?.uc.propose(null as never)
  expect(all[0]?.decided).toEqual([null])
})
