import { BestEffortBroadcast, ReliableBroadcast, UniformReliableBroadcast } from '@upon/contract'
import { adversarial, type SimulatedProcess } from '../../src'
import { type Case, type Seen, some } from './case'

const broadcasting = (module: 'BestEffortBroadcast' | 'ReliableBroadcast' | 'UniformReliableBroadcast') => (process: SimulatedProcess) => {
  const { broadcast } = process.run(adversarial[module](process), 'x')
  return (m: string, done: () => void) => {
    broadcast(m as never)
    done()
  }
}

const common: Case['sometimes'] = {
  'messages of one sender change places': (seen) =>
    seen.correct.some((p) => {
      const sent = seen.of('broadcast').map(({ attributes }) => attributes[0])
      const places = seen.of('deliver', p).flatMap(({ attributes: [s, m] }) => (s === 'p1' ? [sent.indexOf(m)] : []))
      return places.some((place, i) => place < (places[i - 1] ?? -1))
    }),
  'a crashed sender reaches nobody': (seen) =>
    seen
      .of('broadcast')
      .some(({ process, attributes: [m] }) => !seen.isCorrect(process) && !seen.of('deliver').some((d) => d.attributes[1] === m)),
  'a message of a crashed sender is delivered after its crash': (seen) =>
    seen.of('deliver').some(({ attributes: [s], index }) => index > (seen.crashes.get(s as string) ?? Number.POSITIVE_INFINITY)),
}

/** By how many of the correct processes, and by whether faulty ones, some message was delivered. */
const delivered = (seen: Seen, is: (correct: number, faulty: number, all: number) => boolean) =>
  seen.of('broadcast').some(({ attributes: [m] }) => {
    const by = seen.of('deliver').filter((d) => d.attributes[1] === m)
    const correct = by.filter(({ process }) => seen.isCorrect(process)).length
    return is(correct, by.length - correct, seen.correct.length)
  })

export const broadcasts: readonly Case[] = [
  {
    module: BestEffortBroadcast,
    resilience: 'f < N',
    setup: broadcasting('BestEffortBroadcast'),
    operations: some(3),
    sometimes: {
      ...common,
      'a message reaches some correct processes and not others': (seen) =>
        delivered(seen, (correct, _, all) => correct > 0 && correct < all),
    },
  },
  {
    module: ReliableBroadcast,
    resilience: 'f < N',
    setup: broadcasting('ReliableBroadcast'),
    operations: some(3),
    sometimes: {
      ...common,
      'faulty processes deliver what no correct one does': (seen) => delivered(seen, (correct, faulty) => correct === 0 && faulty > 0),
      'faulty processes other than its sender do': (seen) => delivered(seen, (correct, faulty) => correct === 0 && faulty > 1),
    },
  },
  {
    module: UniformReliableBroadcast,
    resilience: 'f < N',
    setup: broadcasting('UniformReliableBroadcast'),
    operations: some(3),
    sometimes: {
      ...common,
      'a faulty process does not deliver what all correct ones do': (seen) =>
        delivered(seen, (correct, faulty, all) => correct === all && faulty < seen.crashes.size),
    },
  },
]
