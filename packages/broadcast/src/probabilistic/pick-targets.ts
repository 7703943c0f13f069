import type { ProcessId } from '@upon/contract'

/** The book's `picktargets`: `fanout` distinct processes other than `self`, drawn uniformly; all others if there are no more than that. */
export function pickTargets(processes: readonly ProcessId[], self: ProcessId, fanout: number, below: (n: number) => number): ProcessId[] {
  if (fanout >= processes.length - 1) return processes.filter((p) => p !== self)
  const targets = new Set<ProcessId>()
  while (targets.size < fanout) {
    const candidate = processes[below(processes.length)] as ProcessId
    if (candidate !== self) targets.add(candidate)
  }
  return [...targets]
}
