import { InvalidHistory } from '@upon/linearizability'
import { canonical, compareExactly, ExactNumber, forEachObject, found, JoinError, knownOnly, type Read, TraceError } from '@upon/trace'

/** A value that was written or read: a double as it is, anything else as its canonical text, which is JSON; `undefined` for ⊥. */
export type FileValue = string | number | undefined

/** An operation of a file. Times are numbers in the file's order of time; `timeText` gives them as written in the file. */
export interface FileOperation {
  /** The client as JSON. `process` is its name for people, which is unique. */
  readonly client: string
  readonly process: string
  readonly kind: 'read' | 'write' | 'cas'
  /** The value read or written; for a compare-and-swap the new value. */
  readonly value: FileValue
  /** For a compare-and-swap: the value to replace. */
  readonly expected: FileValue
  /** Whether a compare-and-swap failed, since it found another value than expected. */
  readonly isRefused: boolean
  readonly invokedAtMs: number
  readonly respondedAtMs: number | undefined
}

/** The registers of a file. */
export interface Histories {
  /** The operations by the key of the register as JSON; '' for lines without a key. */
  readonly registers: ReadonlyMap<string, readonly FileOperation[]>
  /** A time as written in the file. */
  timeText(time: number): string
}

type Time = number | ExactNumber

/** The fields of a line, in the long or the short form. */
interface Line {
  readonly op: unknown
  readonly client: unknown
  readonly key: unknown
  readonly call: unknown
  readonly end: unknown
  readonly value: unknown
  readonly expected: unknown
  readonly ok: unknown
}

/** An operation during reading. */
interface Draft extends FileOperation {
  invokedAtMs: number
  respondedAtMs: number | undefined
  readonly call: Time
  readonly end: Time | undefined
  readonly line: number
}

/**
 * Reads lines `{"client","op":"write"|"read","value","call","return"}`: `return` is null or absent for an operation that never returned, `value` is null for the
 * initial value, and an optional `"key"` names the register. A compare-and-swap is `"op":"cas","expected","new"`, or `"value":[expected,new]`, with
 * `"ok":false` if it found another value. The short form is `{"p","f","a","call","ret"}`, with `"b"` for the new value of a cas.
 * Values, keys and clients are any data; times are numbers of any unit and size. Blank lines are skipped. Throws TraceError at the first malformed line,
 * for operations of one client on one register that overlap, and for a file without operations.
 */
export function readHistories(text: string | Iterable<string>): Histories {
  const registers = new Map<string, Draft[]>()
  const texts = new Texts()
  const lines = forEachObject(text, (read, line) => {
    const one = lineOf(read, line)
    const key = one.key === undefined ? '' : texts.of(one.key)
    const draft = draftOf(one, line, texts)
    const others = registers.get(key)
    if (others) others.push(draft)
    else registers.set(key, [draft])
  })
  if (registers.size === 0) throw new TraceError(Math.max(1, lines), 'the file is empty; expected an operation per line')
  const timeText = settle(registers.values())
  for (const drafts of registers.values()) refuseOverlaps(drafts)
  return { registers, timeText }
}

const FIELDS = new Set(['client', 'op', 'value', 'call', 'return', 'key'])
const CAS_FIELDS = new Set([...FIELDS, 'expected', 'new', 'ok'])
const SHORT_FIELDS = new Set(['p', 'f', 'a', 'call', 'ret', 'key'])
const SHORT_CAS_FIELDS = new Set([...SHORT_FIELDS, 'b', 'ok'])

function lineOf(read: Read, line: number): Line {
  const isShort = read.op === undefined && read.f !== undefined
  const op = isShort ? read.f : read.op
  const isCas = op === 'cas'
  if (op !== 'read' && op !== 'write' && !isCas) {
    if (op === undefined) knownOnly(read, FIELDS, 'an operation', line)
    throw new TraceError(line, `"${isShort ? 'f' : 'op'}" is ${found(op)}; expected "read", "write" or "cas"`)
  }
  if (isShort) {
    knownOnly(read, isCas ? SHORT_CAS_FIELDS : SHORT_FIELDS, `a ${op}`, line)
    const { p: client, key, call, ret: end, a, b, ok } = read
    return { op, client, key, call, end, value: isCas ? b : a, expected: isCas ? a : null, ok }
  }
  knownOnly(read, isCas ? CAS_FIELDS : FIELDS, `a ${op}`, line)
  const { client, key, call, return: end, value, ok } = read
  if (!isCas) return { op, client, key, call, end, value, expected: null, ok }
  if (value === undefined) return { op, client, key, call, end, value: read.new, expected: read.expected, ok }
  if (!Array.isArray(value) || value.length !== 2 || 'new' in read || 'expected' in read)
    throw new TraceError(
      line,
      `"value" of a cas is ${found(value)}; expected [value to replace, new value], or the fields "expected" and "new"`,
    )
  return { op, client, key, call, end, value: value[1], expected: value[0], ok }
}

