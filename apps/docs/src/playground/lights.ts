import type { Entry } from '@upon/catalogue'
import { check, type PropertyVerdict } from '@upon/checker'
import type { Session } from '@upon/simulator'
import type { TraceEntry } from '@upon/trace'

/** What can be said about a property so far. */
export interface Light {
  /** By the book's name: `URB4`. */
  readonly property: string
  /** `Uniform agreement`. */
  readonly name: string
  /** The property in words. */
  readonly means: string
  readonly says: 'holds' | 'open' | 'violated' | 'beyond'
  readonly why: string
  /** What shows a violation. */
  readonly events: readonly TraceEntry[]
}

/** The words that stand beside a light. */
export const SAYS = {
  holds: 'holds so far',
  open: 'cannot be said yet',
  violated: 'violated',
  beyond: 'beyond the model',
} as const satisfies Record<Light['says'], string>

/** A light for each property of the entry's module. */
export function lightsOf({ suite, algorithm }: Entry, session: Session): Light[] {
  const { trace, broken } = session
  const path = algorithm.instance
  const verdicts = suite.judge?.(trace, path) ?? check(trace, suite.module, { path })
  return Object.entries(suite.module.properties).map(([property, words]) => {
    const [, name = property, means = words] = /^([^:]+): (.*)$/s.exec(words) ?? []
    return {
      property,
      name,
      means,
      ...said(
        verdicts.filter((verdict) => verdict.property === property),
        broken,
      ),
    }
  })
}

function said(verdicts: readonly PropertyVerdict[], broken: readonly string[]): Pick<Light, 'says' | 'why' | 'events'> {
  const violated = verdicts.find(({ holds }) => holds === false)
  if (violated !== undefined && broken.length > 0)
    return { says: 'beyond', why: `${violated.why}. But the model does not allow what happened: ${broken[0]}`, events: violated.events }
  if (violated !== undefined) return { says: 'violated', why: violated.why, events: violated.events }
  const open = verdicts.find(({ holds }) => holds !== true)
  if (open !== undefined || verdicts.length === 0)
    return { says: 'open', why: open === undefined ? 'nothing is said about it' : wordsOf(open.why), events: [] }
  return { says: 'holds', why: verdicts[0]?.why ?? '', events: [] }
}

const wordsOf = (why: string): string => (why.startsWith('the run was cut off') ? 'what is missing can still happen' : why)
