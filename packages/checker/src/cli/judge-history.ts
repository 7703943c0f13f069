import { drawHistory, historyHtml, linearizable, type Operation, regularRegister, safeRegister, type Verdict } from '@upon/linearizability'
import { clipped } from '@upon/trace'
import { decideCas, pictured, valuesText, valueText } from './cas-history'
import { type FileOperation, type FileValue, type Histories, nameOf, readHistories } from './history-file'
import type { Judged, Judgement, JudgeOptions } from './judgement'
import { RawJson } from './raw-json'

/** Judges each register of a file. Throws TraceError or InvalidHistory for a malformed file. */
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
  /** The end of a verdict's subject: ` of x`. */
  readonly of: string
  /** The operations as pictures show them: a compare-and-swap is a write of `1→2`. */
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

  /** If nothing is written, all completed operations must agree on the value before the file. */
  #decideUnwritten(): Verdict<FileValue> {
    const before = valueBefore(this.#operations)
    const asPictured = (operation: FileOperation) => this.history[this.#operations.indexOf(operation)] as Operation<FileValue>
    const notWritten = `nothing in the file writes ${this.#name}`
    if ('conflict' in before) {
      const [one, other] = before.conflict
      const [first, second] = [other, one].map(answerText)
      const reason = `${first}, but ${second}, and ${notWritten}`
      return { outcome: 'not-linearizable', conflict: before.conflict.map(asPictured), reason, untilMs: one.respondedAtMs as number }
    }
    const value = before.read?.value
    if (value !== undefined) {
      this.#remark = `; ${notWritten}: assumed that it held ${clip(String(value))} before`
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
      why: `violated by time ${until}: ${reason}`,
      facts: { ...facts, until: new RawJson(until), conflict: this.#lines(conflict) },
      picture: `${this.#text(conflict)}\n${drawHistory(conflict, verdict)}`,
    }
  }

  /** Throws InvalidHistory where several clients write at once. */
  judgeOneWriter(condition: 'regular' | 'safe'): Judgement {
    const subject = `${condition}${this.of}`
    if (this.#hasCas)
      return { holds: 'unknown', subject, why: 'for a register with compare-and-swap only atomicity is defined', facts: this.#facts }
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

  /** The operation in the file that an operation of a picture shows. */
  #inFile(operation: Operation<FileValue>): FileOperation {
    return this.#operations[this.history.indexOf(operation)] as FileOperation
  }

  /** Operations in the form of files. */
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
  kind === 'read' ? `${process} read ${clip(valueText(value))}` : `${process} found a value other than ${clip(valueText(expected))}`

/** An operation for people: `  11: write 583, from 4265 to 4281`. */
function operationText(operation: FileOperation, timeText: Histories['timeText']): string {
  const { process, kind, invokedAtMs, respondedAtMs } = operation
  const end = respondedAtMs === undefined ? 'and never returned' : `to ${timeText(respondedAtMs)}`
  return `  ${process}: ${kind} ${clip(valuesText(operation))}, from ${timeText(invokedAtMs)} ${end}`
}

const LIMIT_SHOWN = 200

const clip = (text: string): string => clipped(text, LIMIT_SHOWN)

/** What operations that change nothing show about the value before them. */
type Before =
  /** The first read, which returned the value; none if there was no read. */
  | { readonly read: FileOperation | undefined }
  /** Two operations that no value explains; the one that returned later comes first. */
  | { readonly conflict: readonly [FileOperation, FileOperation] }

/** Whether no operation in a file can have changed the register: there are only reads and failed compare-and-swaps. */
const isUnwritten = (operations: readonly FileOperation[]): boolean =>
  operations.every(({ kind, isRefused }) => kind === 'read' || isRefused)

/** The value of a register before a file that does not change it. The file does not say it, so the completed operations only have to agree. */
function valueBefore(operations: readonly FileOperation[]): Before {
  const returned = operations.filter(({ respondedAtMs }) => respondedAtMs !== undefined)
  const refused = new Map<FileValue, FileOperation>()
  let read: FileOperation | undefined
  for (const one of returned.sort((a, b) => (a.respondedAtMs as number) - (b.respondedAtMs as number))) {
    const isRead = one.kind === 'read'
    const other = isRead ? (read?.value === one.value ? undefined : read) : one.expected === read?.value ? read : undefined
    const against = other ?? (isRead ? refused.get(one.value) : undefined)
    if (against !== undefined) return { conflict: [one, against] }
    if (isRead) read ??= one
    else refused.set(one.expected, one)
  }
  return { read }
}
