import {
  algorithm,
  type EpochState,
  many,
  PerfectPointToPointLinks,
  type ProcessId,
  type Transport,
  UniformConsensus,
} from '@upon/contract'
import { Process } from '@upon/runtime'
import { describe, expect, it } from 'vitest'
import { ReadWriteEpochConsensus } from './read-write-epoch-consensus'

type Indicated = ['decide', number] | ['aborted', EpochState<number>]

/** One process with one epoch: 6, led by r; the test plays the others. */
function epoch(self: ProcessId, state: EpochState<number> = { valts: 0, val: undefined }) {
  const sent: [to: ProcessId, link: string, message: object][] = []
  let receive: (from: ProcessId, path: string, message: unknown) => void = () => {}
  const transport: Transport<PerfectPointToPointLinks> = {
    sort: 'transport',
    guarantees: PerfectPointToPointLinks,
    send: (to, path, message) => void sent.push([to, path.replace('uc.ep[6].', ''), message as object]),
    attach: (hand) => {
      receive = hand
    },
  }
  const indicated: Indicated[] = []
  const ask = { propose: (_v: number) => {}, abort: () => {} }
  const Host = algorithm(
    {
      name: 'host',
      implements: { uc: UniformConsensus },
      uses: { ep: many(ReadWriteEpochConsensus.of<number>()) },
      assumes: { processes: 'crash-stop', timing: 'asynchronous', resilience: 'f < N/2' },
    },
    ({ ep, upon }) => {
      ep.create('6', { ets: 6, l: 'r', state })
      ask.propose = (v) => ep.propose('6', v)
      ask.abort = () => ep.abort('6')
      upon(ep.decide, (_, v) => void indicated.push(['decide', v]))
      upon(ep.aborted, (_, s) => void indicated.push(['aborted', s]))
    },
  )
  new Process({ self, processes: ['p', 'q', 'r'], supply: [transport] }).run(Host)
  const hear = (from: ProcessId, link: 'pl' | 'beb.pl', message: object) => receive(from, `uc.ep[6].${link}`, message)
  return { ...ask, indicated, hear, sent: () => sent.splice(0) }
}

describe('a process that does not lead', () => {
  it('answers READ with its state and WRITE with ACCEPT, and decides the value of DECIDED', () => {
    const p = epoch('p', { valts: 3, val: 7 })
    p.hear('r', 'beb.pl', { kind: 'READ' })
    p.hear('r', 'beb.pl', { kind: 'WRITE', val: 8 })
    expect(p.sent()).toEqual([
      ['r', 'pl', { kind: 'STATE', valts: 3, val: 7 }],
      ['r', 'pl', { kind: 'ACCEPT' }],
    ])
    p.hear('r', 'beb.pl', { kind: 'DECIDED', val: 8 })
    p.abort()
    expect(p.indicated).toEqual([
      ['decide', 8],
      ['aborted', { valts: 6, val: 8 }], // under the timestamp of this epoch, not of the one that was read
    ])
  })

  it('EP1: takes nothing from a process that does not lead', () => {
    const p = epoch('p')
    for (const kind of ['READ', 'WRITE', 'DECIDED']) p.hear('q', 'beb.pl', { kind, val: 9 })
    expect([p.sent(), p.indicated]).toEqual([[], []])
  })

  it('EP4 lock-in, EP6: after an abort it does not answer, decide, or abort again', () => {
    const p = epoch('p', { valts: 3, val: 7 })
    p.abort()
    for (const kind of ['READ', 'WRITE', 'DECIDED']) p.hear('r', 'beb.pl', { kind, val: 9 })
    p.abort()
    expect([p.sent(), p.indicated]).toEqual([[], [['aborted', { valts: 3, val: 7 }]]])
  })
})

describe('the leader', () => {
  const writes = (messages: [ProcessId, string, object][]) =>
    messages.filter(([, , m]) => 'kind' in m && m.kind === 'WRITE').map(([, , m]) => m)

  it.each([
    ['its own value when a majority has none', { valts: 0, val: undefined }, 5],
    ['the value of the highest timestamp', { valts: 4, val: 8 }, 8],
    ['the value that epoch 0 left, though its timestamp is no higher than that of ⊥', { valts: 0, val: 8 }, 8],
  ])('EP4 lock-in: writes %s', (_, state, expected) => {
    const r = epoch('r')
    r.propose(5)
    r.hear('p', 'pl', { kind: 'STATE', ...state })
    expect(writes(r.sent())).toEqual([
      { kind: 'WRITE', val: expected },
      { kind: 'WRITE', val: expected },
    ])
  })

  it('EP4 lock-in: a state without a value does not win over a value, however high its timestamp', () => {
    const r = epoch('r', { valts: 3, val: 7 })
    r.propose(5)
    r.hear('r', 'pl', { kind: 'STATE', valts: 3, val: 7 })
    r.hear('p', 'pl', { kind: 'STATE', valts: 5, val: undefined })
    expect(writes(r.sent())[0]).toEqual({ kind: 'WRITE', val: 7 })
  })

  it('EP2: counts each process once, however often it answers', () => {
    const r = epoch('r')
    r.propose(5)
    r.sent()
    r.hear('p', 'pl', { kind: 'STATE', valts: 0, val: undefined }) // with its own: a majority
    expect(writes(r.sent())).toHaveLength(2)
    const lonely = epoch('p', { valts: 0, val: undefined })
    lonely.hear('q', 'pl', { kind: 'ACCEPT' })
    lonely.hear('q', 'pl', { kind: 'ACCEPT' })
    expect(lonely.sent()).toEqual([])
  })
})
