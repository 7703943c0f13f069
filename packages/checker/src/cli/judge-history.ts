import { drawHistory, historyHtml, linearizable, type Operation, regularRegister, safeRegister, type Verdict } from '@upon/linearizability'
import { decideCas, pictured, valuesText, valueText } from './cas-history'
import { type FileOperation, type FileValue, type Histories, nameOf, readHistories } from './history-file'
import type { Judged, Judgement, JudgeOptions } from './judgement'
import { RawJson } from './raw-json'
import { isUnwritten, valueBefore } from './unwritten'

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
  readonly #isUnwritten: boolean
  readonly #name: string
  #facts: Judgement['facts']
  #remark = ''
  #elapsedMs = 0

  constructor(
    key: string,
    operations: readonly FileOperation[],
    private readonly timeText: Histories['timeText'],
  ) {
    this.of = key === '' ? '' : ` of ${nameOf(key)}`
    this.#name = key === '' ? 'the register' : nameOf(key)
    this.#operations = operations
    this.#hasCas = operations.some(({ kind }) => kind === 'cas')
    this.#isUnwritten = isUnwritten(operations)
    this.history = this.#hasCas ? operations.map(pictured) : (operations as readonly Operation<FileValue>[])
    this.#facts = { ...(key === '' ? {} : { key: new RawJson(key) }), operations: operations.length }
  }

  decide(limitMs: number): Verdict<FileValue> {
    const startMs = performance.now()
    const verdict = this.#isUnwritten
      ? this.#decideUnwritten()
      : this.#hasCas
        ? decideCas(this.#operations, this.history, limitMs, (last) => this.#text([last]).trim())
        : linearizable(this.history, { limitMs })
    this.#elapsedMs = Math.round((performance.now() - startMs) * 1000) / 1000
    return verdict
  }

  /** Where nothing is written, all that returned must agree on what was there before. */
  #decideUnwritten(): Verdict<FileValue> {
    const before = valueBefore(this.#operations)
    const asPictured = (operation: FileOperation) => this.history[this.#operations.indexOf(operation)] as Operation<FileValue>
    const nobodyWrites = `nobody writes ${this.#name} here`
    if ('conflict' in before) {
      const [one, other] = before.conflict
      const [first, second] = [other, one].map(answerText)
      const reason = `${first}, but ${second}, and ${nobodyWrites}`
      return { outcome: 'not-linearizable', conflict: before.conflict.map(asPictured), reason, untilMs: one.respondedAtMs as number }
    }
    const value = before.read?.value
    if (value !== undefined) {
      this.#remark = `; ${nobodyWrites}: taken to have held ${clipped(String(value))} before`
      this.#facts = { ...this.#facts, heldBefore: jsonOf(value) }
    }
    const returned = this.history.filter(({ respondedAtMs }) => respondedAtMs !== undefined)
    const order = returned.sort((a, b) => a.invokedAtMs - b.invokedAtMs)
    return { outcome: 'linearizable', order: order.map((operation) => ({ operation, value, atMs: operation.invokedAtMs })) }
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
    const verdict = this.#isUnwritten
      ? this.#decideUnwritten()
      : condition === 'regular'
        ? regularRegister(this.history)
        : safeRegister(this.history)
    if (!('conflict' in verdict)) return { holds: true, subject, why: this.#countText(), facts: this.#facts }
    const { reason: why, conflict } = verdict
    return { holds: false, subject, why, facts: { ...this.#facts, conflict: this.#lines(conflict) }, picture: this.#text(conflict) }
  }

  #countText(): string {
    return `${this.#operations.length} operation${this.#operations.length === 1 ? '' : 's'}${this.#remark}`
  }

  #text(operations: readonly Operation<FileValue>[]): string {
    return operations.map((operation) => operationText(this.#inFile(operation), this.timeText)).join('\n')
  }

  /** What stands in the file for an operation of a picture. */
  #inFile(operation: Operation<FileValue>): FileOperation {
    return this.#operations[this.history.indexOf(operation)] as FileOperation
  }

  /** Operations as files have them. */
  #lines(operations: readonly Operation<FileValue>[]): unknown[] {
    return operations.map((operation) => {
      const { client, kind, value, expected, isRefused, invokedAtMs, respondedAtMs } = this.#inFile(operation)
      const values =
        kind === 'cas' ? { expected: jsonOf(expected), new: jsonOf(value), ...(isRefused && { ok: false }) } : { value: jsonOf(value) }
      const end = respondedAtMs === undefined ? null : new RawJson(this.timeText(respondedAtMs))
      return { client: new RawJson(client), op: kind, ...values, call: new RawJson(this.timeText(invokedAtMs)), return: end }
    })
  }
}

const jsonOf = (value: FileValue): unknown => (typeof value === 'string' ? new RawJson(value) : (value ?? null))

const answerText = ({ process, kind, value, expected }: FileOperation): string =>
  kind === 'read' ? `${process} read ${clipped(valueText(value))}` : `${process} found something else than ${clipped(valueText(expected))}`

/** An operation for people: `  11: write 583, from 4265 to 4281`. */
function operationText(operation: FileOperation, timeText: Histories['timeText']): string {
  const { process, kind, invokedAtMs, respondedAtMs } = operation
  const end = respondedAtMs === undefined ? 'and never returned' : `to ${timeText(respondedAtMs)}`
  return `  ${process}: ${kind} ${clipped(valuesText(operation))}, from ${timeText(invokedAtMs)} ${end}`
}

const LIMIT_SHOWN = 200

const clipped = (text: string): string => (text.length > LIMIT_SHOWN ? `${text.slice(0, LIMIT_SHOWN - 1)}…` : text)