function draftOf({ op, client, call, end, value, expected, ok }: Line, line: number, texts: Texts): Draft {
  if (typeof client !== 'string' && typeof client !== 'number' && !(client instanceof ExactNumber))
    throw new TraceError(line, `the client is ${found(client)}; expected a text or a number`)
  if (op !== 'read' && (value === undefined || expected === undefined))
    throw new TraceError(
      line,
      op === 'cas'
        ? 'a cas needs the value to replace and the new value'
        : 'the value that was written is missing; null is the initial value',
    )
  if (ok !== undefined && (typeof ok !== 'boolean' || isNothing(end)))
    throw new TraceError(line, `"ok" is ${found(ok)}; expected true or false, and only for a cas that returned`)
  if (!isTime(call)) throw new TraceError(line, `"call" is ${found(call)}; expected a number`)
  if (!isNothing(end) && !isTime(end)) throw new TraceError(line, `the return is ${found(end)}; expected a number or null`)
  if (isTime(end) && compareExactly(end, call) < 0)
    throw new TraceError(line, `the return is ${end}, before the call, ${call}; expected it to be no earlier`)
  return {
    client: texts.of(client),
    process: texts.nameOf(client),
    kind: op as FileOperation['kind'],
    value: fileValue(value, texts),
    expected: fileValue(expected, texts),
    isRefused: ok === false,
    invokedAtMs: Number(call),
    respondedAtMs: isTime(end) ? Number(end) : undefined,
    call,
    end: isTime(end) ? end : undefined,
    line,
  }
}

const isNothing = (value: unknown): boolean => value === null || value === undefined

const isTime = (value: unknown): value is Time => typeof value === 'number' || value instanceof ExactNumber

const fileValue = (value: unknown, texts: Texts): FileValue =>
  isNothing(value) ? undefined : typeof value === 'number' ? value : texts.of(value)

/** JSON as a name for people: without quotes if it can only be a text. */
export function nameOf(json: string): string {
  return /^"(?!(?:true|false|null)")[\p{L}_][\p{L}\p{N}_.:-]*"$/u.test(json) ? json.slice(1, -1) : json
}

/** Canonical texts and names. Equal ones share one string. */
class Texts {
  readonly #known = new Map<string, string>()

  of(value: unknown): string {
    return this.#once(canonical(value))
  }

  nameOf(value: unknown): string {
    return this.#once(nameOf(canonical(value)))
  }

  #once(text: string): string {
    const known = this.#known.get(text)
    if (known !== undefined) return known
    this.#known.set(text, text)
    return text
  }
}

/**
 * Makes times numbers, and returns how to print these. If a double cannot hold one of them, all are numbered instead: 0 is the first moment in the
 * file, 1 the next.
 */
function settle(drafts: Iterable<readonly Draft[]>): Histories['timeText'] {
  const all = [...drafts].flat()
  if (!all.some(({ call, end }) => call instanceof ExactNumber || end instanceof ExactNumber)) return String
  const times = all.flatMap(({ call, end }) => (end === undefined ? [call] : [call, end])).sort(compareExactly)
  const places = new Map<string, number>()
  for (const time of times) if (!places.has(String(time))) places.set(String(time), places.size)
  for (const draft of all) {
    draft.invokedAtMs = places.get(String(draft.call)) as number
    if (draft.end !== undefined) draft.respondedAtMs = places.get(String(draft.end))
  }
  const texts = [...places.keys()]
  return (place) => texts[place] as string
}

/** Refuses overlapping operations of one client. They may touch, since clocks are coarse, and one that never returned may go on forever. */
function refuseOverlaps(drafts: readonly Draft[]): void {
  const byClient = new Map<string, Draft[]>()
  for (const draft of drafts) {
    if (draft.respondedAtMs === undefined) continue
    const own = byClient.get(draft.process)
    if (own) own.push(draft)
    else byClient.set(draft.process, [draft])
  }
  for (const own of byClient.values()) {
    own.sort((a, b) => a.invokedAtMs - b.invokedAtMs || (a.respondedAtMs as number) - (b.respondedAtMs as number))
    for (let i = 1; i < own.length; i += 1) {
      const [one, other] = [own[i - 1] as Draft, own[i] as Draft]
      if ((one.respondedAtMs as number) <= other.invokedAtMs) continue
      const [first, second] = one.line < other.line ? [one, other] : [other, one]
      throw new TraceError(
        second.line,
        `client ${one.process} invokes this while its operation of line ${first.line} is pending; a client does one operation at a time: give each its own client`,
      )
    }
  }
}

/** Whether an error is about the file, rather than an internal one. */
export const isAboutInput = (error: unknown): error is Error =>
  error instanceof TraceError || error instanceof InvalidHistory || error instanceof JoinError
