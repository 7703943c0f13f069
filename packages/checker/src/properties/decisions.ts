import type { AlgorithmEvent } from '../trace'
import { canonical, shown } from '../values'
import type { Finding } from '../verdict'

const decisionText = ({ attributes }: AlgorithmEvent): string => canonical(attributes[0])

/** Two of these decisions that differ. */
export function differing(decisions: readonly AlgorithmEvent[]): Finding {
  const [first] = decisions
  const other = decisions.find((event) => decisionText(event) !== decisionText(first!))
  if (first === undefined || other === undefined) return undefined
  const why = `${first.process} decided ${shown(first.attributes[0])}, but ${other.process} decided ${shown(other.attributes[0])}`
  return { why, events: [first, other] }
}

/** The second decision of a process. */
export function decidedTwice(decisions: readonly AlgorithmEvent[]): Finding {
  const first = new Map<string, AlgorithmEvent>()
  for (const event of decisions) {
    const before = first.get(event.process)
    if (before)
      return {
        why: `${event.process} decided twice: ${shown(before.attributes[0])}, then ${shown(event.attributes[0])}`,
        events: [before, event],
      }
    first.set(event.process, event)
  }
  return undefined
}

/** A decision of what nobody had proposed. */
export function madeUp(decisions: readonly AlgorithmEvent[], proposals: readonly AlgorithmEvent[], by: string): Finding {
  for (const event of decisions) {
    const proposal = proposals.find((other) => decisionText(other) === decisionText(event))
    if (proposal && proposal.index < event.index) continue
    const why = `${event.process} decided ${shown(event.attributes[0])}, which ${by} had proposed${proposal ? ' until then' : ''}`
    return { why, events: proposal ? [event, proposal] : [event] }
  }
  return undefined
}
