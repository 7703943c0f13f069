import { BasicBroadcast, MajorityAckUniformReliableBroadcast } from '@upon/broadcast'
import { BestEffortBroadcast, FairLossPointToPointLinks } from '@upon/contract'
import { MonarchicalEventualLeaderDetection } from '@upon/fd'
import { type AlgorithmEvent, spaceTimeLayout, type Trace } from '@upon/trace'
import { expect, it } from 'vitest'
import { crash, openSession, overAdversarialLayers, partition, type Setup, simulate } from '../src'

const uniform: Setup<string> = (process) => {
  const urb = process.run(MajorityAckUniformReliableBroadcast.of<string>())
  process.upon(urb.deliver, () => {})
  return (m, done) => {
    urb.broadcast(m)
    done()
  }
}

const lossy: Setup<string> = (process) => {
  const fll = process.run(FairLossPointToPointLinks.of<string>())
  process.upon(fll.deliver, () => {})
  return (m, done) => {
    fll.send('p2', m)
    done()
  }
}

const broadcasting: Setup<string> = (process) => {
  const beb = process.run(BasicBroadcast.of<string>())
  process.upon(beb.deliver, () => {})
  return (m, done) => {
    beb.broadcast(m)
    done()
  }
}

const request = { process: 'p1', afterMs: 0, operation: 'm' } as const
const common = { processes: 3, seed: 1, schedule: { kind: 'fixed', delayMs: 1 } } as const

const eventsOf = ({ entries }: Trace) => entries.filter((entry): entry is AlgorithmEvent => entry.type === 'event')

/** The event that caused each loss, with its receiver. */
const lostIn = (trace: Trace) =>
  trace.entries.flatMap((entry) => {
    if (entry.type !== 'loss') return []
    const sending = trace.entries[entry.cause ?? -1]
    return sending?.type === 'event' ? [[sending.process, sending.event, sending.attributes[0]]] : [undefined]
  })

it('the full record has Init of each instance, and the algorithm of each handler', () => {
  const { trace } = simulate({ ...common, setup: uniform, operations: [request] })
  const inits = eventsOf(trace).filter(({ event }) => event === 'Init')
  expect(inits.map(({ process, path, algorithm }) => [process, path, algorithm]).slice(0, 2)).toEqual([
    ['p1', 'urb.beb', 'basic-broadcast'],
    ['p1', 'urb', 'majority-ack'],
  ])
  const received = eventsOf(trace).filter(({ path, event }) => path === 'urb.beb' && event === 'deliver')
  expect(new Set(received.map(({ algorithm }) => algorithm))).toEqual(new Set(['majority-ack']))
})

it('a condition that holds is an entry, and the cause of what its action triggers', () => {
  const { trace } = simulate({ ...common, setup: (process) => void process.run(MonarchicalEventualLeaderDetection) })
  const trusts = eventsOf(trace).filter(({ event }) => event === 'trust')
  expect(trusts).toHaveLength(3)
  for (const { cause, process } of trusts)
    expect(trace.entries[cause]).toMatchObject({
      direction: 'rule',
      event: 'when 1',
      process,
      path: 'eld',
      algorithm: 'monarchical-eventual-leader-detection',
    })
})

it('a smaller record has no rules', () => {
  const { trace } = simulate({ ...common, setup: uniform, operations: [request], record: ['BestEffortBroadcast'] })
  expect(eventsOf(trace).length).toBeGreaterThan(0)
  expect(eventsOf(trace).filter(({ direction }) => direction === 'rule')).toEqual([])
})

it('a crash that loses messages names their sendings', () => {
  const { trace } = simulate({ ...common, setup: broadcasting, operations: [request], faults: [crash('p1', { lostPercent: 100 }).at(0.5)] })
  expect(lostIn(trace)).toEqual([
    ['p1', 'send', 'p2'],
    ['p1', 'send', 'p3'],
  ])
  expect(spaceTimeLayout(trace).arrows.map(({ fate, receiver }) => [fate, receiver])).toEqual([
    ['lost', 'p2'],
    ['lost', 'p3'],
  ])
})

it('a cut that loses a message over fair-loss links names its sending, and so does a link', () => {
  const cut = [partition(['p1'], ['p2', 'p3']).from(0).to(10)]
  expect(lostIn(simulate({ ...common, setup: lossy, operations: [request], faults: cut }).trace)).toEqual([['p1', 'send', 'p2']])
  const loss = [{ kind: 'loss', lostPercent: 100, duplicatedPercent: 0, toMs: 5 } as const]
  expect(lostIn(simulate({ ...common, setup: lossy, operations: [request], faults: loss }).trace)).toEqual([['p1', 'send', 'p2']])
})

it('a message dropped by hand names its sending', () => {
  const session = openSession({ processes: 3, seed: 1, setup: broadcasting })
  session.apply({ do: 'request', process: 'p1', operation: 'm' })
  session.apply({ do: 'drop', id: 'p1>p2 beb.pl 1' })
  expect(lostIn(session.trace)).toEqual([['p1', 'send', 'p2']])
})

it('what is under way in an adversarial layer has its path, its sender and its message, and is drawn', () => {
  const session = openSession<string>({
    processes: 3,
    seed: 1,
    setup: (process) => {
      const urb = process.run(
        overAdversarialLayers(MajorityAckUniformReliableBroadcast, process) as unknown as typeof MajorityAckUniformReliableBroadcast,
      )
      process.upon(urb.deliver, () => {})
      return (m, done) => {
        urb.broadcast(m as never)
        done()
      }
    },
  })
  session.apply({ do: 'request', process: 'p1', operation: 'm' })
  const steps = session.pending.filter(({ kind }) => kind === 'step')
  expect(steps.map(({ to, from, path }) => [to, from, path]).sort()).toEqual(['p1', 'p2', 'p3'].map((p) => [p, 'p1', 'urb.beb']))
  for (const { message, sentEntry = -1 } of steps) {
    expect(message).toMatchObject({ kind: 'DATA' })
    expect(session.trace.entries[sentEntry]).toMatchObject({ event: 'broadcast', path: 'urb.beb', module: BestEffortBroadcast.name })
  }
  const ofP2 = steps.find(({ to }) => to === 'p2')
  session.apply({ do: 'deliver', id: ofP2?.id ?? '' })
  const arrows = spaceTimeLayout(session.trace, { underWay: session.pending }).arrows
  expect(arrows.map(({ fate, sender, receiver }) => [fate, sender, receiver])).toContainEqual(['delivered', 'p1', 'p2'])
  expect(arrows.map(({ fate, sender, receiver }) => [fate, sender, receiver])).toContainEqual(['under way', 'p1', 'p3'])
})
