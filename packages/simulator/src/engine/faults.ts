import type { ProcessId } from '@upon/contract'
import type { Crash, Fate, Fault, Recovery, Span } from '../plan/plan'
import type { Hold } from '../plan/script'
import type { Simulation } from './simulation'

type CrashAfterSends = Crash & { readonly afterSends: number }

const toUs = (ms: number) => Math.round(ms * 1000)

/** Has delays become bounded at the plan's stabilisation time. */
export function stabiliseInTime(simulation: Simulation): void {
  const stabilisationUs = toUs(simulation.plan.stabilisationMs)
  if (stabilisationUs > 0) simulation.later('fault', -1, stabilisationUs, () => simulation.network.stabilise())
}

/** Has the faults of a plan happen to the processes of a simulation, each in its time. */
export function scheduleFaults(simulation: Simulation, faults: readonly (Fault | Hold)[]): void {
  const afterSends: CrashAfterSends[] = []
  for (const fault of faults) {
    if (fault.kind === 'crash' && 'afterSends' in fault) afterSends.push(fault)
    else if (fault.kind === 'crash' && 'atEnd' in fault)
      continue // when the run has ended
    else if (fault.kind === 'fate')
      continue // the network knows of it
    else if (fault.kind === 'recover') recover(simulation, fault, afterSends)
    else start(simulation, fault)
  }
  if (afterSends.length === 0) return
  simulation.onSend.push((host, sends) => {
    for (const crash of afterSends)
      if (crash.afterSends === sends && simulation.place(crash.process) === host) simulation.crash(host, crash.lostPercent ?? 0)
  })
  for (const crash of afterSends) if (crash.afterSends === 0) simulation.crash(simulation.place(crash.process), crash.lostPercent ?? 0)
}

/** Schedules a recovery. It cancels crashes listed earlier whose number of sends the process has not reached by then. */
function recover(simulation: Simulation, { process, atMs }: Recovery, afterSends: CrashAfterSends[]): void {
  const before = afterSends.filter((crash) => crash.process === process)
  const host = simulation.place(process)
  simulation.later('fault', host, toUs(atMs), () => {
    for (const crash of before) if (afterSends.includes(crash)) afterSends.splice(afterSends.indexOf(crash), 1)
    simulation.recover(host)
  })
}

function start(simulation: Simulation, fault: Exclude<Fault, Crash | Recovery | Fate> | (Crash & { readonly atMs: number }) | Hold): void {
  switch (fault.kind) {
    case 'crash':
      crash(simulation, fault)
      break
    case 'stabilise':
      simulation.later('fault', -1, toUs(fault.atMs), () => simulation.network.stabilise())
      break
    case 'start':
      simulation.pause(simulation.place(fault.process)) // until its client is started, and it with it
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
      lose(simulation, fault)
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
    simulation.network.links.cut(links)
  }
  const end = () => {
    simulation.recorder.fault('heal', simulation.nowMs(), undefined, detail)
    simulation.network.heal(links)
  }
  if (span.fromMs > 0) {
    during(simulation, span, begin, end)
    return
  }
  begin() // before anything can be sent
  if (span.toMs !== undefined) simulation.later('fault', -1, toUs(span.toMs), end)
}

function lose(simulation: Simulation, { lostPercent, duplicatedPercent, toMs }: Fault & { readonly kind: 'loss' }): void {
  const { loss } = simulation.network
  Object.assign(loss, { lostPercent, duplicatedPercent })
  if (toMs !== undefined) simulation.later('fault', -1, toUs(toMs), () => Object.assign(loss, { lostPercent: 0, duplicatedPercent: 0 }))
}

function hold(simulation: Simulation, { from, to, until }: Hold): void {
  const link = [linkOf(simulation, from, to)]
  simulation.network.links.cut(link)
  let holding = true
  simulation.onEntry.push((entry) => {
    if (!holding || !until(entry)) return
    holding = false
    simulation.network.heal(link)
  })
}

function hint(simulation: Simulation, { process, about, atMs }: Fault & { readonly kind: 'hint' }): void {
  const host = simulation.place(process)
  simulation.later('step', host, toUs(atMs), () => {
    for (const refused of [...(simulation.hosts[host]?.refusals ?? [])]) refused(about)
  })
}

const linkOf = (simulation: Simulation, from: ProcessId, to: ProcessId) =>
  simulation.place(from) * simulation.hosts.length + simulation.place(to)

/** The links that a partition cuts, or a block. */
export function linksOf(simulation: Simulation, fault: Fault & { readonly kind: 'partition' | 'block' }): number[] {
  const between = (from: readonly ProcessId[], to: readonly ProcessId[]) =>
    from.flatMap((p) => to.filter((q) => q !== p).map((q) => linkOf(simulation, p, q)))
  if (fault.kind === 'block') return between(fault.from, fault.to)
  return fault.groups.flatMap((group) => fault.groups.filter((other) => other !== group).flatMap((other) => between(group, other)))
}

/** `p1 | p2,p3`, `p1 -x-> p2`. */
export function detailOf(fault: Fault & { readonly kind: 'partition' | 'block' }): string {
  if (fault.kind === 'block') return `${fault.from.join(',')} -x-> ${fault.to.join(',')}`
  return fault.groups.map((group) => group.join(',')).join(' | ')
}
