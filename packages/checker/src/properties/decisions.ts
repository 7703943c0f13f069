import { type AlgorithmEvent, canonical, shown } from '@upon/trace'
import type { Finding } from '../verdict'

const decisionText = ({ attributes }: AlgorithmEvent): string => canonical(attributes[0])

/** Two processes that decided differently. */
export function differing(decisions: readonly AlgorithmEvent[]): Finding {
  const first = new Map<string, AlgorithmEvent>()
  for (const event of decisions) {
    const text = decisionText(event)
    for (const [otherText, other] of first) {
      if (otherText === text || other.process === event.process) continue
      const why = `${other.process} decided ${shown(other.attributes[0])}, but ${event.process} decided ${shown(event.attributes[0])}`
      return { why, events: [other, event] }
    }
    if (!first.has(text)) first.set(text, event)
  }
  return undefined
}

/** A process that decided twice. */
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

/** A decision on a value that was not proposed before. */
export function madeUp(decisions: readonly AlgorithmEvent[], proposals: readonly AlgorithmEvent[], by: string): Finding {
  const first = new Map<string, AlgorithmEvent>()
  for (const event of proposals) {
    const known = first.get(decisionText(event))
    if (known === undefined || event.index < known.index) first.set(decisionText(event), event)
  }
  for (const event of decisions) {
    const proposal = first.get(decisionText(event))
    if (proposal && proposal.index < event.index) continue
    const why = `${event.process} decided ${shown(event.attributes[0])}, which ${by} had proposed${proposal ? ' by then' : ''}`
    return { why, events: proposal ? [event, proposal] : [event] }
  }
  return undefined
}
