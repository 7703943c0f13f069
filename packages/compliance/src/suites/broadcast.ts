import { BestEffortBroadcast, type ProcessId, ReliableBroadcast, UniformReliableBroadcast } from '@upon/contract'
import type { Operation, Plan, Random, Run } from '@upon/simulator'
import type { AlgorithmEvent } from '@upon/trace'
import { broadcaster, messagesOf } from '../situations/broadcast'
import { each, type Suite } from '../suite'
import { drawCounts, drawValues, type Value } from '../values'

/** No message to three a process, all different; now and then many. In some runs everybody says the same thing again and again. */
function messages(random: Random, processes: readonly ProcessId[]): Operation<Value>[] {
  const pauseUs = random.pick([0, 1_000, 10_000])
  const isRepeated = random.chance(20)
  const value = drawValues(random)
  const counts = drawCounts(random, processes.length, [0, 3])
  let message = 0
  return processes.flatMap((process, i) =>
    Array.from({ length: counts[i] ?? 0 }, () => {
      const operation = value(isRepeated ? 1 : message++)
      return { process, afterMs: random.below(pauseUs + 1) / 1000, operation }
    }),
  )
}

/** When each process that crashed did so: the index of that entry. */
const crashesOf = ({ trace }: Run): Map<ProcessId | undefined, number> =>
  new Map(trace.entries.flatMap(({ type, process, index }) => (type === 'crash' ? [[process, index]] : [])))

/** Whether something holds of a message whose sender crashed; it is told the deliveries of correct processes. */
const ofCrashedSenders = (holds: (byCorrect: readonly AlgorithmEvent[], crash: number) => boolean) => (run: Run) => {
  const crashes = crashesOf(run)
  return messagesOf(run).some(({ from, deliveries }) => {
    const crash = crashes.get(from)
    const byCorrect = deliveries.filter(({ process }) => !crashes.has(process))
    return crash !== undefined && holds(byCorrect, crash)
  })
}

const common = {
  start: broadcaster,
  operations: messages,
  few: (processes: readonly ProcessId[]) => each(processes, (i) => i + 1, 2),
} as const

export const bestEffortBroadcast: Suite<BestEffortBroadcast, Value> = {
  ...common,
  module: BestEffortBroadcast,
  sometimes: {
    'a message reached some and not others': (run, { processes }: Plan<Value>) =>
      messagesOf(run).some(({ deliveries: { length } }) => length > 0 && length < processes.length),
  },
}

export const reliableBroadcast: Suite<ReliableBroadcast, Value> = {
  ...common,
  few: (processes) => each(processes, () => 1, 1),
  module: ReliableBroadcast,
  sometimes: {
    'a sender crashes before all have delivered its message, and they do after that': ofCrashedSenders((byCorrect, crash) =>
      byCorrect.some(({ index }) => index > crash),
    ),
    'a sender crashes, and no correct process delivers its message': ofCrashedSenders(({ length }) => length === 0),
  },
}

export const uniformReliableBroadcast: Suite<UniformReliableBroadcast, Value> = {
  ...reliableBroadcast,
  module: UniformReliableBroadcast,
  sometimes: {
    ...reliableBroadcast.sometimes,
    'a process delivers and crashes, and others deliver after that': (run) => {
      const crashes = crashesOf(run)
      return messagesOf(run).some(({ deliveries }) =>
        deliveries.some(({ process }) => deliveries.some(({ index }) => index > (crashes.get(process) ?? index))),
      )
    },
  },
}
