import { AtLeastOncePointToPointLinks, FIFOPerfectPointToPointLinks, type ProcessId, StubbornPointToPointLinks } from '@upon/contract'
import { adversarial, type Random, type SimulatedProcess } from '../../src'
import type { Case, Seen } from './case'

const sending =
  (module: 'AtLeastOncePointToPointLinks' | 'FIFOPerfectPointToPointLinks' | 'StubbornPointToPointLinks') =>
  (process: SimulatedProcess) => {
    const { send } = process.run(adversarial[module](process), 'x')
    return (m: string, done: () => void) => {
      send(m.split(' ')[0] as ProcessId, m as never)
      done()
    }
  }

/** Up to three messages per process, to any process. */
const messages = (random: Random, processes: readonly ProcessId[]) =>
  processes.flatMap((process) =>
    Array.from({ length: random.between(0, 3) }, (_, i) => ({
      process,
      afterMs: random.below(10),
      operation: `${random.pick(processes)} of ${process} ${i}`,
    })),
  )

/** How often each sent message was delivered. */
const deliveries = (seen: Seen) =>
  seen.of('send').map(({ attributes: [q, m], process: p }) => {
    const at = seen.of('deliver', q as string).filter(({ attributes }) => attributes[1] === m)
    return { times: at.length, isOwed: seen.isCorrect(p) && seen.isCorrect(q), p, q, at }
  })

const crashing: Case['sometimes'] = {
  'a message of a process that crashes is lost': (seen) => deliveries(seen).some(({ times, p }) => times === 0 && !seen.isCorrect(p)),
  'a message of a process that has crashed is delivered': (seen) =>
    deliveries(seen).some(({ p, at }) => (at.at(-1)?.index ?? 0) > (seen.crashes.get(p) ?? Number.POSITIVE_INFINITY)),
}
const common: Case['sometimes'] = {
  ...crashing,
  'a message comes again after a later one of the same sender': (seen) =>
    deliveries(seen).some(({ p, q, at }, i, all) =>
      all
        .slice(i + 1)
        .some((later) => later.p === p && later.q === q && (later.at[0]?.index ?? Number.POSITIVE_INFINITY) < (at.at(-1)?.index ?? 0)),
    ),
  'a later message comes before an earlier one has come at all': (seen) =>
    deliveries(seen).some(({ p, q, at }, i, all) =>
      all
        .slice(i + 1)
        .some((later) => later.p === p && later.q === q && (later.at[0]?.index ?? Number.POSITIVE_INFINITY) < (at[0]?.index ?? 0)),
    ),
}

export const links: readonly Case[] = [
  {
    module: StubbornPointToPointLinks,
    resilience: 'f < N',
    setup: sending('StubbornPointToPointLinks'),
    operations: messages,
    rests: 'never',
    wrong: (seen) => {
      const missed = deliveries(seen).find(({ times, isOwed }) => isOwed && times < 5)
      return missed === undefined ? undefined : `SL1: ${missed.times} times from ${missed.p} to ${missed.q}`
    },
    sometimes: common,
  },
  {
    module: AtLeastOncePointToPointLinks,
    resilience: 'f < N',
    setup: sending('AtLeastOncePointToPointLinks'),
    operations: messages,
    sometimes: { ...common, 'a message comes only once': (seen) => deliveries(seen).some(({ times }) => times === 1) },
  },
  {
    module: FIFOPerfectPointToPointLinks,
    resilience: 'f < N',
    setup: sending('FIFOPerfectPointToPointLinks'),
    operations: messages,
    sometimes: {
      ...crashing,
      'messages of one sender to two processes change places': (seen) =>
        deliveries(seen).some(({ p, q, at }, i, all) =>
          all
            .slice(i + 1)
            .some((later) => later.p === p && later.q !== q && (later.at[0]?.index ?? Number.POSITIVE_INFINITY) < (at[0]?.index ?? 0)),
        ),
      'the first message on a link is delivered, and a later one is lost': (seen) =>
        deliveries(seen).some(
          ({ p, q, times }, i, all) => times > 0 && all.slice(i + 1).some((later) => later.p === p && later.q === q && later.times === 0),
        ),
    },
  },
]
