import {
  drawHistory,
  historyHtml,
  linearizable,
  linearizableObject,
  type ObjectOperation,
  type Operation,
  type RegisterInput,
  registerModel,
  regularRegister,
  safeRegister,
  type Verdict,
} from '../linearizability'
import { type FileOperation, type FileValue, type Histories, nameOf, readHistories } from '../trace-files/history-file'
import { shown } from '../values'
import type { Judged, Judgement, JudgeOptions } from './judge'
import { RawJson } from './raw-json'

/** What is to be said about each register of a file. Throws TraceError or InvalidHistory if it makes no sense. */
export function judgeHistories(name: string, lines: string | Iterable<string>, options: JudgeOptions): Judged {
  const { registers, timeText } = readHistories(lines)
  const pages: string[] = []
  const judgements = [...registers].map(([key, operations]): Judgement => {
    const register = new Register(key, operations, timeText)
    if (options.condition !== 'atomic') return register.judgeOneWriter(options.condition)
    const verdict = register.decide(options.limitMs)
    if (options.wantsHtml) pages.push(historyHtml(register.history, verdict, { title: `${name}${register.of}`, timeText }))
    return register.judged(verdict)
  })
  return options.wantsHtml ? { judgements, html: pages.join('\n') } : { judgements }
}

class Register {
  /** For the subject of a verdict: ` of x`. */
  readonly of: string
  /** As pictures show it: a compare-and-swap is a write of `1→2`. */
  readonly history: readonly Operation<FileValue>[]
  readonly #operations: readonly FileOperation[]
  readonly #hasCas: boolean
  readonly #facts: Judgement['facts']
  #elapsedMs = 0

  constructor(
    key: string,
    operations: readonly FileOperation[],
    private readonly timeText: Histories['timeText'],
  ) {
    this.of = key === '' ? '' : ` of ${nameOf(key)}`
    this.#operations = operations
    this.#hasCas = operations.some(({ kind }) => kind === 'cas')
    this.history = this.#hasCas ? operations.map(pictured) : (operations as readonly Operation<FileValue>[])
    this.#facts = { ...(key === '' ? {} : { key: new RawJson(key) }), operations: operations.length }
  }

  decide(limitMs: number): Verdict<FileValue> {
    const startMs = performance.now()
    const verdict = this.#hasCas ? this.#decideCas(limitMs) : linearizable(this.history, { limitMs })
    this.#elapsedMs = Math.round((performance.now() - startMs) * 1000) / 1000
    return verdict
  }

