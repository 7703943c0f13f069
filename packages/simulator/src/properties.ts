import { type AlgorithmEvent, linearizable, type Operation as RegisterOperation, type Trace } from '@upon/checker'
import type { ProcessId } from '@upon/contract'
import type { Violation } from './scenario'

/** The events of one module, of one name. */
export function* eventsOf(trace: Trace, module: string, event: string): Generator<AlgorithmEvent> {
  for (const entry of trace.entries) if (entry.type === 'event' && entry.module === module && entry.event === event) yield entry
}

/** Those that never crashed, by increasing rank. */
export function correct({ processes, entries }: Trace): ProcessId[] {
  const crashed = new Set(entries.flatMap((entry) => (entry.type === 'crash' ? [entry.process] : [])))
  return processes.map(({ id }) => id).filter((p) => !crashed.has(p))
}

/** UC1 to UC4. */
export function uniformConsensus(trace: Trace): Violation | undefined {
  const proposed = new Set<unknown>()
  const proposers = new Set<ProcessId>()
  const decisions = new Map<ProcessId, unknown>()
  for (const entry of trace.entries) {
    if (entry.type !== 'event' || entry.module !== 'UniformConsensus') continue
    const { process, attributes } = entry
    const [v] = attributes
    if (entry.event === 'propose') {
      proposed.add(v)
      proposers.add(process)
      continue
    }
    if (decisions.has(process)) return { property: 'UC3', why: `${process} decided twice` }
    if (!proposed.has(v)) return { property: 'UC2', why: `${process} decided ${v}, which nobody had proposed` }
    for (const [other, w] of decisions) if (w !== v) return { property: 'UC4', why: `${other} decided ${w}, ${process} decided ${v}` }
    decisions.set(process, v)
  }
  const alive = correct(trace)
  if (trace.end === 'cut' || !alive.every((p) => proposers.has(p))) return undefined
  const stuck = alive.find((p) => !decisions.has(p))
  return stuck === undefined ? undefined : { property: 'UC1', why: `${stuck} is correct and never decided` }
}

/** NNAR1 and NNAR2. */
export function atomicRegister(trace: Trace): Violation | undefined {
  const history: RegisterOperation[] = []
  const pending = new Map<ProcessId, RegisterOperation>()
  const at = new Map<RegisterOperation, number>()
  const complete = (process: ProcessId, value: number | undefined, index: number): Violation | undefined => {
    const operation = pending.get(process)
    if (operation === undefined) return { property: 'NNAR2', why: `an operation completed at ${process}, where none was under way` }
    pending.delete(process)
    const completed = { ...operation, value: operation.kind === 'read' ? value : operation.value, respondedAtMs: index }
    history[at.get(operation) as number] = completed
    return undefined
  }
  for (const entry of trace.entries) {
    if (entry.type !== 'event' || entry.module !== 'AtomicRegister') continue
    const { event, process, index, attributes } = entry
    const value = attributes[0] as number | undefined
    if (event === 'readReturn' || event === 'writeReturn') {
      const violation = complete(process, value, index)
      if (violation !== undefined) return violation
    } else {
      // the order of the trace is all that counts, so indices serve as times
      const operation: RegisterOperation = { process, kind: event as 'read' | 'write', value, invokedAtMs: index }
      at.set(operation, history.push(operation) - 1)
      pending.set(process, operation)
    }
  }
  const verdict = linearizable(history)
  if (verdict.outcome === 'not-linearizable') return { property: 'NNAR2', why: verdict.reason }
  const stuck = trace.end === 'cut' ? undefined : correct(trace).find((p) => pending.has(p))
  return stuck === undefined ? undefined : { property: 'NNAR1', why: `${stuck}'s ${pending.get(stuck)?.kind} never completed` }
}

