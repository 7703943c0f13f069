import { BestEffortBroadcast, type Outside, type ProcessId } from '@upon/contract'
import type { Operation, Perform, Plan, Random, Run } from '@upon/simulator'
import { each, type Host, run, type Suite, type Tested } from '../suite'

/** A client that broadcasts; it does not wait for anything. */
function client(process: Host, algorithm: Tested<BestEffortBroadcast>): Perform<number> {
  const beb: Outside<BestEffortBroadcast, number> = run(process, algorithm)
  return (m, done) => {
    beb.broadcast(m)
    done()
  }
}

/** No message to three a process, all different. */
function messages(random: Random, processes: readonly ProcessId[]): Operation<number>[] {
  const pauseUs = random.pick([0, 1_000, 10_000])
  let message = 0
  return processes.flatMap((process) =>
    Array.from({ length: random.between(0, 3) }, () => ({ process, afterMs: random.below(pauseUs + 1) / 1000, operation: ++message })),
  )
}

/** Who delivered each message, by message. */
function deliverers({ trace }: Run): Map<unknown, Set<ProcessId>> {
  const found = new Map<unknown, Set<ProcessId>>()
  for (const entry of trace.entries) {
    if (entry.type !== 'event' || entry.path.includes('.')) continue
    if (entry.event === 'broadcast') found.set(entry.attributes[0], found.get(entry.attributes[0]) ?? new Set())
    else found.set(entry.attributes[1], (found.get(entry.attributes[1]) ?? new Set()).add(entry.process))
  }
  return found
}

const common = {
  start: client,
  operations: messages,
  few: (processes: readonly ProcessId[]) => each(processes, (i) => i + 1, 2),
} as const

export const bestEffortBroadcast: Suite<BestEffortBroadcast, number> = {
  ...common,
  module: BestEffortBroadcast,
  sometimes: {
    'a message reached some and not others': (run, { processes }: Plan<number>) =>
      [...deliverers(run).values()].some(({ size }) => size > 0 && size < processes.length),
  },
}
