import { type BestEffortBroadcast, type Layer, PerfectFailureDetector, type PerfectPointToPointLinks } from '@upon/contract'
import { describe, expect, it } from 'vitest'
import { system } from '../../test/system'
import { LazyReliableBroadcast } from '../reliable/lazy-reliable-broadcast'
import { GarbageCollectionOfCausalPast } from './garbage-collection-of-causal-past'
import { NoWaitingCausalBroadcast } from './no-waiting-causal-broadcast'
import { NoWaitingCausalBroadcastUsingFIFO } from './no-waiting-causal-broadcast-using-fifo-broadcast'
import { WaitingCausalBroadcast } from './waiting-causal-broadcast'

type Tested = Layer<BestEffortBroadcast, PerfectPointToPointLinks | PerfectFailureDetector, string>

const pfd = PerfectFailureDetector
const collecting: Tested = GarbageCollectionOfCausalPast.over({ pfd, rb: LazyReliableBroadcast.over({ pfd }) }).of<string>()

const layers: readonly (readonly [name: string, layer: Tested, waits: boolean])[] = [
  ['no waiting', NoWaitingCausalBroadcast.of<string>(), false],
  ['garbage collection', collecting, false],
  ['waiting', WaitingCausalBroadcast.of<string>(), true],
  ['using FIFO', NoWaitingCausalBroadcastUsingFIFO.of<string>(), false],
]

describe.each(layers)('%s', (_name, layer, waits) => {
  it('CRB5 causal delivery: an answer that comes before what it answers waits for it, or brings it along', () => {
    const { members, arrive } = system(layer)
    const [p, q, r] = members
    p.broadcast('question')
    arrive(({ from, to }) => from === 'p' && to === 'q')
    expect(q.delivered).toEqual(['p: question'])
    q.broadcast('answer')
    const isAnswer = (m: object) => JSON.stringify(m).includes('answer')
    arrive((m) => m.from === 'q' && m.to === 'r' && isAnswer(m))
    expect(r.delivered).toEqual(waits ? [] : ['p: question', 'q: answer'])
    arrive()
    for (const { delivered } of members) expect(delivered).toEqual(['p: question', 'q: answer'])
  })

  it('CRB5 causal delivery: a chain of answers through all processes', () => {
    const { members, arrive } = system(layer, 5)
    const [p, q, r, s, t] = members as [...typeof members, (typeof members)[0], (typeof members)[0]]
    const chain = [p, q, r, s]
    for (const [i, each] of chain.entries()) {
      each.broadcast(`${i}`)
      const next = 'pqrst'[i + 1]
      arrive(({ from, to }) => to === next && to !== 't' && 'pqrst'.indexOf(from) <= i)
    }
    arrive()
    expect(t.delivered).toEqual(['p: 0', 'q: 1', 'r: 2', 's: 3'])
  })

  it('CRB5 causal delivery: messages that know nothing of each other come in any order', () => {
    const { members, arrive } = system(layer)
    const [p, q, r] = members
    p.broadcast('one')
    q.broadcast('two')
    arrive(({ from, to }) => from === 'q' && to === 'r')
    expect(r.delivered).toEqual(['q: two'])
  })

  it('CRB5 causal delivery: two messages of one process that has not delivered the first', () => {
    const { members, arrive } = system(layer)
    const [p] = members
    p.broadcast('one')
    p.broadcast('two')
    arrive()
    for (const { delivered } of members) expect(delivered).toEqual(['p: one', 'p: two'])
  })

  it('CRB2 no duplication: equal messages are different ones', () => {
    const { members, arrive } = system(layer)
    for (let i = 0; i < 2; i++) members[0].broadcast('again')
    arrive()
    for (const { delivered } of members) expect(delivered).toEqual(['p: again', 'p: again'])
  })
})

it('waiting: ranks may be any numbers, for vectors go by the order of ranks', () => {
  const { members, arrive } = system(WaitingCausalBroadcast.of<string>(), 3, (p) => ({ p: -7, q: 1000, r: 3 })[p] as number)
  members[1].broadcast('one')
  members[1].broadcast('two')
  members[0].broadcast('three')
  arrive()
  for (const { delivered } of members) expect(delivered.sort()).toEqual(['p: three', 'q: one', 'q: two'])
})

describe('garbage collection: ', () => {
  const past = (process: { snapshot(): object }) =>
    (process.snapshot() as { crb: { past: Map<string, unknown>; ack: Map<string, unknown> } }).crb

  it('what all processes have delivered leaves the past, and its acknowledgements go with it', () => {
    const { members, arrive } = system(collecting)
    for (const { broadcast } of members) for (let i = 0; i < 100; i++) broadcast(`${i}`)
    arrive()
    for (const { process } of members) expect([past(process).past.size, past(process).ack.size]).toEqual([0, 0])
  })

  it('what one process has not acknowledged stays, until that process is known to have crashed', () => {
    const { members, arrive } = system(collecting)
    const [p, q, r] = members
    r.crash()
    p.broadcast('one')
    arrive()
    for (const { process } of [p, q]) expect([...past(process).past.keys()]).toEqual(['p 1'])
    for (const { detect } of [p, q]) detect('r')
    for (const { process } of [p, q]) expect(past(process).past.size).toBe(0)
  })
})
