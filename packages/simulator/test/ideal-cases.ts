import type { AlgorithmEvent, Trace } from '@upon/checker'
import {
  AtomicRegister,
  BestEffortBroadcast,
  Consensus,
  EpochChange,
  EventualLeaderDetector,
  EventuallyPerfectFailureDetector,
  LeaderElection,
  OneNAtomicRegister,
  OneOneAtomicRegister,
  PerfectFailureDetector,
  RegularRegister,
  ReliableBroadcast,
  UniformConsensus,
  UniformReliableBroadcast,
} from '@upon/contract'
import { ideal, type Model, type Operation, type Random, type Setup, type SimulatedProcess } from '../src'

/** An ideal layer with a client, and what it must be seen to do: the freedoms that its module leaves. */
export interface Case {
  readonly module: { readonly name: string; readonly properties: Readonly<Record<string, string>> }
  readonly resilience: Model<never>['resilience']
  readonly setup: Setup<string>
  readonly operations: (random: Random, processes: readonly string[]) => readonly Operation<string>[]
  readonly sometimes: Readonly<Record<string, (seen: Seen) => boolean>>
  /** The module that it is judged as, if that is a stricter one. */
  readonly as?: Case['module']
  /** What is wrong, where the checker has no function for the module's properties. */
  readonly wrong?: (seen: Seen) => string | undefined
}

/** What a trace shows of an instance. */
export class Seen {
  readonly events: readonly AlgorithmEvent[]
  readonly crashes: ReadonlyMap<string, number>

  constructor(readonly trace: Trace) {
    this.events = trace.entries.filter((entry) => entry.type === 'event')
    this.crashes = new Map(trace.entries.flatMap((e) => (e.type === 'crash' ? [[e.process ?? '', e.index]] : [])))
  }

  of(event: string, process?: string): readonly AlgorithmEvent[] {
    return this.events.filter((e) => e.event === event && (process === undefined || e.process === process))
  }

  isCorrect = (p: unknown): boolean => !this.crashes.has(p as string)
  get correct(): readonly string[] {
    return this.trace.processes.map(({ id }) => id).filter(this.isCorrect)
  }
}

const none = () => []
/** So many operations a process, all different, close together or not. */
const some =
  (most: number, only?: string) =>
  (random: Random, processes: readonly string[]): Operation<string>[] => {
    const pauseMs = random.pick([0, 5, 50])
    return processes.flatMap((process) =>
      Array.from({ length: random.between(1, most) }, (_, i) => {
        const reads = only === undefined ? random.chance(50) : process !== only || random.chance(20)
        return { process, afterMs: random.below(1 + pauseMs), operation: reads ? `read ${i}` : `${process} ${i}` }
      }),
    )
  }

const silent =
  (module: 'PerfectFailureDetector' | 'LeaderElection' | 'EventuallyPerfectFailureDetector' | 'EventualLeaderDetector' | 'EpochChange') =>
  (process: SimulatedProcess) => {
    process.run(ideal[module](process), 'x')
    return undefined
  }

const broadcasting = (module: 'BestEffortBroadcast' | 'ReliableBroadcast' | 'UniformReliableBroadcast') => (process: SimulatedProcess) => {
  const { broadcast } = process.run(ideal[module](process), 'x')
  return (m: string, done: () => void) => {
    broadcast(m as never)
    done()
  }
}

const using =
  (module: 'RegularRegister' | 'OneOneAtomicRegister' | 'OneNAtomicRegister' | 'AtomicRegister') => (process: SimulatedProcess) => {
    const register = process.run(ideal[module](process), 'x')
    let complete = () => {}
    process.upon(register.readReturn, () => complete())
    process.upon(register.writeReturn, () => complete())
    return (operation: string, done: () => void) => {
      complete = done
      if (operation.startsWith('read')) register.read()
      else register.write(operation as never)
    }
  }

const proposing = (module: 'Consensus' | 'UniformConsensus') => (process: SimulatedProcess) => {
  const { propose } = process.run(ideal[module](process), 'x')
  return (v: string, done: () => void) => {
    propose(v as never)
    done()
  }
}

const proposals = (random: Random, processes: readonly string[]) => {
  const spreadMs = random.pick([0, 20, 200])
  return processes.map((process) => ({ process, afterMs: random.below(1 + spreadMs), operation: `of ${process}` }))
}

const first = (events: readonly AlgorithmEvent[]) => events[0]?.attributes[0]
const differ = (values: readonly unknown[]) => new Set(values).size > 1

