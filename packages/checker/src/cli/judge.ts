import * as contract from '@upon/contract'
import { checkAll } from '../check'
import { drawHistory, historyHtml, linearizable, type Operation, regularRegister, safeRegister } from '../linearizability'
import { timeText } from '../linearizability/layout'
import { COLORS, escaped, pageHead } from '../pictures/markup'
import { storyOf, type Told } from '../pictures/story'
import { spaceTimeSvg } from '../pictures/svg'
import { spaceTimeText } from '../pictures/text'
import type { Trace } from '../trace'
import { type FileValue, readHistories } from '../trace-files/history-file'
import { isTraceHead, readTrace } from '../trace-files/ndjson'
import { shown } from '../values'
import type { PropertyVerdict } from '../verdict'
import type { Condition } from './options'

/** One verdict about a file, for people and for programs. */
export interface Judgement {
  readonly holds: boolean | 'unknown'
  /** What was judged: `linearizable`, `UC4 of uc`. */
  readonly subject: string
  readonly why: string
  /** More for programs. */
  readonly facts: Readonly<Record<string, unknown>>
  /** Of what is violated: what it says, in the book's words. */
  readonly means?: string
  readonly picture?: string
}

export interface JudgeOptions {
  readonly limitMs: number
  readonly condition: Condition
  readonly wantsHtml: boolean
}

/** What is to be said about the text of a file that is no recording, and its picture if wanted. Throws TraceError or InvalidHistory if it makes no sense. */
export function judge(name: string, text: string, options: JudgeOptions): { judgements: Judgement[]; html?: string } {
  const end = text.indexOf('\n')
  return isTraceHead(end < 0 ? text : text.slice(0, end)) ? judgeTrace(name, readTrace(text), options) : judgeHistories(name, text, options)
}

/** What is to be said about a trace, and a picture of each violation if wanted. */
export function judgeTrace(name: string, trace: Trace, { limitMs, wantsHtml }: JudgeOptions): { judgements: Judgement[]; html?: string } {
  const verdicts = checkAll(trace, { limitMs })
  const judgements = verdicts.map(({ property, path, holds, why, events }): Judgement => {
    const facts = { property, path, entries: trace.entries.length, events: events.map(({ index }) => index) }
    const picture =
      holds === false ? spaceTimeText(trace, { ...storyOf(trace, told({ property, path, events })), limitEntries: 60 }) : undefined
    const means = holds === false ? meaningOf(property) : undefined
    return {
      holds,
      subject: `${property} of ${path}`,
      why,
      facts,
      ...(means === undefined ? {} : { means }),
      ...(picture === undefined ? {} : { picture }),
    }
  })
  const violated = verdicts.filter(({ holds }) => holds === false)
  const section = (verdict: PropertyVerdict): string => {
    const means = meaningOf(verdict.property)
    const head = `<h2>${escaped(`${verdict.property} of ${verdict.path}`)}</h2>\n<p>${escaped(verdict.why)}</p>`
    const picture = scrolled(spaceTimeSvg(trace, storyOf(trace, told(verdict))))
    return [head, ...(means === undefined ? [] : [`<p>${escaped(means)}</p>`]), picture].join('\n')
  }
  const none = () => `<p>${verdicts.length} properties, none violated</p>\n${scrolled(spaceTimeSvg(trace))}`
  if (!wantsHtml) return { judgements }
  return { judgements, html: page(name, violated.length > 0 ? violated.map(section) : [none()]) }
}

const statements: Readonly<Record<string, string>> = Object.assign(
  {},
  ...Object.values(contract).map((module) => (module as { readonly properties?: object }).properties),
)

/** What a property says, in the book's words. */
const meaningOf = (property: string): string | undefined => statements[property]

const told = ({ property, path, events }: Pick<PropertyVerdict, 'property' | 'path' | 'events'>): Told => ({
  path,
  events,
  sort: meaningOf(property)?.includes('(safety') ? 'safety' : 'liveness',
})

const scrolled = (picture: string): string => `<div style="overflow-x:auto">${picture}</div>`

const STYLE = `${COLORS}
  body { margin: 0; background: var(--paper); color: var(--ink); padding: 16px } h1, h2 { font-size: 1.2em }`

const page = (name: string, sections: readonly string[]): string => `<!doctype html>
<html lang="en">${pageHead(name, STYLE)}
<body class="picture"><h1>${escaped(name)}</h1>
${sections.join('\n')}</body></html>
`

function judgeHistories(name: string, text: string, options: JudgeOptions) {
  const histories = readHistories(text)
  const pages: string[] = []
  const judgements = [...histories].map(([key, history]): Judgement => {
    const of = key === '' ? '' : ` of ${key}`
    const facts = { ...(key === '' ? {} : { key }), operations: history.length }
    if (options.condition !== 'atomic') return judgeOneWriter(history, options.condition, of, facts)
    const startMs = performance.now()
    const verdict = linearizable(history, { limitMs: options.limitMs })
    const elapsedMs = Math.round((performance.now() - startMs) * 1000) / 1000
    if (options.wantsHtml) pages.push(historyHtml(history, verdict, { title: `${name}${of}` }))
    const subject = `linearizable${of}`
    const common = { ...facts, outcome: verdict.outcome, elapsedMs }
    if (verdict.outcome === 'linearizable') return { holds: true, subject, why: countText(history), facts: common }
    if (verdict.outcome === 'undecided') return { holds: 'unknown', subject, why: verdict.reason, facts: common }
    const { untilMs: until, conflict, reason } = verdict
    return {
      holds: false,
      subject,
      why: `already until ${timeText(until)}: ${reason}`,
      facts: { ...common, until, conflict: conflict.map(lineOf) },
      picture: `${conflict.map(operationText).join('\n')}\n${drawHistory(conflict, verdict)}`,
    }
  })
  return options.wantsHtml ? { judgements, html: pages.join('\n') } : { judgements }
}

const countText = ({ length }: readonly unknown[]): string => (length === 0 ? 'there is no operation in it' : `${length} operations`)

function judgeOneWriter(
  history: readonly Operation<FileValue>[],
  condition: 'regular' | 'safe',
  of: string,
  facts: Judgement['facts'],
): Judgement {
  const verdict = condition === 'regular' ? regularRegister(history) : safeRegister(history)
  const subject = `${condition}${of}`
  if (verdict.outcome === 'holds') return { holds: true, subject, why: countText(history), facts }
  return {
    holds: false,
    subject,
    why: verdict.reason,
    facts: { ...facts, conflict: verdict.conflict.map(lineOf) },
    picture: verdict.conflict.map(operationText).join('\n'),
  }
}

/** An operation for people: `  11: write 583, from 4265 to 4281`. */
const operationText = ({ process, kind, value, invokedAtMs, respondedAtMs }: Operation<FileValue>): string => {
  const end = respondedAtMs === undefined ? 'and never returned' : `to ${timeText(respondedAtMs)}`
  return `  ${process}: ${kind} ${shown(value)}, from ${timeText(invokedAtMs)} ${end}`
}

/** An operation as files have it. */
const lineOf = ({ process, kind, value, invokedAtMs, respondedAtMs }: Operation<FileValue>) => ({
  client: process,
  op: kind,
  value: value ?? null,
  call: invokedAtMs,
  return: respondedAtMs ?? null,
})