/** BEB1 to BEB3, for messages that are all different. */
export function bestEffortBroadcast(trace: Trace): Violation | undefined {
  const senderOf = new Map<unknown, ProcessId>()
  const delivered = new Map(trace.processes.map(({ id }) => [id, new Set<unknown>()]))
  for (const entry of trace.entries) {
    if (entry.type !== 'event' || entry.module !== 'BestEffortBroadcast') continue
    const { event, process, attributes } = entry
    if (event === 'broadcast') senderOf.set(attributes[0], process)
    else {
      const [p, m] = attributes
      const had = delivered.get(process) as Set<unknown>
      if (had.has(m)) return { property: 'BEB2', why: `${process} delivered ${m} twice` }
      if (senderOf.get(m) !== p) return { property: 'BEB3', why: `${process} delivered ${m} from ${p}, which had not broadcast it` }
      had.add(m)
    }
  }
  if (trace.end === 'cut') return undefined
  const alive = correct(trace)
  for (const [m, sender] of senderOf) {
    const missing = alive.includes(sender) ? alive.find((p) => !delivered.get(p)?.has(m)) : undefined
    if (missing !== undefined)
      return { property: 'BEB1', why: `${missing} never delivered ${m}, which ${sender} broadcast; both are correct` }
  }
  return undefined
}

/** EPFD1 and EPFD2, as things stand at the end. */
export function eventuallyPerfect(trace: Trace): Violation | undefined {
  if (trace.end === 'cut') return undefined
  const suspected = new Map(trace.processes.map(({ id }) => [id, new Set<unknown>()]))
  for (const entry of trace.entries) {
    if (entry.type !== 'event' || entry.module !== 'EventuallyPerfectFailureDetector') continue
    if (entry.event === 'suspect') suspected.get(entry.process)?.add(entry.attributes[0])
    else suspected.get(entry.process)?.delete(entry.attributes[0])
  }
  const alive = correct(trace)
  for (const p of alive)
    for (const { id: q } of trace.processes) {
      const suspects = suspected.get(p)?.has(q) ?? false
      if (alive.includes(q) && suspects) return { property: 'EPFD2', why: `${p} suspects ${q} in the end, which is correct` }
      if (!alive.includes(q) && !suspects) return { property: 'EPFD1', why: `${p} does not suspect ${q} in the end, which has crashed` }
    }
  return undefined
}

/** ELD1 and ELD2, as things stand at the end. */
export function eventualLeader(trace: Trace): Violation | undefined {
  if (trace.end === 'cut') return undefined
  const trusted = new Map<ProcessId, unknown>()
  for (const { process, attributes } of eventsOf(trace, 'EventualLeaderDetector', 'trust')) trusted.set(process, attributes[0])
  const alive = correct(trace)
  for (const p of alive) {
    const leader = trusted.get(p) as ProcessId
    if (!alive.includes(leader)) return { property: 'ELD1', why: `${p} trusts ${leader} in the end` }
    const [first] = alive
    const other = trusted.get(first as ProcessId)
    if (other !== leader) return { property: 'ELD2', why: `${p} trusts ${leader} in the end, ${first} trusts ${other}` }
  }
  return undefined
}

/** EC1 to EC3. `l0` leads epoch 0, which everybody has started. */
export function epochChange(trace: Trace, l0: ProcessId): Violation | undefined {
  const last = new Map<ProcessId, number>()
  const leaders = new Map<number, unknown>([[0, l0]])
  for (const { process, attributes } of eventsOf(trace, 'EpochChange', 'startEpoch')) {
    const [ts, l] = attributes as [number, ProcessId]
    if (ts <= (last.get(process) ?? 0)) return { property: 'EC1', why: `${process} started epoch ${ts} after epoch ${last.get(process)}` }
    if ((leaders.get(ts) ?? l) !== l) return { property: 'EC2', why: `epoch ${ts} has two leaders, ${leaders.get(ts)} and ${l}` }
    leaders.set(ts, l)
    last.set(process, ts)
  }
  if (trace.end === 'cut') return undefined
  const alive = correct(trace)
  const [first] = alive
  const ts = last.get(first as ProcessId) ?? 0
  const leader = leaders.get(ts) as ProcessId
  if (!alive.includes(leader)) return { property: 'EC3', why: `the last epoch of ${first} is ${ts}, whose leader ${leader} has crashed` }
  const other = alive.find((p) => (last.get(p) ?? 0) !== ts)
  return other === undefined
    ? undefined
    : { property: 'EC3', why: `the last epoch of ${first} is ${ts}, of ${other} ${last.get(other) ?? 0}` }
}
