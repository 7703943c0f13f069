import {
  FAILED,
  NonBlockingAtomicCommit,
  TotalOrderBroadcast,
  UniformTerminatingReliableBroadcast,
  UniformTotalOrderBroadcast,
  type Vote,
} from '@upon/contract'
import { adversarial, type Random, type SimulatedProcess } from '../../src'
import { type Case, type Seen, some } from './case'

const ordering = (module: 'TotalOrderBroadcast' | 'UniformTotalOrderBroadcast') => (process: SimulatedProcess) => {
  const { broadcast } = process.run(adversarial[module](process), 'x')
  return (m: string, done: () => void) => {
    broadcast(m as never)
    done()
  }
}

const messages = (seen: Seen, event: 'broadcast' | 'deliver', p?: string) =>
  seen.of(event, p).map(({ attributes }) => attributes.at(-1) as string)

const orders: Case['sometimes'] = {
  'messages of one sender change places': (seen) =>
    seen.correct.some((p) => {
      const sent = messages(seen, 'broadcast', 'p1')
      const places = messages(seen, 'deliver', p).flatMap((m) => (sent.includes(m) ? [sent.indexOf(m)] : []))
      return places.some((place, i) => place < (places[i - 1] ?? -1))
    }),
  'a message of a crashed sender is lost': (seen) =>
    seen
      .of('broadcast')
      .some(({ process, attributes: [m] }) => !seen.isCorrect(process) && !messages(seen, 'deliver').includes(m as string)),
}

/** p1 is the sender. */
const terminating = (process: SimulatedProcess) => {
  const { broadcast } = process.run(adversarial.UniformTerminatingReliableBroadcast(process), 'x', { s: 'p1' })
  return (m: string, done: () => void) => {
    broadcast(m as never)
    done()
  }
}

const committing = (process: SimulatedProcess) => {
  const nbac = process.run(adversarial.NonBlockingAtomicCommit(process), 'x')
  return (v: string, done: () => void) => {
    nbac.propose(v as Vote)
    done()
  }
}

const votes = (random: Random, processes: readonly string[]) => {
  const spreadMs = random.pick([0, 20, 200])
  const isUnanimous = random.chance(50)
  return processes.map((process) => ({
    process,
    afterMs: random.below(1 + spreadMs),
    operation: isUnanimous || random.chance(70) ? 'COMMIT' : 'ABORT',
  }))
}

const first = (seen: Seen) => seen.of('deliver')[0]?.attributes[1]
const outcome = (seen: Seen) => seen.of('decide')[0]?.attributes[0]

export const agreement: readonly Case[] = [
  {
    module: TotalOrderBroadcast,
    resilience: 'f < N',
    setup: ordering('TotalOrderBroadcast'),
    operations: some(3),
    sometimes: {
      ...orders,
      'a faulty process delivers in another order': (seen) =>
        [...seen.crashes.keys()].some((p) => {
          const right = messages(seen, 'deliver', seen.correct[0])
          const places = messages(seen, 'deliver', p).flatMap((m) => (right.includes(m) ? [right.indexOf(m)] : []))
          return places.some((place, i) => place < (places[i - 1] ?? -1))
        }),
    },
  },
  {
    module: UniformTotalOrderBroadcast,
    resilience: 'f < N',
    setup: ordering('UniformTotalOrderBroadcast'),
    operations: some(3),
    sometimes: orders,
  },
  {
    module: UniformTerminatingReliableBroadcast,
    resilience: 'f < N',
    setup: terminating,
    operations: (random) => [{ process: 'p1', afterMs: random.below(50), operation: 'm' }],
    sometimes: {
      'all deliver △ though the sender has broadcast': (seen) => seen.of('broadcast').length > 0 && first(seen) === FAILED,
      'all deliver △ before the sender crashes': (seen) =>
        first(seen) === FAILED && (seen.of('deliver')[0]?.index ?? 0) < (seen.crashes.get('p1') ?? 0),
      'the message is delivered after its sender has crashed': (seen) =>
        first(seen) !== FAILED && seen.of('deliver').some(({ index }) => index > (seen.crashes.get('p1') ?? Number.POSITIVE_INFINITY)),
    },
  },
  {
    module: NonBlockingAtomicCommit,
    resilience: 'f < N',
    setup: committing,
    operations: votes,
    sometimes: {
      'COMMIT is decided': (seen) => outcome(seen) === 'COMMIT',
      'COMMIT is decided after a crash': (seen) =>
        seen.of('decide').some(({ attributes: [v], index }) => v === 'COMMIT' && [...seen.crashes.values()].some((at) => at < index)),
      'ABORT is decided though nobody voted for it': (seen) =>
        outcome(seen) === 'ABORT' && !seen.of('propose').some(({ attributes: [v] }) => v === 'ABORT'),
      'ABORT is decided before all have voted': (seen) =>
        outcome(seen) === 'ABORT' && (seen.of('decide')[0]?.index ?? 0) < (seen.of('propose').at(-1)?.index ?? 0),
    },
  },
]
