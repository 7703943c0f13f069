import { EventualLeaderDetector, EventuallyPerfectFailureDetector, LeaderElection, PerfectFailureDetector } from '@upon/contract'
import { type Case, none, type Seen, silent } from './case'

const firstCrash = (seen: Seen) => [...seen.crashes.keys()][0]

export const detectors: readonly Case[] = [
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
]