const broadcasts: Case['sometimes'] = {
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

const registers: Case['sometimes'] = {
  'a write takes effect after its process has crashed': (seen) =>
    seen.of('readReturn').some(({ index, attributes: [v] }) => {
      const crash = seen.crashes.get(String(v).split(' ')[0] ?? '')
      const before = seen.of('readReturn').filter((r) => r.index < index)
      return crash !== undefined && index > crash && before.some((r) => r.index > crash && r.attributes[0] !== v)
    }),
  'the write of a crashed process never shows, though all read long after': (seen) =>
    seen.of('write').some(({ process, attributes: [v] }) => {
      const crash = seen.crashes.get(process)
      const reads = seen.of('readReturn')
      return (
        crash !== undefined &&
        !seen.of('writeReturn', process).length &&
        (reads.at(-1)?.index ?? 0) > crash &&
        !reads.some((r) => r.attributes[0] === v)
      )
    }),
  'a read that overlaps a write returns what it writes': (seen) => overlapping(seen, (read, v) => read === v),
  'a read that overlaps a write returns something else': (seen) => overlapping(seen, (read, v) => read !== v),
}

function overlapping(seen: Seen, is: (read: unknown, written: unknown) => boolean): boolean {
  return seen.of('write').some(({ process, index, attributes: [v] }) => {
    const end = seen.of('writeReturn', process).find((e) => e.index > index)?.index ?? Number.POSITIVE_INFINITY
    return seen.of('readReturn').some((r) => r.index > index && r.index < end && is(r.attributes[0], v))
  })
}

/** A value read, then one that it had replaced. */
const inversion = (seen: Seen) => {
  const order = [undefined, ...seen.of('write').map(({ attributes: [v] }) => v)]
  const reads = seen.of('readReturn').map(({ attributes: [v] }) => order.indexOf(v))
  return reads.some((v, i) => v < (reads[i - 1] ?? -1))
}

const decisions: Case['sometimes'] = {
  'somebody decides who has not proposed': (seen) =>
    seen.of('decide').some(({ process, index }) => !seen.of('propose', process).some((p) => p.index < index)),
  'the proposal of a crashed process is decided': (seen) =>
    seen.of('decide').some(({ attributes: [v] }) => !seen.isCorrect(String(v).slice(3))),
  'the proposal of the lowest rank is decided': (seen) => first(seen.of('decide')) === 'of p1',
  'nobody decides until all have proposed': (seen) =>
    (seen.of('decide')[0]?.index ?? 0) > (seen.of('propose').at(-1)?.index ?? 0) &&
    seen.of('propose').length === seen.trace.processes.length,
  'somebody decides and crashes': (seen) => seen.of('decide').some(({ process }) => !seen.isCorrect(process)),
}

const firstCrash = (seen: Seen) => [...seen.crashes.keys()][0]

export const cases: readonly Case[] = [
  {
    module: PerfectFailureDetector,
    resilience: 'f < N',
    wrong: (seen) => {
      for (const {
        process,
        index,
        attributes: [p],
      } of seen.of('crash'))
        if (index < (seen.crashes.get(p as string) ?? Number.POSITIVE_INFINITY)) return `PFD2: ${process} detected ${p}`
      for (const q of seen.correct)
        for (const p of seen.crashes.keys())
          if (seen.of('crash', q).filter(({ attributes: [r] }) => r === p).length !== 1) return `PFD1: ${p} at ${q}`
      return undefined
    },
    setup: silent('PerfectFailureDetector'),
    operations: none,
    sometimes: {
      'crashes are detected in another order than they happened': (seen) => {
        const [one, two] = [...seen.crashes.keys()]
        return seen.correct.some((p) => {
          const detected = seen.of('crash', p).map(({ attributes: [q] }) => q)
          return two !== undefined && detected.indexOf(two) >= 0 && detected.indexOf(two) < detected.indexOf(one)
        })
      },
      'a crash is detected at one process 100 ms before it is at another': (seen) => {
        const at = seen.of('crash').filter(({ attributes: [p] }) => p === firstCrash(seen))
        return at.length > 1 && (at.at(-1)?.timeMs ?? 0) - (at[0]?.timeMs ?? 0) > 100
      },
      'a process detects a crash and crashes': (seen) => seen.of('crash').some(({ process }) => !seen.isCorrect(process)),
    },
  },
  {
    module: LeaderElection,
    resilience: 'f < N',
    wrong: (seen) => {
      const leaders = seen.of('leader')
      for (const {
        index,
        attributes: [p],
      } of leaders)
        for (const {
          attributes: [q],
          index: before,
        } of leaders)
          if (before < index && p !== q && index < (seen.crashes.get(q as string) ?? Number.POSITIVE_INFINITY))
            return `LE2: ${q}, then ${p}`
      const last = seen.correct.map((p) => seen.of('leader', p).at(-1)?.attributes[0])
      return last.every((p) => p === last[0] && seen.isCorrect(p)) ? undefined : `LE1: ${last}`
    },
    setup: silent('LeaderElection'),
    operations: none,
    sometimes: {
      'the last leader is not of the highest rank that is correct': (seen) =>
        seen.of('leader').at(-1)?.attributes[0] !== seen.correct.at(-1),
      'a process is elected that has crashed': (seen) =>
        seen.of('leader').some(({ attributes: [p], index }) => index > (seen.crashes.get(p as string) ?? Number.POSITIVE_INFINITY)),
      'a correct process never hears of a leader that another one has had': (seen) =>
        seen.of('leader').some(({ attributes: [p] }) => seen.correct.some((q) => !seen.of('leader', q).some((e) => e.attributes[0] === p))),
    },
  },
  {
    module: EventuallyPerfectFailureDetector,
    resilience: 'f < N',
    setup: silent('EventuallyPerfectFailureDetector'),
    operations: none,
    sometimes: {
      'a correct process is suspected by one and not by another': (seen) =>
        seen.correct.some((p) => {
          const by = seen.correct.filter((q) => seen.of('suspect', q).some((e) => e.attributes[0] === p))
          return by.length > 0 && by.length < seen.correct.length
        }),
      'a process suspects itself': (seen) => seen.of('suspect').some(({ process, attributes: [p] }) => p === process),
      'a process that has crashed is restored': (seen) =>
        seen.of('restore').some(({ attributes: [p], index }) => index > (seen.crashes.get(p as string) ?? Number.POSITIVE_INFINITY)),
    },
  },
  {
    module: EventualLeaderDetector,
    resilience: 'f < N',
    setup: silent('EventualLeaderDetector'),
    operations: none,
    sometimes: {
      'two correct processes trust themselves': (seen) =>
        seen.correct.filter((p) => seen.of('trust', p).some(({ attributes: [q] }) => q === p)).length > 1,
      'a process is trusted that has crashed': (seen) =>
        seen.of('trust').some(({ attributes: [p], index }) => index > (seen.crashes.get(p as string) ?? Number.POSITIVE_INFINITY)),
      'the last leader is not of the highest rank that is correct': (seen) =>
        seen.of('trust').at(-1)?.attributes[0] !== seen.correct.at(-1),
      'the first leader is trusted by all from the start': (seen) =>
        !seen.of('trust').some(({ attributes: [p] }) => p !== seen.trace.processes.at(-1)?.id),
    },
  },
  {
    module: BestEffortBroadcast,
    resilience: 'f < N',
    setup: broadcasting('BestEffortBroadcast'),
    operations: some(3),
    sometimes: {
      ...broadcasts,
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
      ...broadcasts,
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
      ...broadcasts,
      'a faulty process does not deliver what all correct ones do': (seen) =>
        delivered(seen, (correct, faulty, all) => correct === all && faulty < seen.crashes.size),
    },
  },
  {
    module: RegularRegister,
    resilience: 'f < N',
    setup: using('RegularRegister'),
    operations: some(5, 'p1'),
    sometimes: {
      ...Object.fromEntries(Object.entries(registers).filter(([name]) => name.startsWith('a read'))),
      'a new value is read, and then the old one again': inversion,
      'after a crash of the writer, values are read in turns': (seen) => {
        const crash = seen.crashes.get('p1') ?? Number.POSITIVE_INFINITY
        const reads = seen.of('readReturn').filter(({ index }) => index > crash)
        return reads.filter(({ attributes: [v] }, i) => i > 0 && v !== reads[i - 1]?.attributes[0]).length > 3
      },
    },
  },
  {
    module: OneOneAtomicRegister,
    as: AtomicRegister,
    resilience: 'f < N',
    setup: using('OneOneAtomicRegister'),
    operations: (random, processes) => some(9, 'p1')(random, processes.slice(0, 2)),
    sometimes: registers,
  },
  {
    module: OneNAtomicRegister,
    as: AtomicRegister,
    resilience: 'f < N',
    setup: using('OneNAtomicRegister'),
    operations: some(5, 'p1'),
    sometimes: registers,
  },
  { module: AtomicRegister, resilience: 'f < N', setup: using('AtomicRegister'), operations: some(4), sometimes: registers },
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
