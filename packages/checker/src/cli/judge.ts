import * as contract from '@upon/contract'
import { isTraceHead, type PageSection, picturePage, readTrace, spaceTimeSvg, spaceTimeText, type Trace } from '@upon/trace'
import { checkAll } from '../check'
import { type StoryFocus, storyOf } from '../story/story'
import type { PropertyVerdict } from '../verdict'
import { judgeHistories } from './judge-history'
import type { Judged, Judgement, JudgeOptions } from './judgement'

/**
 * Judges a file that is not a recording, given its first line that is not blank and all its lines; draws it if wanted. Throws TraceError
 * or InvalidHistory for a malformed file.
 */
export function judge(name: string, first: string, lines: string | Iterable<string>, options: JudgeOptions): Judged {
  return isTraceHead(first) ? judgeTrace(name, readTrace(lines), options) : judgeHistories(name, lines, options)
}

/** Judges a trace, and draws each violation if wanted. */
export function judgeTrace(name: string, trace: Trace, { limitMs, wantsHtml }: JudgeOptions): Judged {
  const verdicts = checkAll(trace, { limitMs })
  const judgements = verdicts.map((verdict) => judgementOf(trace, verdict))
  if (verdicts.length === 0) judgements.push(nothingToJudge(trace))
  if (!wantsHtml) return { judgements }
  const violated = verdicts.filter(({ holds }) => holds === false || holds === 'ill-formed')
  const section = (verdict: PropertyVerdict): PageSection => {
    const means = meaningOf(verdict.property)
    const paragraphs = means === undefined ? [verdict.why] : [verdict.why, means]
    return { title: subjectOf(verdict), paragraphs, picture: spaceTimeSvg(trace, storyOf(trace, focusOf(verdict))) }
  }
  const none = (): PageSection => ({ paragraphs: [`${verdicts.length} properties, none violated`], picture: spaceTimeSvg(trace) })
  return { judgements, html: picturePage(name, violated.length > 0 ? violated.map(section) : [none()]) }
}

const subjectOf = ({ property, path, holds }: PropertyVerdict): string =>
  holds === 'ill-formed' ? (path === '' ? 'the trace' : `the trace at ${path}`) : `${property} of ${path}`

function judgementOf(trace: Trace, verdict: PropertyVerdict): Judgement {
  const { property, path, holds, why, events } = verdict
  const indices = events.map(({ index }) => index)
  const isLiveness = meaningOf(property)?.includes('liveness') === true
  const judgement: Judgement = {
    holds,
    subject: subjectOf(verdict),
    why,
    facts: { property, path, entries: trace.entries.length, events: indices, ...(holds === 'ill-formed' && { index: indices[0] ?? null }) },
    isOpen: holds === 'unknown' && isLiveness,
  }
  if (holds !== false) return judgement
  const picture = spaceTimeText(trace, { ...storyOf(trace, focusOf({ property, path, events })), limitEntries: 60 })
  const means = meaningOf(property)
  return { ...judgement, picture, ...(means === undefined ? {} : { means }) }
}

function nothingToJudge({ entries }: Trace): Judgement {
  const why = entries.length === 0 ? 'it has no entries' : `none of its ${entries.length} entries is an event of a module with properties`
  return { holds: 'unknown', subject: 'the trace', why: `nothing to judge: ${why}`, facts: { entries: entries.length } }
}

const statements: Readonly<Record<string, string>> = Object.assign(
  {},
  ...Object.values(contract).map((module) => (module as { readonly properties?: object }).properties),
)

/** A property in the book's words. */
const meaningOf = (property: string): string | undefined => statements[property]

const focusOf = ({ property, path, events }: Pick<PropertyVerdict, 'property' | 'path' | 'events'>): StoryFocus => ({
  path,
  events,
  sort: meaningOf(property)?.includes('(safety') ? 'safety' : 'liveness',
})
