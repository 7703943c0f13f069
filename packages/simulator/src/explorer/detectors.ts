import {
  type Abstraction,
  EventualLeaderDetector,
  EventuallyPerfectFailureDetector,
  type Module,
  PerfectFailureDetector,
  type Port,
  type ProcessId,
} from '@upon/contract'

/** Detectors that need no time, by the names of their modules, in place of those that do. */
export interface Detectors {
  readonly PerfectFailureDetector: Port<PerfectFailureDetector>
  readonly EventuallyPerfectFailureDetector: Port<EventuallyPerfectFailureDetector>
  readonly EventualLeaderDetector: Port<EventualLeaderDetector>
}

/** A detector in one process and what it has indicated: the processes that crashed, those it suspects, or the one it trusts. */
export interface Detector {
  readonly host: number
  readonly path: string
  readonly module: keyof Detectors
  readonly said: readonly ProcessId[]
}

/** Something that a detector may indicate next. It indicates every truth eventually, and need not indicate anything else. */
export interface Turn {
  readonly event: 'crash' | 'suspect' | 'restore' | 'trust'
  readonly p: ProcessId
  readonly said: readonly ProcessId[]
  readonly isTrue: boolean
}

/** What a detector may indicate while the processes in `alive` have not crashed. */
export function turnsOf({ module, said }: Detector, processes: readonly ProcessId[], alive: ReadonlySet<ProcessId>): Turn[] {
  const after = (p: ProcessId) => processes.filter((q) => (q === p) !== said.includes(q))
  switch (module) {
    case 'PerfectFailureDetector':
      return processes.filter((p) => !alive.has(p) && !said.includes(p)).map((p) => ({ event: 'crash', p, said: after(p), isTrue: true }))
    case 'EventuallyPerfectFailureDetector':
      return processes.map((p) => {
        const isSuspected = said.includes(p)
        return { event: isSuspected ? 'restore' : 'suspect', p, said: after(p), isTrue: alive.has(p) === isSuspected }
      })
    case 'EventualLeaderDetector': {
      const leader = processes.findLast((p) => alive.has(p))
      return processes.filter((p) => !said.includes(p)).map((p) => ({ event: 'trust', p, said: [p], isTrue: p === leader }))
    }
  }
}

/** Says what a detector indicates. */
export type Indicate = (event: Turn['event'], p: ProcessId) => void

/** The source of a world's detectors: it learns of each one that is opened, and returns what that one indicates at the start. */
export type Watch = (path: string, module: keyof Detectors, indicate: Indicate) => { close(): void; readonly said: readonly ProcessId[] }

/** The detectors of one process. A leader detector trusts the first leader from the start. */
export function detectors(watch: Watch): Detectors {
  const port = <M extends Module>(abstraction: Abstraction<M>): Port<M> => ({
    sort: 'port',
    abstraction,
    open: ({ path, indicate }) => {
      const events = indicate as unknown as Record<string, (p: ProcessId) => void>
      const { close, said } = watch(path, abstraction.name as keyof Detectors, (event, p) => events[event]?.(p))
      for (const p of said) events.trust?.(p)
      return { upon: {} as never, close }
    },
  })
  return {
    PerfectFailureDetector: port(PerfectFailureDetector),
    EventuallyPerfectFailureDetector: port(EventuallyPerfectFailureDetector),
    EventualLeaderDetector: port(EventualLeaderDetector),
  }
}
