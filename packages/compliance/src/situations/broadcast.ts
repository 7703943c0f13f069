import type { BestEffortBroadcast, Outside, ProbabilisticBroadcast, ProcessId } from '@upon/contract'
import type { Perform, Run } from '@upon/simulator'
import { type AlgorithmEvent, canonical } from '@upon/trace'
import { type ProcessUnderTest, run, type Tested } from '../suite'
import type { Value } from '../values'

/** A client that broadcasts without waiting. */
export function broadcaster(
  process: ProcessUnderTest,
  algorithm: Tested<BestEffortBroadcast> | Tested<ProbabilisticBroadcast>,
): Perform<Value> {
  const { broadcast }: Outside<BestEffortBroadcast, Value> = run(process, algorithm as Tested<BestEffortBroadcast>)
  return (m, done) => {
    broadcast(m)
    done()
  }
}

export interface Message {
  readonly from: ProcessId
  readonly broadcasts: AlgorithmEvent[]
  readonly deliveries: AlgorithmEvent[]
}

/** What was broadcast, and which processes delivered it, in the order of the trace. */
export function messagesOf({ trace }: Run): Message[] {
  const found = new Map<string, Message>()
  const of = (from: ProcessId, m: unknown): Message => {
    const key = `${from} ${canonical(m)}`
    const message = found.get(key) ?? { from, broadcasts: [], deliveries: [] }
    found.set(key, message)
    return message
  }
  for (const entry of trace.entries) {
    if (entry.type !== 'event' || entry.path.includes('.')) continue
    const { event, process, attributes } = entry
    if (event === 'broadcast') of(process, attributes[0]).broadcasts.push(entry)
    else if (event === 'deliver') of(attributes[0] as ProcessId, attributes[1]).deliveries.push(entry)
  }
  return [...found.values()]
}