  #decideCas(limitMs: number): Verdict<FileValue> {
    const objects = this.#operations.map(objectOperation)
    const places = new Map(objects.map((operation, i) => [operation, i]))
    const asPictured = (operation: object) =>
      this.history[places.get(operation as (typeof objects)[number]) as number] as Operation<FileValue>
    const verdict = linearizableObject(registerModel<FileValue>(), objects.filter(matters(objects)), { limitMs })
    if (verdict.outcome === 'undecided') return verdict
    if (verdict.outcome === 'linearizable') {
      let value: FileValue
      const order = verdict.order.map(({ operation, atMs }) => {
        const { input, output } = operation
        if (input.kind === 'write' || (input.kind === 'cas' && output !== false && input.expected === value)) value = input.value
        return { operation: asPictured(operation), value, atMs }
      })
      return { outcome: 'linearizable', order }
    }
    const conflict = verdict.conflict.map(asPictured)
    const [last] = conflict as [Operation<FileValue>]
    const under = conflict.length === 1 ? '' : `, whatever of the ${conflict.length - 1} others under way then came before`
    return { ...verdict, conflict, reason: `no order of what came before explains ${operationText(last, this.timeText).trim()}${under}` }
  }

  judged(verdict: Verdict<FileValue>): Judgement {
    const subject = `linearizable${this.of}`
    const facts = { ...this.#facts, outcome: verdict.outcome, elapsedMs: this.#elapsedMs }
    if (verdict.outcome === 'linearizable') return { holds: true, subject, why: this.#countText(), facts }
    if (verdict.outcome === 'undecided') return { holds: 'unknown', subject, why: verdict.reason, facts }
    const { untilMs, conflict, reason } = verdict
    const until = this.timeText(untilMs)
    return {
      holds: false,
      subject,
      why: `already until ${until}: ${reason}`,
      facts: { ...facts, until: new RawJson(until), conflict: this.#lines(conflict) },
      picture: `${this.#text(conflict)}\n${drawHistory(conflict, verdict)}`,
    }
  }

  /** Throws InvalidHistory where several clients write at once. */
  judgeOneWriter(condition: 'regular' | 'safe'): Judgement {
    const subject = `${condition}${this.of}`
    if (this.#hasCas) return { holds: 'unknown', subject, why: 'a register with compare-and-swap is atomic or nothing', facts: this.#facts }
    const verdict = condition === 'regular' ? regularRegister(this.history) : safeRegister(this.history)
    if (verdict.outcome === 'holds') return { holds: true, subject, why: this.#countText(), facts: this.#facts }
    const { reason: why, conflict } = verdict
    return { holds: false, subject, why, facts: { ...this.#facts, conflict: this.#lines(conflict) }, picture: this.#text(conflict) }
  }

  #countText(): string {
    return `${this.#operations.length} operation${this.#operations.length === 1 ? '' : 's'}`
  }

  #text(operations: readonly Operation<FileValue>[]): string {
    return operations.map((operation) => operationText(operation, this.timeText)).join('\n')
  }

  /** Operations as files have them. */
  #lines(operations: readonly Operation<FileValue>[]): unknown[] {
    return operations.map((operation) => {
      const { client, kind, value, expected, isRefused, invokedAtMs, respondedAtMs } = this.#operations[
        this.history.indexOf(operation)
      ] as FileOperation
      const values =
        kind === 'cas' ? { expected: jsonOf(expected), new: jsonOf(value), ...(isRefused && { ok: false }) } : { value: jsonOf(value) }
      const end = respondedAtMs === undefined ? null : new RawJson(this.timeText(respondedAtMs))
      return { client: new RawJson(client), op: kind, ...values, call: new RawJson(this.timeText(invokedAtMs)), return: end }
    })
  }
}

const jsonOf = (value: FileValue): unknown => (typeof value === 'string' ? new RawJson(value) : (value ?? null))

const valueText = (value: FileValue): string => (value === undefined ? '⊥' : String(value))

function pictured(operation: FileOperation): Operation<FileValue> {
  const { process, kind, value, expected, isRefused, invokedAtMs, respondedAtMs } = operation
  if (kind !== 'cas') return { process, kind, value, invokedAtMs, respondedAtMs }
  const words = `${isRefused ? 'not ' : ''}${valueText(expected)}→${valueText(value)}`
  return { process, kind: 'write', value: words, invokedAtMs, respondedAtMs }
}

type RegisterOperation = ObjectOperation<RegisterInput<FileValue>, FileValue | boolean>

function objectOperation({ process, kind, value, expected, isRefused, invokedAtMs, respondedAtMs }: FileOperation): RegisterOperation {
  const input = kind === 'read' ? { kind } : kind === 'write' ? { kind, value } : { kind, value, expected }
  const output = kind === 'read' ? value : kind === 'cas' ? !isRefused : undefined
  return { process, input, output, invokedAtMs, respondedAtMs }
}

/**
 * Whether an operation constrains the order: a pending one does not whose value was never read, nor expected by any other, unless another was refused, for which
 * every value may count.
 */
function matters(operations: readonly RegisterOperation[]): (operation: RegisterOperation) => boolean {
  const wanted = new Set<FileValue | boolean>()
  let wasRefused = false
  for (const { input, output, respondedAtMs } of operations) {
    if (input.kind === 'read' && respondedAtMs !== undefined) wanted.add(output)
    if (input.kind === 'cas') wanted.add(input.expected)
    wasRefused ||= input.kind === 'cas' && respondedAtMs !== undefined && output === false
  }
  return ({ input, respondedAtMs }) => respondedAtMs !== undefined || (input.kind !== 'read' && (wasRefused || wanted.has(input.value)))
}

/** An operation for people: `  11: write 583, from 4265 to 4281`. */
function operationText(
  { process, kind, value, invokedAtMs, respondedAtMs }: Operation<FileValue>,
  timeText: Histories['timeText'],
): string {
  const end = respondedAtMs === undefined ? 'and never returned' : `to ${timeText(respondedAtMs)}`
  return `  ${process}: ${kind} ${typeof value === 'string' ? clipped(value) : shown(value)}, from ${timeText(invokedAtMs)} ${end}`
}

const LIMIT_SHOWN = 200

const clipped = (text: string): string => (text.length > LIMIT_SHOWN ? `${text.slice(0, LIMIT_SHOWN - 1)}…` : text)
