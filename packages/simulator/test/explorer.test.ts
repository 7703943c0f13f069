import { BasicBroadcast } from '@upon/broadcast'
import { LeaderBasedEpochChange, LeaderDrivenConsensus } from '@upon/consensus'
import { EventualLeaderDetector, PerfectPointToPointLinks, type Port } from '@upon/contract'
import { ReadImposeWriteConsultMajority } from '@upon/register'
import { expect, it } from 'vitest'
import {
  atomicRegister,
  bestEffortBroadcast,
  broadcastClient,
  consensusClient,
  type ExploredProcess,
  explore,
  registerClient,
  uniformConsensus,
} from '../src'

const op = <O>(process: string, operation: O) => ({ process, afterMs: 0, operation })

it('visits every order of two messages from one process to another: 1, 2 or both under way, and who came first', () => {
  const setup = (process: ExploredProcess) => {
    const pl = process.run(PerfectPointToPointLinks.of<number>())
    process.upon(pl.deliver, () => {})
    return (m: number, done: () => void) => {
      pl.send('p2', m)
      done()
    }
  }
  const { states, ends, isComplete } = explore<number>({
    processes: 2,
    setup,
    operations: [op('p1', 1), op('p1', 2)],
    check: () => undefined,
  })
  // s1, s2: sent; d1, d2: delivered. -, s1, s1d1, s1s2, s1d1s2, s1s2d1, s1s2d2, and three ways to have all
  expect({ states, ends, isComplete }).toEqual({ states: 10, ends: 3, isComplete: true })
})

it('BEB1 to BEB3 hold in every schedule of two broadcasts among three processes, one of which may crash', () => {
  const setup = (process: ExploredProcess) => broadcastClient(process.run(BasicBroadcast.of<number>()))
  const found = explore<number>({ processes: 3, setup, operations: [op('p1', 1), op('p2', 2)], crashes: 1, check: bestEffortBroadcast })
  expect(found.counterexample).toBeUndefined()
  expect([found.isComplete, found.states, found.ends]).toMatchSnapshot()
})

it('NNAR1 and NNAR2 hold in every schedule of a write and a read between two processes', () => {
  const setup = (process: ExploredProcess) => registerClient(process, process.run(ReadImposeWriteConsultMajority.of<number>()))
  const operations = [op('p1', { kind: 'write', value: 1 } as const), op('p2', { kind: 'read' } as const)]
  const found = explore({ processes: 2, setup, operations, check: atomicRegister })
  expect(found.counterexample).toBeUndefined()
  expect([found.isComplete, found.states, found.ends]).toMatchSnapshot()
})

const quiet: Port<EventualLeaderDetector> = { sort: 'port', abstraction: EventualLeaderDetector, open: () => ({ upon: {} }) }
const uc = LeaderDrivenConsensus.over({ ec: LeaderBasedEpochChange.over({ eld: quiet }) })

it('UC1 to UC4 hold in every schedule of two processes under the first leader', () => {
  const setup = (process: ExploredProcess) => consensusClient(process, process.run(uc.of<number>()))
  const found = explore({ processes: 2, setup, operations: [op('p1', 1), op('p2', 2)], check: uniformConsensus })
  expect(found.counterexample).toBeUndefined()
  expect([found.isComplete, found.states, found.ends]).toMatchSnapshot()
})

it('gives the shortest counterexample', () => {
  const setup = (process: ExploredProcess) => broadcastClient(process.run(BasicBroadcast.of<number>()))
  const check = ({ entries }: { readonly entries: readonly unknown[] }) =>
    entries.length >= 3 ? { property: 'X', why: 'three events' } : undefined
  const { counterexample } = explore<number>({ processes: 2, setup, operations: [op('p1', 1), op('p2', 2)], check })
  expect(counterexample?.moves).toEqual(['p1 does 1', 'p1>p2 beb.pl 1'])
})
