import {
  BestEffortBroadcast,
  CausalOrderReliableBroadcast,
  CausalOrderUniformReliableBroadcast,
  FIFOReliableBroadcast,
  ReliableBroadcast,
  UniformReliableBroadcast,
} from '@upon/contract'
import { adversarial, type SimulatedProcess } from '../../src'
import { type Case, type Seen, some } from './case'

type Broadcasts =
  | 'BestEffortBroadcast'
  | 'ReliableBroadcast'
  | 'UniformReliableBroadcast'
  | 'FIFOReliableBroadcast'
  | 'CausalOrderReliableBroadcast'
  | 'CausalOrderUniformReliableBroadcast'

const broadcasting = (module: Broadcasts) => (process: SimulatedProcess) => {
  const { broadcast } = process.run(adversarial[module](process), 'x')
  return (m: string, done: () => void) => {
    broadcast(m as never)
    done()
  }
}

const changingPlaces: Case['sometimes'] = {
  'messages of one sender change places': (seen) =>
    seen.correct.some((p) => {
      const sent = seen.of('broadcast').map(({ attributes }) => attributes[0])
      const places = seen.of('deliver', p).flatMap(({ attributes: [s, m] }) => (s === 'p1' ? [sent.indexOf(m)] : []))
      return places.some((place, i) => place < (places[i - 1] ?? -1))
    }),
}
const crashing: Case['sometimes'] = {
  'a crashed sender reaches nobody': (seen) =>
    seen
      .of('broadcast')
      .some(({ process, attributes: [m] }) => !seen.isCorrect(process) && !seen.of('deliver').some((d) => d.attributes[1] === m)),
  'a message of a crashed sender is delivered after its crash': (seen) =>
    seen.of('deliver').some(({ attributes: [s], index }) => index > (seen.crashes.get(s as string) ?? Number.POSITIVE_INFINITY)),
}
const common = { ...changingPlaces, ...crashing }

/** How many correct processes delivered some message, and whether faulty ones did. */
const delivered = (seen: Seen, is: (correct: number, faulty: number, all: number) => boolean) =>
  seen.of('broadcast').some(({ attributes: [m] }) => {
    const by = seen.of('deliver').filter((d) => d.attributes[1] === m)
    const correct = by.filter(({ process }) => seen.isCorrect(process)).length
    return is(correct, by.length - correct, seen.correct.length)
  })

const ofFaulty: Case['sometimes'] = {
  'faulty processes deliver what no correct one does': (seen) => delivered(seen, (correct, faulty) => correct === 0 && faulty > 0),
  'faulty processes other than its sender do': (seen) => delivered(seen, (correct, faulty) => correct === 0 && faulty > 1),
}

const ofUniform: Case['sometimes'] = {
  'a faulty process does not deliver what all correct ones do': (seen) =>
    delivered(seen, (correct, faulty, all) => correct === all && faulty < seen.crashes.size),
}

/** Whether p delivered messages of two senders in an order other than that of their broadcasts. */
const disorders = (seen: Seen, p: string): boolean => {
  const sent = seen.of('broadcast').map(({ attributes }) => attributes[0])
  const places = seen.of('deliver', p).map(({ attributes: [, m] }) => sent.indexOf(m))
  return places.some((place, i) => place < (places[i - 1] ?? -1))
}

const ordered: Case['sometimes'] = {
  'all correct processes deliver some messages of a crashed sender, and not those that came after': (seen) =>
    [...seen.crashes.keys()].some((s) => {
      const sent = seen.of('broadcast', s).length
      const counts = seen.correct.map((p) => seen.of('deliver', p).filter(({ attributes }) => attributes[0] === s).length)
      return counts.length > 0 && counts.every((count) => count > 0 && count < sent)
    }),
  'messages of different senders change places': (seen) => seen.correct.some((p) => disorders(seen, p)),
}

const caused: Case['sometimes'] = {
  'a message is broadcast after its sender has delivered another that others deliver later': (seen) =>
    seen.of('broadcast').some((answer) =>
      seen.of('deliver', answer.process).some(({ index, attributes: [s, m] }) => {
        if (s === answer.process || index > answer.index) return false
        return seen.of('deliver').some((later) => later.attributes[1] === m && later.index > answer.index)
      }),
    ),
}

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
    sometimes: { ...common, ...ofFaulty },
  },
  {
    module: UniformReliableBroadcast,
    resilience: 'f < N',
    setup: broadcasting('UniformReliableBroadcast'),
    operations: some(3),
    sometimes: { ...common, ...ofUniform },
  },
  {
    module: FIFOReliableBroadcast,
    resilience: 'f < N',
    setup: broadcasting('FIFOReliableBroadcast'),
    operations: some(3),
    sometimes: { ...crashing, ...ofFaulty, ...ordered },
  },
  ...([CausalOrderReliableBroadcast, CausalOrderUniformReliableBroadcast] as const).map(
    (module): Case => ({
      module,
      resilience: 'f < N',
      setup: broadcasting(module.name as Broadcasts),
      operations: some(3),
      sometimes: { ...crashing, ...(module === CausalOrderReliableBroadcast ? ofFaulty : ofUniform), ...ordered, ...caused },
    }),
  ),
]
