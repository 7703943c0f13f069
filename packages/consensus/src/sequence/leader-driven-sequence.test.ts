import { EventualLeaderDetector, type Port, type ProcessId, Timer, Turn } from '@upon/contract'
import { Process } from '@upon/runtime'
import { MemoryNetwork } from '@upon/transport/memory'
import { expect, it } from 'vitest'
import { LeaderBasedEpochChange } from '../epoch-change/leader-based-epoch-change'
import { LeaderDrivenSequence } from './leader-driven-sequence'
import type { Log } from './log'

const stillTimer: Port<Timer> = { sort: 'port', abstraction: Timer, open: () => ({ upon: { start: () => {} } }) }
const turn: Port<Turn> = { sort: 'port', abstraction: Turn, open: ({ indicate }) => ({ upon: { awaitEnd: () => indicate.end() } }) }

function system(processes: readonly ProcessId[], options: { batchCommands?: number; windowPlaces?: number } = {}) {
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
    const process = new Process({ self, processes, supply: [network.transport(self), stillTimer, turn, eld] })
    const algorithm = LeaderDrivenSequence.over({ ec: LeaderBasedEpochChange.over({ eld }) }).with(options)
    const seq = process.run(algorithm.of<string>())
    const decided: string[] = []
    const restored: [number, string][] = []
    process.upon(seq.decide, (_slot, v) => decided.push(v))
    process.upon(seq.restore, (slot, snapshot) => restored.push([slot, snapshot]))
    const log = () => (process.snapshot('seq').seq as { log: Log }).log
    return { seq, decided, restored, log, trust: (p: ProcessId) => trust(p), crash: () => network.detach(self) }
  })
}

type Member = ReturnType<typeof system>[number]
const three = (options = {}) => system(['p', 'q', 'r'], options) as [Member, Member, Member]
const many = Array.from({ length: 2_000 }, (_, i) => `${i}`)

it('SEQ5 agreement: all decide what all propose, in one order, in many batches', () => {
  const all = three({ batchCommands: 7, windowPlaces: 2 })
  for (const v of many) for (const { seq } of all) seq.propose(v)
  expect(all[0].decided).toHaveLength(3 * many.length)
  for (const { decided } of all) expect(decided).toEqual(all[0].decided)
})

it('memory: what all have decided is forgotten', () => {
  const all = three()
  for (const v of many) all[0].seq.propose(v)
  for (const { log } of all) {
    expect(log().decided.slot).toBe(many.length)
    expect(log().entries.size).toBeLessThan(5)
  }
})

it('memory: with a dead process, the log is kept until a snapshot is made of it', () => {
  const [p, q, r] = three()
  p.crash()
  for (const v of many) r.seq.propose(v)
  expect(q.decided).toEqual(many)
  expect(r.log().entries.size).toBe(many.length)
  r.seq.compact(many.length - 10, 'most')
  expect(r.log().entries.size).toBe(10)
  r.seq.compact(many.length + 1, 'more than is decided')
  expect(r.log().last?.snapshot).toBe('most')
})

it('SEQ4, SEQ6: a leader that is behind restores the snapshot of another process, and goes on after it', () => {
  const [p, q, r] = three({ windowPlaces: 4 })
  // p leads an epoch that nobody else starts: the others go on without it
  p.trust('p')
  for (const v of many) r.seq.propose(v)
  expect(p.decided).toEqual([])
  for (const { seq } of [q, r]) seq.compact(1_900, 'nineteen hundred')
  for (const each of [p, q, r]) each.trust('r')
  for (const each of [p, q, r]) each.trust('p')
  p.seq.propose('of p')
  expect(p.restored).toEqual([[1_900, 'nineteen hundred']])
  expect(p.decided).toEqual([...many.slice(1_900), 'of p'])
  expect(q.decided).toEqual([...many, 'of p'])
})

it('a batch is never larger than a message, a value alone may be', () => {
  const all = three()
  const long = 'x'.repeat(400_000)
  for (let i = 0; i < 10; i++) all[i % 3]?.seq.propose(`${long}${i}`)
  for (const { decided } of all) expect(decided).toHaveLength(10)
})
