import { printable } from '@upon/contract'
import type { Verdict } from '@upon/linearizability'
import type { Colors } from 'picocolors/types'
import type { HubEvent } from '../events'
import type { RecordedOperation } from '../registers/history'
import type { AnyOutcome, ConsensusOutcome, StormOutcome } from '../system/outcomes'
import type { Missing } from '../system/pending'

export const showValue = (value: number | undefined): string => (value === undefined ? '⊥' : String(value))

const ms = (duration: number): string => (duration < 100 ? `${duration.toFixed(1)} ms` : `${Math.round(duration)} ms`)

/** One line for people; the topic is named on request, where several are under way. */
export function formatEvent(event: HubEvent, topics: 'named' | 'implied', c: Colors): string {
  const who = 'system' in event && 'process' in event ? `${event.system}/${c.bold(event.process)}` : ''
  const suffix = 'topic' in event && topics === 'named' ? ` (${printable(event.topic, 60)})` : ''
  switch (event.type) {
    case 'registered': {
      const how = { new: '', refreshed: ' again', restarted: ' after a restart', moved: ' after a restart', 'took-over': '' }[event.how]
      return `${c.bold(event.process)} registered${how} from ${event.host}:${event.port}`
    }
    case 'refused':
      return c.yellow(`refused a registration: ${event.reason}`)
    case 'crashed':
      return `${c.bold(event.process)} crashed`
    case 'system':
      return `${event.system} started: ${event.processes.map(({ process, rank }) => `${process} (rank ${rank})`).join(', ')}`
    case 'destroyed':
      return `${event.system} destroyed`
    case 'delivered':
      return `${who} delivered ${showValue(event.value)}`
    case 'wrote':
      return `${who} finished writing ${printable(event.register, 60)}`
    case 'read':
      return `${who} read ${printable(event.register, 60)}=${showValue(event.value)}`
    case 'proposed':
      return `${who} will propose ${event.value}${suffix}`
    case 'decided':
      return `${who} decided ${showValue(event.value)}${suffix}`
    case 'unexpected':
      return c.yellow(`${who} ${event.reason}`)
  }
}

/** The outcome of a command: a line for each missing process and each problem, and a summary. */
export function formatOutcome(outcome: AnyOutcome, timeoutMs: number, c: Colors): string[] {
  const problems = outcome.kind === 'consensus' ? outcome.problems : []
  const mark = outcome.ok ? c.green('ok') : c.red('FAILED')
  return [
    ...outcome.missing.map((missing) => c.yellow(`${outcome.system}/${missing.process} ${whyMissing(missing, timeoutMs)}`)),
    ...problems.map((problem) => (outcome.ok ? c.yellow(problem) : c.red(problem))),
    `${mark}: ${summary(outcome)}`,
  ]
}

function whyMissing({ reason, why }: Missing, timeoutMs: number): string {
  switch (reason) {
    case 'timeout':
      return `did not answer within ${timeoutMs} ms`
    case 'unreachable':
      return 'cannot be reached: connections to it are refused'
    case 'refused':
      return `refused: ${printable(why ?? '', 500)}`
    case 'not-broadcast':
      return 'did not deliver: the sender was not reached, or refused'
    case 'crashed':
      return 'crashed, no answer expected'
    case 'destroyed':
      return 'did not answer before the system was destroyed'
  }
}

function summary(outcome: AnyOutcome): string {
  const count = `${outcome.answers.length} of ${outcome.answers.length + outcome.missing.length}`
  const time = ms(outcome.elapsedMs)
  switch (outcome.kind) {
    case 'broadcast':
      return `${count} delivered ${outcome.value} in ${time}`
    case 'write':
      return `${count} wrote ${printable(outcome.register, 60)}=${outcome.value} in ${time}`
    case 'read':
      return `${count} read ${printable(outcome.register, 60)} in ${time}`
    case 'storm':
      return stormSummary(outcome)
    case 'consensus':
      return consensusSummary(outcome, count, time)
  }
}

function stormSummary({ register, reads, writes, answers, elapsedMs, p50Ms, p99Ms, seed }: StormOutcome): string {
  const rate = Math.round((answers.length / elapsedMs) * 1000)
  const counts = `${answers.length} of ${reads + writes} operations on ${printable(register, 60)} answered (${reads} reads, ${writes} writes)`
  return `${counts} in ${ms(elapsedMs)}: ${rate} a second, p50 ${ms(p50Ms)}, p99 ${ms(p99Ms)}; seed ${seed}`
}

function consensusSummary({ topic, decision, agreement, validity, integrity }: ConsensusOutcome, count: string, time: string): string {
  const what = decision === undefined ? '' : ` ${decision}`
  const judgement = `agreement ${agreement}, validity ${validity}, integrity ${integrity}`
  return `${count} decided${what} on ${printable(topic, 60)} in ${time}: ${judgement.replaceAll(/ambiguous/g, 'cannot be decided')}`
}

const LIMIT_ORDER = 40

export function formatVerdict(register: string, history: readonly RecordedOperation[], verdict: Verdict, c: Colors): string[] {
  const pending = history.filter(({ respondedAtMs }) => respondedAtMs === undefined).length
  const count = `${history.length} operations${pending > 0 ? `, ${pending} of them never answered` : ''}`
  const name = printable(register, 60)
  if (verdict.outcome === 'undecided') return [c.yellow(`${name}: undecided (${count}): ${verdict.reason}`)]
  if (verdict.outcome === 'not-linearizable') return [c.red(`${name} is NOT atomic (${count}): ${verdict.reason}`)]
  const order = verdict.order
    .slice(0, LIMIT_ORDER)
    .map(({ operation: { process, kind, value } }) => `${process} ${kind[0]}:${showValue(value)}`)
  const rest = verdict.order.length - order.length
  return [`in order: ${order.join(', ')}${rest > 0 ? `, and ${rest} more` : ''}`, c.green(`${name} is atomic: ${count}, linearizable`)]
}
