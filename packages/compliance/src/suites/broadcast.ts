import {
  BestEffortBroadcast,
  CausalOrderReliableBroadcast,
  CausalOrderUniformReliableBroadcast,
  FIFOReliableBroadcast,
  ProbabilisticBroadcast,
  type ProcessId,
  ReliableBroadcast,
  UniformReliableBroadcast,
} from '@upon/contract'
import type { ClientOperation, Plan, Random, Run } from '@upon/simulator'
import { type AlgorithmEvent, shown } from '@upon/trace'
import { type Asking, offer, value } from '../offers'
import { broadcaster, messagesOf } from '../situations/broadcast'
import { each, type Suite } from '../suite'
import { drawCounts, drawValues, type Value } from '../values'

/**
 * Up to three messages per process, all different; in some runs many, at most `limit` in total. In some runs every process broadcasts the
 * same message repeatedly.
 */
function messages(random: Random, processes: readonly ProcessId[], limit = Number.POSITIVE_INFINITY): ClientOperation<Value>[] {
  const pauseUs = random.pick([0, 1_000, 10_000])
  const isRepeated = random.chance(20)
  const value = drawValues(random)
  const counts = drawCounts(random, processes.length, [0, 3])
  let message = 0
  return processes.flatMap((process, i) =>
    Array.from({ length: Math.min(counts[i] ?? 0, limit / processes.length) }, () => {
      const operation = value(isRepeated ? 1 : message++)
      return { process, afterMs: random.below(pauseUs + 1) / 1000, operation }
    }),
  )
}

/** In every second run enough messages to judge how probable it is that one reaches all. */
function manyMessages(random: Random, processes: readonly ProcessId[]): ClientOperation<Value>[] {
  if (random.chance(50)) return messages(random, processes)
  const value = drawValues(random)
  return Array.from({ length: 40 }, (_, i) => {
    return { process: random.pick(processes), afterMs: random.below(2_000_000) / 1000, operation: value(i) }
  })
}

/** The index of the crash of each process that crashed. */
const crashesOf = ({ trace }: Run): Map<ProcessId | undefined, number> =>
  new Map(trace.entries.flatMap(({ type, process, index }) => (type === 'crash' ? [[process, index]] : [])))

/** Whether a condition holds for some message whose sender crashed; it gets the deliveries by correct processes. */
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
  operations: (random: Random, processes: readonly ProcessId[]) => messages(random, processes),
  few: (processes: readonly ProcessId[]) => each(processes, (i) => i + 1, 2),
  offers: (asking: Asking<Value>) => [offer('broadcast', [value('m', asking)], (m: Value) => m)],
  describe: (m: Value) => `broadcast ${shown(m)}`,
} as const

export const bestEffortBroadcast: Suite<BestEffortBroadcast, Value> = {
  ...common,
  module: BestEffortBroadcast,
  sometimes: {
    'a message reached some and not others': (run, { processes }: Plan<Value>) =>
      messagesOf(run).some(({ deliveries: { length } }) => length > 0 && length < processes.length),
  },
}

/** Of the messages in all runs with many, half at least must reach all correct processes. */
export const probabilisticBroadcast: Suite<ProbabilisticBroadcast, Value> = {
  ...common,
  module: ProbabilisticBroadcast,
  operations: manyMessages,
  sometimes: bestEffortBroadcast.sometimes ?? {},
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

/** Correct processes delivered the first messages of a sender that crashed, and not the later ones. */
const isCutOff = (run: Run): boolean => {
  const crashes = crashesOf(run)
  const reached = new Map<ProcessId, boolean>()
  for (const { from, deliveries } of messagesOf(run)) {
    if (!crashes.has(from)) continue
    const isDelivered = deliveries.some(({ process }) => !crashes.has(process))
    if (!isDelivered && reached.get(from)) return true
    reached.set(from, isDelivered)
  }
  return false
}

/** A process broadcast a message before others had delivered its previous one. */
const isFollowed = (run: Run): boolean => {
  const last = new Map<ProcessId, number>()
  for (const { from, broadcasts, deliveries } of messagesOf(run)) {
    if ((broadcasts[0]?.index ?? 0) < (last.get(from) ?? 0)) return true
    last.set(from, deliveries.at(-1)?.index ?? 0)
  }
  return false
}

export const fifoReliableBroadcast: Suite<FIFOReliableBroadcast, Value> = {
  ...reliableBroadcast,
  few: ([p = '']) => each([p, p], (i) => i + 1),
  module: FIFOReliableBroadcast,
  sometimes: {
    ...reliableBroadcast.sometimes,
    'a process broadcasts a message before others have delivered its previous one': isFollowed,
    'the first messages of a sender that crashes are delivered, and not the later ones': isCutOff,
  },
}

/** A process delivered a message and then broadcast another before some process had delivered the first one. */
const isCaused = (run: Run): boolean => {
  const messages = messagesOf(run)
  const all = messages.flatMap(({ broadcasts }) => broadcasts)
  return messages.some(({ from, deliveries }) => {
    const last = deliveries.at(-1)?.index ?? 0
    return deliveries.some(
      ({ process: p, index: first }) => p !== from && all.some(({ process, index }) => process === p && index > first && index < last),
    )
  })
}

/** Whether the i-th message was delivered before the one that was broadcast before it, if both were. */
function turned(order: readonly (number | undefined)[], i: number): boolean | undefined {
  const [before, at] = [order[i - 1], order[i]]
  return before === undefined || at === undefined ? undefined : at < before
}

/** Two processes delivered two messages in different orders. */
const isDisordered = (run: Run): boolean => {
  const orders = new Map<ProcessId, number[]>()
  for (const [i, { deliveries }] of messagesOf(run).entries())
    for (const { process, index } of deliveries) {
      const order = orders.get(process) ?? []
      orders.set(process, order)
      order[i] ??= index
    }
  const [first = [], ...others] = orders.values()
  return others.some((other) =>
    first.some((_, i) => {
      const [one, another] = [turned(first, i), turned(other, i)]
      return one !== undefined && another !== undefined && one !== another
    }),
  )
}

const causal = {
  operations: (random: Random, processes: readonly ProcessId[]) => messages(random, processes, 100), // messages may carry all before them
  /** The second process has delivered the first message when it broadcasts its own, if a message takes 1 ms. */
  few: (processes: readonly ProcessId[]) => each(processes, (i) => i + 1, 2).map((operation, i) => ({ ...operation, afterMs: 1.5 * i })),
} as const

const causalSituations = {
  'a process broadcasts a message after another that others have not delivered yet': isCaused,
  'messages are delivered in different orders': isDisordered,
} as const

export const causalOrderReliableBroadcast: Suite<CausalOrderReliableBroadcast, Value> = {
  ...fifoReliableBroadcast,
  ...causal,
  module: CausalOrderReliableBroadcast,
  sometimes: { ...fifoReliableBroadcast.sometimes, ...causalSituations },
}

export const causalOrderUniformReliableBroadcast: Suite<CausalOrderUniformReliableBroadcast, Value> = {
  ...uniformReliableBroadcast,
  ...causal,
  module: CausalOrderUniformReliableBroadcast,
  sometimes: { ...uniformReliableBroadcast.sometimes, ...causalSituations },
}
