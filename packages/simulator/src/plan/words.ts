import { momentText } from '@upon/trace'
import type { ClientOperation, Crash, Fate, Fault, Plan, Schedule, Span } from './plan'

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`

/** A plan in one line: its mix of faults and its schedule. */
export function describePlan({ processes, operations, faults, schedule, stabilisationMs, boundMs, deviations }: Plan): string {
  const counts = new Map<string, number>()
  for (const { kind } of faults) counts.set(kind, (counts.get(kind) ?? 0) + 1)
  const mix = [...counts].map(([kind, count]) => (count === 1 ? kind : `${count} × ${kind}`)).join(', ') || 'no faults'
  const size = `${counted(processes.length, 'process').replace(/sss$/, 'sses')}, ${counted(operations.length, 'operation')}`
  const how = scheduleText(schedule, Object.keys(deviations ?? {}).length)
  const calm = stabilisationMs === 0 ? 'always' : `from ${stabilisationMs} ms on`
  return `${size}; ${mix}; ${how}; ${calm}, a message takes ${boundMs} ms at most`
}

function scheduleText(schedule: Schedule, deviations: number): string {
  if (schedule.kind === 'fixed') return `messages take ${schedule.delayMs} ms${deviations === 0 ? '' : `, except for ${deviations}`}`
  if (schedule.kind === 'random') return `${schedule.shape} delays of ${schedule.lowMs} to ${schedule.highMs} ms`
  return `links with priorities, which change ${schedule.changes.length} times; a message each ${schedule.stepMs} ms`
}

/** What a reader must know about a plan to understand its run, one item per line. */
export function stepsOf({ operations, faults, schedule, deviations = {} }: Plan): string[] {
  const delays = Object.entries(deviations)
  const others = delays.length === 0 ? 'every message takes' : 'every other message takes'
  return [
    ...operations.map(operationText),
    ...faults.map(faultText),
    ...delays.map(([message, ms]) => `${messageText(message)} takes ${momentText(ms)} ms`),
    schedule.kind === 'fixed' ? `${others} ${schedule.delayMs} ms` : scheduleText(schedule, 0),
  ]
}

function operationText({ process, operation, afterMs, atMs }: ClientOperation, i: number, all: readonly ClientOperation[]): string {
  const isFirst = all.findIndex((other) => other.process === process) === i
  const when = afterMs === 0 ? (isFirst ? 'at once' : 'then') : `${momentText(afterMs)} ms ${isFirst ? 'from the start' : 'after that'}`
  return `${process}: ${valueText(operation)}, ${when}${atMs === undefined ? '' : `, not before ${momentText(atMs)} ms`}`
}

/** `write 3`, `read`, `to p5, m 0`, `50`. */
function valueText(value: unknown): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return JSON.stringify(value) ?? String(value)
  const { kind, ...fields } = value as Record<string, unknown>
  const isAlone = Object.keys(fields).length === 1 && typeof kind === 'string'
  const rest = Object.entries(fields).map(([name, field]) => (isAlone ? JSON.stringify(field) : `${name} ${JSON.stringify(field)}`))
  return [...(kind === undefined ? [] : [String(kind)]), rest.join(', ')].join(' ').trim()
}

/** `p5>p2 uc.ep[0].beb.pl 1`, `p1 uc.epfd.timer 3` or `p1 step 2` in words. */
function messageText(name: string): string {
  const parts = /^(\S+) (.*) (\d+)( again)?( \d+)?$/.exec(name)
  if (parts === null) return name
  const [, link = '', path, n, again] = parts
  if (path === 'step') return `step ${n} of the layers at ${link}`
  if (!link.includes('>')) return `start ${n} of ${path} at ${link}`
  return `${again === undefined ? 'message' : 'the copy of message'} ${n} from ${link.replace('>', ' to ')} over ${path}`
}

function fateText({ message, is, afterMs = 0 }: Fate): string {
  const which = messageText(message)
  if (is === 'lost') return `${which} is lost`
  if (is === 'early') return `${which} times out after ${momentText(afterMs)} ms`
  return `${is === 'late' ? which : `a copy of ${which}`} takes ${momentText(afterMs)} ms`
}

const spanText = ({ fromMs, toMs }: Span): string =>
  toMs === undefined ? `from ${momentText(fromMs)} ms forever` : `from ${momentText(fromMs)} to ${momentText(toMs)} ms`

const groupsText = (groups: readonly (readonly string[])[]): string => groups.map((group) => group.join(' ')).join(' | ')

function crashText(crash: Crash): string {
  if ('atEnd' in crash) return 'in the end, as ever again'
  return 'atMs' in crash ? `at ${momentText(crash.atMs)} ms` : `right after its message ${crash.afterSends} to another process`
}

function faultText(fault: Fault): string {
  switch (fault.kind) {
    case 'crash': {
      const { lostPercent: lost = 0 } = fault
      const share = lost === 100 ? 'each of' : `with a chance of ${lost} %, each of`
      return `${fault.process} crashes ${crashText(fault)}${lost === 0 ? '' : `, and ${share} its messages under way is lost`}`
    }
    case 'recover':
      return `${fault.process} recovers at ${momentText(fault.atMs)} ms`
    case 'fate':
      return fateText(fault)
    case 'stabilise':
      return `delays are bounded from ${momentText(fault.atMs)} ms on`
    case 'start':
      return `${fault.process} starts at ${momentText(fault.atMs)} ms`
    case 'pause':
      return `${fault.process} stands still ${spanText(fault)}`
    case 'slow':
      return `${fault.process} takes ${momentText(fault.eventMs)} ms for each event ${spanText(fault)}`
    case 'partition':
      return `nothing passes between ${groupsText(fault.groups)} ${spanText(fault)}`
    case 'block':
      return `nothing passes from ${fault.from.join(' ')} to ${fault.to.join(' ')} ${spanText(fault)}`
    case 'drift':
      return `the timers of ${fault.process} take ${fault.percent} % of their time`
    case 'loss': {
      const until = fault.toMs === undefined ? '' : ` until ${momentText(fault.toMs)} ms`
      return `links lose ${fault.lostPercent} % of the messages and repeat ${fault.duplicatedPercent} %${until}`
    }
    case 'hint':
      return `at ${momentText(fault.atMs)} ms, a connection from ${fault.process} to ${fault.about} is refused`
  }
}
