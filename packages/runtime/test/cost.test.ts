import { BasicBroadcast } from '@upon/broadcast'
import { LeaderBasedEpochChange, LeaderDrivenConsensus } from '@upon/consensus'
import { EventualLeaderDetector, PerfectPointToPointLinks, type Port, type ProcessId, Timer, type Transport } from '@upon/contract'
import { ReadImposeWriteConsultMajority } from '@upon/register'
import { Process } from '@upon/runtime'
import { expect, it } from 'vitest'

/** Perfect links on which every message takes one step: all that is in transit arrives at once. */
function system(n: number) {
  const processes = ['p', 'q', 'r', 's', 't', 'u', 'v'].slice(0, n)
  const receivers = new Map<ProcessId, (from: ProcessId, path: string, message: unknown) => void>()
  const trust: ((p: ProcessId) => void)[] = []
  let inTransit: (() => void)[] = []
  let messages = 0
  const timer: Port<Timer> = { sort: 'port', abstraction: Timer, open: () => ({ upon: { start: () => {} } }) }
  const eld: Port<EventualLeaderDetector> = {
    sort: 'port',
    abstraction: EventualLeaderDetector,
    open: ({ indicate }) => {
      trust.push(indicate.trust)
      return { upon: {} }
    },
  }
  const running = processes.map((self) => {
    const transport: Transport<PerfectPointToPointLinks> = {
      sort: 'transport',
      guarantees: PerfectPointToPointLinks,
      send: (to, path, message) => inTransit.push(() => receivers.get(to)?.(self, path, message)),
      attach: (receive) => receivers.set(self, receive),
    }
    return new Process({
      self,
      processes,
      supply: [transport, timer, eld],
      observe: ({ path, direction, event }) => {
        if (path.endsWith('pl') && direction === 'request' && event === 'send') messages++ // those to oneself as well, as the book counts
      },
    })
  })
  /** Steps until nothing is in transit; the cost since the last call. */
  const cost = () => {
    let steps = 0
    for (; inTransit.length > 0; steps++) {
      const arriving = inTransit
      inTransit = []
      for (const arrive of arriving) arrive()
    }
    const counted = { steps, messages }
    messages = 0
    return counted
  }
  return { running, trust, cost, eld }
}

it.each([3, 5, 7])('costs what the headers say: %d processes', (n) => {
  const { running, trust, cost, eld } = system(n)
  const bebs = running.map((process) => process.run(BasicBroadcast.of<string>()))
  bebs[0]?.broadcast('hello')
  expect(cost(), 'best-effort broadcast').toEqual({ steps: 1, messages: n })

  const registers = running.map((process) => process.run(ReadImposeWriteConsultMajority.of<number>()))
  registers[0]?.write(1)
  expect(cost(), 'write').toEqual({ steps: 4, messages: 4 * n })
  registers[1]?.read()
  expect(cost(), 'read').toEqual({ steps: 4, messages: 4 * n })

  let decisions = 0
  const ucs = running.map((process) => {
    const uc = process.run(LeaderDrivenConsensus.over({ ec: LeaderBasedEpochChange.over({ eld }) }).of<number>())
    process.upon(uc.decide, () => decisions++)
    return uc
  })
  ucs.forEach((uc, i) => {
    uc.propose(i)
  })
  expect(cost(), 'consensus: one epoch consensus').toEqual({ steps: 5, messages: 5 * n })
  expect(decisions).toBe(n)

  const next = running[n - 2]?.self as ProcessId
  for (const tell of trust) tell(next)
  // the new epoch in one step and n messages; then its epoch consensus, which begins with it at its leader
  expect(cost(), 'a change of leader').toEqual({ steps: 5, messages: n + 5 * n })
})
