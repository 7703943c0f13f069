import { check } from '@upon/checker'
import {
  AtLeastOncePointToPointLinks,
  FairLossPointToPointLinks,
  FIFOPerfectPointToPointLinks,
  type Module,
  type Outside,
  PerfectPointToPointLinks,
  type ProcessId,
  StubbornPointToPointLinks,
} from '@upon/contract'
import type { ClientOperation, Perform, Random, Run } from '@upon/simulator'
import { shown } from '@upon/trace'
import { type Asking, choice, offer, value } from '../offers'
import { type ProcessUnderTest, run, type Suite, type Tested } from '../suite'
import { drawCounts, drawValues, type Value } from '../values'

export interface Sending {
  readonly to: ProcessId
  readonly m: Value
}

/** A client that sends without waiting. */
function client<L extends Module>(process: ProcessUnderTest, algorithm: Tested<L>): Perform<Sending> {
  const links: Outside<AtLeastOncePointToPointLinks, Value> = run(process, algorithm as unknown as Tested<AtLeastOncePointToPointLinks>)
  return ({ to, m }, done) => {
    links.send(to, m)
    done()
  }
}

/** Up to five messages per process, in some runs many, to any process, itself included. Few distinct ones: equal messages must not be merged. */
function messages(random: Random, processes: readonly ProcessId[]): ClientOperation<Sending>[] {
  const pauseUs = random.pick([0, 1_000, 10_000])
  const values = random.pick([1, 2, 100])
  const value = drawValues(random)
  const counts = drawCounts(random, processes.length, [0, 5])
  return processes.flatMap((process, i) =>
    Array.from({ length: counts[i] ?? 0 }, () => {
      const operation = { to: random.pick(processes), m: value(random.below(values)) }
      return { process, afterMs: random.below(pauseUs + 1) / 1000, operation }
    }),
  )
}

/** The same message repeatedly, each process to one other. */
function repetitions(random: Random, processes: readonly ProcessId[]): ClientOperation<Sending>[] {
  const value = drawValues(random)
  return processes.flatMap((process, i) => {
    const operation = { to: random.pick(processes), m: value(i) }
    return Array.from({ length: random.pick([0, 1, 100]) }, () => ({ process, afterMs: random.below(2_000) / 1000, operation }))
  })
}

/** Whether a process sent a message to one that crashed before it could deliver it. */
const isSentInVain = ({ trace }: Run): boolean => {
  const crashed = new Set(trace.entries.flatMap((entry) => (entry.type === 'crash' ? [entry.process] : [])))
  const delivered = new Set<string>()
  for (const entry of trace.entries)
    if (entry.type === 'event' && entry.event === 'deliver') delivered.add(JSON.stringify([entry.attributes, entry.process]))
  return trace.entries.some((entry) => {
    if (entry.type !== 'event' || entry.event !== 'send' || entry.path.includes('.')) return false
    const [to, m] = entry.attributes
    return crashed.has(to as ProcessId) && !delivered.has(JSON.stringify([[entry.process, m], to]))
  })
}

const common = {
  start: client,
  offers: (asking: Asking<Sending>) => {
    const others = asking.processes.filter((p) => p !== asking.process)
    const fields = [choice('q', [...others, asking.process]), value('m', asking)]
    return [offer('send', fields, (to: ProcessId, m: Value): Sending => ({ to, m }))]
  },
  describe: ({ to, m }: Sending) => `send ${shown(m)} to ${to}`,
  rests: 'never', // links over fair-loss links need not rest
  operations: messages,
  few: ([p = '', q = '']: readonly ProcessId[]) => [
    { process: p, afterMs: 0, operation: { to: q, m: 1 } },
    { process: p, afterMs: 0, operation: { to: q, m: 1 } },
  ],
  sometimes: { 'a message was for a process that crashed before': isSentInVain },
} as const

/** A hundred times stand for infinitely often. */
export const fairLossPointToPointLinks: Suite<FairLossPointToPointLinks, Sending> = {
  ...common,
  module: FairLossPointToPointLinks,
  operations: repetitions,
  judge: (trace, path) => check(trace, FairLossPointToPointLinks, { path, lossesForEver: 100, copiesForEver: 100 }),
}

/** Ten deliveries within the 10 s of a run stand for infinitely often: so a period of retransmission is below half a second. */
export const stubbornPointToPointLinks: Suite<StubbornPointToPointLinks, Sending> = {
  ...common,
  module: StubbornPointToPointLinks,
  judge: (trace, path) => check(trace, StubbornPointToPointLinks, { path, deliveriesForEver: 10 }),
}

export const atLeastOncePointToPointLinks: Suite<AtLeastOncePointToPointLinks, Sending> = {
  ...common,
  module: AtLeastOncePointToPointLinks,
}

export const perfectPointToPointLinks: Suite<PerfectPointToPointLinks, Sending> = { ...common, module: PerfectPointToPointLinks }

/** Whether a message was sent to a process before it had delivered the one that was sent to it before. */
const isFollowed = ({ trace }: Run): boolean => {
  const underWay = new Map<string, number>()
  return trace.entries.some((entry) => {
    if (entry.type !== 'event' || entry.direction === 'rule' || entry.path.includes('.')) return false
    const { event, process, attributes } = entry
    const link = JSON.stringify(event === 'send' ? [process, attributes[0]] : [attributes[0], process])
    const count = (underWay.get(link) ?? 0) + (event === 'send' ? 1 : -1)
    underWay.set(link, count)
    return count > 1
  })
}

export const fifoPerfectPointToPointLinks: Suite<FIFOPerfectPointToPointLinks, Sending> = {
  ...common,
  module: FIFOPerfectPointToPointLinks,
  few: ([p = '', q = '']) => [1, 2].map((m) => ({ process: p, afterMs: 0, operation: { to: q, m } })),
  sometimes: { ...common.sometimes, 'a message follows one that is still under way': isFollowed },
}
