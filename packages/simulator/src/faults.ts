import type { TraceEntry } from '@upon/checker'
import type { ProcessId } from '@upon/contract'
import type { Crash, Fault, Span } from './plan'
import type { Simulation } from './simulation'

/** A link held until something has happened: for scripts only, since a plan is plain data. */
export interface Hold {
  readonly kind: 'hold'
  readonly from: ProcessId
  readonly to: ProcessId
  /** Told each entry of the trace; true ends the hold. */
  readonly until: (entry: TraceEntry) => boolean
}

const toUs = (ms: number) => Math.round(ms * 1000)

/** Has the faults of a plan befall the processes of a simulation, each in its time. */
export function befall(simulation: Simulation, faults: readonly (Fault | Hold)[]): void {
  const stabilisationUs = toUs(simulation.plan.stabilisationMs)
  if (stabilisationUs > 0) simulation.later('fault', -1, stabilisationUs, () => simulation.stabilise())
  const crashAfterSends = new Map<number, Crash & { readonly afterSends: number }>()
  for (const fault of faults) {
    if (fault.kind === 'crash' && 'afterSends' in fault) crashAfterSends.set(simulation.place(fault.process), fault)
    else start(simulation, fault)
  }
  if (crashAfterSends.size === 0) return
  for (const [host, { afterSends, lostPercent }] of crashAfterSends) if (afterSends === 0) simulation.crash(host, lostPercent ?? 0)
  simulation.onSend = (host, sends) => {
    const crash = crashAfterSends.get(host)
    if (crash?.afterSends === sends) simulation.crash(host, crash.lostPercent ?? 0)
  }
}

function start(simulation: Simulation, fault: Exclude<Fault, { afterSends: number }> | Hold): void {
  switch (fault.kind) {
    case 'crash':
      crash(simulation, fault)
      break
    case 'pause':
      pause(simulation, fault)
      break
    case 'slow':
      slow(simulation, fault)
      break
    case 'partition':
    case 'block':
      cut(simulation, linksOf(simulation, fault), fault, detailOf(fault))
      break
    case 'hold':
      hold(simulation, fault)
      break
    case 'drift':
      simulation.drift(simulation.place(fault.process), fault.percent)
      break
    case 'loss':
      simulation.loss.lostPercent = fault.lostPercent
      simulation.loss.duplicatedPercent = fault.duplicatedPercent
      break
    case 'hint':
      hint(simulation, fault)
  }
}

function crash(simulation: Simulation, { process, atMs, lostPercent }: Crash & { readonly atMs: number }): void {
  const host = simulation.place(process)
  simulation.later('fault', host, toUs(atMs), () => simulation.crash(host, lostPercent ?? 0))
}

function slow(simulation: Simulation, fault: Fault & { readonly kind: 'slow' }): void {
  const host = simulation.place(fault.process)
  const begin = () => simulation.slow(host, toUs(fault.eventMs))
  during(simulation, fault, begin, () => simulation.slow(host, 0))
}

function during(simulation: Simulation, { fromMs, toMs }: Span, begin: () => void, end: () => void): void {
  simulation.later('fault', -1, toUs(fromMs), begin)
  if (toMs !== undefined) simulation.later('fault', -1, toUs(toMs), end)
}

function pause(simulation: Simulation, fault: Fault & { readonly kind: 'pause' }): void {
  const host = simulation.place(fault.process)
  const begin = () => {
    simulation.recorder.fault('pause', simulation.nowMs(), fault.process)
    simulation.pause(host)
  }
  const end = () => {
    simulation.recorder.fault('resume', simulation.nowMs(), fault.process)
    simulation.resume(host)
  }
  during(simulation, fault, begin, end)
}

function cut(simulation: Simulation, links: readonly number[], span: Span, detail: string): void {
  const begin = () => {
    simulation.recorder.fault('partition', simulation.nowMs(), undefined, detail)
    simulation.links.cut(links)
  }
  const end = () => {
    simulation.recorder.fault('heal', simulation.nowMs(), undefined, detail)
    simulation.heal(links)
  }
  if (span.fromMs > 0) {
    during(simulation, span, begin, end)
    return
  }
  begin() // before anything can be sent
  if (span.toMs !== undefined) simulation.later('fault', -1, toUs(span.toMs), end)
}

function hold(simulation: Simulation, { from, to, until }: Hold): void {
  const link = [linkOf(simulation, from, to)]
  simulation.links.cut(link)
  const before = simulation.onEntry
  let holding = true
  simulation.onEntry = (entry) => {
    before?.(entry)
    if (!holding || !until(entry)) return
    holding = false
    simulation.heal(link)
  }
}

function hint(simulation: Simulation, { process, about, atMs }: Fault & { readonly kind: 'hint' }): void {
  const host = simulation.place(process)
  simulation.later('step', host, toUs(atMs), () => {
    for (const refused of [...(simulation.hosts[host]?.refusals ?? [])]) refused(about)
  })
}

const linkOf = (simulation: Simulation, from: ProcessId, to: ProcessId) =>
  simulation.place(from) * simulation.hosts.length + simulation.place(to)

function linksOf(simulation: Simulation, fault: Fault & { readonly kind: 'partition' | 'block' }): number[] {
  const between = (from: readonly ProcessId[], to: readonly ProcessId[]) =>
    from.flatMap((p) => to.filter((q) => q !== p).map((q) => linkOf(simulation, p, q)))
  if (fault.kind === 'block') return between(fault.from, fault.to)
  return fault.groups.flatMap((group) => fault.groups.filter((other) => other !== group).flatMap((other) => between(group, other)))
}

function detailOf(fault: Fault & { readonly kind: 'partition' | 'block' }): string {
  if (fault.kind === 'block') return `${fault.from.join(',')} -x-> ${fault.to.join(',')}`
  return fault.groups.map((group) => group.join(',')).join(' | ')
}
