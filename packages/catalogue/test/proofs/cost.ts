import type { AlgorithmEvent } from '@upon/trace'
import type { Cost, Entry } from '../../src'
import { evaluate } from './formula'
import { runPlanOf } from './good-case'

/** What an operation costs among so many processes, and what it should. */
export function costOf({ scenario, suite }: Pick<Entry, 'scenario' | 'suite'>, cost: Cost, processes: number) {
  const { trace } = runPlanOf(scenario, processes, cost.operations)
  const events = trace.entries.filter((entry): entry is AlgorithmEvent => entry.type === 'event')
  const isDetector = ({ path }: AlgorithmEvent) => /(^|\.)(e?pfd|eld|le)(\.|$)/.test(path)
  const paths = [...new Set(events.map(({ path }) => path))]
  const isNetwork = ({ path, module }: AlgorithmEvent) => /Links$/.test(module) && !paths.some((other) => other.startsWith(`${path}.`))
  const sent = events.filter((event) => event.event === 'send' && isNetwork(event) && !isDetector(event))
  const indications = events.filter(({ module, direction }) => module === suite.module.name && direction === 'indication')
  return {
    actual: { steps: indications.at(-1)?.timeMs, messages: sent.length },
    expected: { steps: evaluate(String(cost.steps), processes), messages: evaluate(cost.messages, processes) },
  }
}
