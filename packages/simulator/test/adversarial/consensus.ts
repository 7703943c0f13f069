import { Consensus, EpochChange, SequenceConsensus, UniformConsensus } from '@upon/contract'
import { adversarial, type Random, type SimulatedProcess } from '../../src'
import { type Case, differ, first, none, silent, some } from './case'

const proposing = (module: 'Consensus' | 'UniformConsensus') => (process: SimulatedProcess) => {
  const { propose } = process.run(adversarial[module](process), 'x')
  return (v: string, done: () => void) => {
    propose(v as never)
    done()
  }
}

const proposals = (random: Random, processes: readonly string[]) => {
  const spreadMs = random.pick([0, 20, 200])
  return processes.map((process) => ({ process, afterMs: random.below(1 + spreadMs), operation: `of ${process}` }))
}

const decisions: Case['sometimes'] = {
  'a process decides that has not proposed': (seen) =>
    seen.of('decide').some(({ process, index }) => !seen.of('propose', process).some((p) => p.index < index)),
  'the proposal of a crashed process is decided': (seen) =>
    seen.of('decide').some(({ attributes: [v] }) => !seen.isCorrect(String(v).slice(3))),
  'the proposal of the lowest rank is decided': (seen) => first(seen.of('decide')) === 'of p1',
  'nobody decides until all have proposed': (seen) =>
    (seen.of('decide')[0]?.index ?? 0) > (seen.of('propose').at(-1)?.index ?? 0) &&
    seen.of('propose').length === seen.trace.processes.length,
  'somebody decides and crashes': (seen) => seen.of('decide').some(({ process }) => !seen.isCorrect(process)),
}

/** Proposes, and now and then makes a snapshot of what it has reached. */
const sequencing = (process: SimulatedProcess) => {
  const { propose, compact, decide, restore } = process.run(adversarial.SequenceConsensus(process), 'x')
  let reached = 0
  const reach = (slot: number, _v: unknown) => {
    reached = slot
  }
  process.upon(decide, reach)
  process.upon(restore, reach)
  return (v: string, done: () => void) => {
    propose(v as never)
    if (reached > 0) compact(reached, `${reached} slots` as never)
    done()
  }
}

export const consensus: readonly Case[] = [
  {
    module: Consensus,
    resilience: 'f < N',
    setup: proposing('Consensus'),
    operations: proposals,
    sometimes: {
      ...decisions,
      'a process decides otherwise, and crashes': (seen) => differ(seen.of('decide').map(({ attributes: [v] }) => v)),
      'a process decides otherwise after correct ones have decided, and crashes': (seen) => {
        const right = first(seen.of('decide').filter(({ process }) => seen.isCorrect(process)))
        const at = seen.of('decide').findIndex(({ process }) => seen.isCorrect(process))
        return at >= 0 && seen.of('decide').some(({ attributes: [v] }, i) => i > at && v !== right)
      },
    },
  },
  { module: UniformConsensus, resilience: 'f < N', setup: proposing('UniformConsensus'), operations: proposals, sometimes: decisions },
  {
    module: SequenceConsensus,
    resilience: 'f < N',
    setup: sequencing,
    operations: some(4),
    sometimes: {
      'what one process proposes first is decided last': (seen) =>
        seen.correct.some((p) => {
          const own = seen.of('propose', p).map(({ attributes: [v] }) => v)
          const slots = seen.of('decide', p).map(({ attributes: [, v] }) => own.indexOf(v))
          return slots.some((place, i) => place >= 0 && place < (slots.slice(0, i).findLast((before) => before >= 0) ?? -1))
        }),
      'a process restores a snapshot': (seen) => seen.of('restore').length > 0,
      'what a crashed process proposed is lost': (seen) =>
        seen
          .of('propose')
          .some(({ process, attributes: [v] }) => !seen.isCorrect(process) && !seen.of('decide').some((d) => d.attributes[1] === v)),
    },
  },
  {
    module: EpochChange,
    resilience: 'f < N',
    setup: silent('EpochChange'),
    operations: none,
    sometimes: {
      'an epoch starts at one correct process and is skipped at another': (seen) =>
        seen
          .of('startEpoch')
          .some(({ attributes: [ts] }) => seen.correct.some((p) => !seen.of('startEpoch', p).some((e) => e.attributes[0] === ts))),
      'ten epochs start': (seen) => new Set(seen.of('startEpoch').map(({ attributes: [ts] }) => ts)).size >= 10,
      'no epoch starts': (seen) => seen.of('startEpoch').length === 0,
      'an epoch starts whose leader has crashed': (seen) =>
        seen.of('startEpoch').some(({ attributes: [, l], index }) => index > (seen.crashes.get(l as string) ?? Number.POSITIVE_INFINITY)),
      'one process leads several epochs in a row': (seen) =>
        seen.correct.some((p) => seen.of('startEpoch', p).some(({ attributes: [, l] }, i, all) => l === all[i - 1]?.attributes[1])),
      'the last leader is not of the highest rank that is correct': (seen) =>
        seen.of('startEpoch').at(-1) !== undefined && seen.of('startEpoch').at(-1)?.attributes[1] !== seen.correct.at(-1),
    },
  },
]
