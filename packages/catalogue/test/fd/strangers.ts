import { eventualLeaderDetector, eventuallyPerfectFailureDetector, leaderElection, perfectFailureDetector } from '@upon/compliance'
import {
  algorithm,
  EventualLeaderDetector,
  EventuallyPerfectFailureDetector,
  LeaderElection,
  PerfectFailureDetector,
  PerfectPointToPointLinks,
  type ProcessId,
  shared,
  Timer,
} from '@upon/contract'
import { ExcludeOnTimeout } from '@upon/fd'
import { stranger } from '../proofs/stranger'

type Heartbeat = 'beat'
const noisy = { processes: 'crash-stop', timing: 'eventually-synchronous', resilience: 'f < N' } as const
const stop = { processes: 'crash-stop', timing: 'synchronous', resilience: 'f < N' } as const

/** Detects who falls silent. */
const fallsSilent = algorithm(
  {
    name: 'falls-silent',
    implements: { pfd: PerfectFailureDetector },
    uses: { pl: PerfectPointToPointLinks.of<Heartbeat>(), timer: Timer },
    assumes: stop,
    state: () => ({ heard: new Set<ProcessId>(), known: new Set<ProcessId>(), detected: new Set<ProcessId>() }),
  },
  ({ pfd, pl, timer, state, processes, upon }) => {
    const begin = () => {
      state.heard.clear()
      for (const p of processes) pl.send(p, 'beat')
      timer.start(100)
    }
    begin()
    upon(timer.timeout, () => {
      for (const p of state.known) {
        if (state.heard.has(p) || state.detected.has(p)) continue
        state.detected.add(p)
        pfd.crash(p)
      }
      begin()
    })
    upon(pl.deliver, (p, _beat) => {
      state.heard.add(p)
      state.known.add(p)
    })
  },
)

/** When the leader crashes, the one before it leads. */
const oneAfterTheOther = algorithm(
  {
    name: 'one-after-the-other',
    implements: { le: LeaderElection },
    uses: { pfd: shared(ExcludeOnTimeout) },
    assumes: stop,
    state: ({ processes }) => ({ leads: processes.length - 1 }),
  },
  ({ le, pfd, state, processes, upon }) => {
    le.leader(processes[state.leads] as ProcessId)
    upon(pfd.crash, (p) => {
      if (p !== processes[state.leads]) return
      state.leads -= 1
      le.leader(processes[state.leads] as ProcessId)
    })
  },
)

/** Suspects who says nothing for a period, which never grows. */
const impatient = (periodMs: number) =>
  algorithm(
    {
      name: 'impatient',
      implements: { epfd: EventuallyPerfectFailureDetector },
      uses: { pl: PerfectPointToPointLinks.of<{ kind: 'ASK' | 'ANSWER' }>(), timer: Timer },
      assumes: noisy,
      state: ({ processes }) => ({ heard: new Set<ProcessId>(processes), suspected: new Set<ProcessId>() }),
    },
    ({ epfd, pl, timer, state, processes, upon }) => {
      timer.start(periodMs)
      upon(timer.timeout, () => {
        for (const p of processes) {
          if (state.heard.has(p) && state.suspected.delete(p)) epfd.restore(p)
          if (!state.heard.has(p) && !state.suspected.has(p)) {
            state.suspected.add(p)
            epfd.suspect(p)
          }
          pl.send(p, { kind: 'ASK' })
        }
        state.heard.clear()
        timer.start(periodMs)
      })
      upon(pl.deliver, (p, { kind }) => {
        if (kind === 'ASK') pl.send(p, { kind: 'ANSWER' })
        else state.heard.add(p)
      })
    },
  )

/** Trusts by what was heard in a period that doubles when the leader changes. */
const leader = (
  name: string,
  choose: (processes: readonly ProcessId[], heard: ReadonlySet<ProcessId>, l: ProcessId) => ProcessId | undefined,
) =>
  algorithm(
    {
      name,
      implements: { eld: EventualLeaderDetector },
      uses: { pl: PerfectPointToPointLinks.of<Heartbeat>(), timer: Timer },
      assumes: noisy,
      state: ({ processes }) => ({ heard: new Set<ProcessId>(), periodMs: 100, l: processes.at(-1) as ProcessId }),
    },
    ({ eld, pl, timer, state, processes, upon }) => {
      const begin = () => {
        state.heard.clear()
        for (const p of processes) pl.send(p, 'beat')
        timer.start(state.periodMs)
      }
      eld.trust(state.l)
      begin()
      upon(timer.timeout, () => {
        const l = choose(processes, state.heard, state.l) ?? state.l
        if (l !== state.l) {
          state.l = l
          state.periodMs *= 2
          eld.trust(l)
        }
        begin()
      })
      upon(pl.deliver, (p, _beat) => {
        state.heard.add(p)
      })
    },
  )

export const detectors = [
  stranger('PFD1', 'a process that crashes before it was heard is never detected', perfectFailureDetector, fallsSilent),
  stranger('LE1', 'a leader is not looked at again when it comes to lead', leaderElection, oneAfterTheOther),
  stranger('comes to rest', 'the period never grows', eventuallyPerfectFailureDetector, impatient(100)),
  stranger(
    'ELD1',
    'the highest of the suspected leads',
    eventualLeaderDetector,
    leader('highest-of-the-suspected', (processes, heard) => processes.findLast((p) => !heard.has(p))),
  ),
  stranger(
    'ELD2',
    'a leader stays while it is heard of, whom others trust',
    eventualLeaderDetector,
    leader('stays', (processes, heard, l) => (heard.has(l) ? l : processes.findLast((p) => heard.has(p)))),
  ),
]
