import { type ProcessId, printable } from '@upon/contract'

/** What somebody does to a session: plain data, so that a link, a test, a file and a message to a worker are the same thing. */
export type Command<O = unknown> =
  /** The next thing happens. */
  | { readonly do: 'next' }
  /** All happens that is due by then. */
  | { readonly do: 'until'; readonly timeMs: number }
  /** All happens until the run is at rest. */
  | { readonly do: 'rest' }
  /** Something that is pending happens now: a message, a copy of one, a request, a step of an adversarial layer. */
  | { readonly do: 'deliver'; readonly id: string }
  /** A message never arrives. */
  | { readonly do: 'drop'; readonly id: string }
  /** A copy of a message is under way, too. */
  | { readonly do: 'duplicate'; readonly id: string }
  /** A message takes so much longer. */
  | { readonly do: 'delay'; readonly id: string; readonly byMs: number }
  /** A timer times out now. */
  | { readonly do: 'timeout'; readonly id: string }
  /** The client at a process asks for something; it waits until what it asked for before has completed. */
  | { readonly do: 'request'; readonly process: ProcessId; readonly operation: O }
  /** A process crashes now; of its messages under way, these or all are lost. */
  | { readonly do: 'crash'; readonly process: ProcessId; readonly lost?: 'all' | readonly string[] }
  /** A process crashes right after its next so many messages to others; of those under way by then, all are lost or none. */
  | { readonly do: 'crash'; readonly process: ProcessId; readonly afterSends: number; readonly lost?: 'all' }
  /** A process that is down restarts with what it had stored. A paused one handles nothing until it resumes. */
  | { readonly do: 'recover' | 'pause' | 'resume'; readonly process: ProcessId }
  /** Nothing passes between the groups. */
  | { readonly do: 'cut'; readonly groups: readonly (readonly ProcessId[])[] }
  /** Nothing passes from the first to the second. */
  | { readonly do: 'cut'; readonly from: readonly ProcessId[]; readonly to: readonly ProcessId[] }
  /** All cuts end. */
  | { readonly do: 'heal' }
  /** All cuts and pauses end, and from here on delays are bounded. */
  | { readonly do: 'stabilise' }

/** A command that cannot be done, and why: the session is as it was before. */
export class CommandRefused extends Error {
  override readonly name = 'CommandRefused'
  readonly code = 'UPON_COMMAND_REFUSED'

  constructor(
    readonly command: unknown,
    readonly why: string,
    options?: ErrorOptions,
  ) {
    super(`${textOf(command)}: ${why}`, options)
  }
}

const LIMIT_SHOWN = 120

function textOf(command: unknown): string {
  let text: string
  try {
    text = JSON.stringify(command) ?? String(command)
  } catch {
    text = 'a command that is no plain data'
  }
  return printable(text, LIMIT_SHOWN)
}

const FIELDS: Readonly<Record<Command['do'], readonly string[]>> = {
  next: [],
  until: ['timeMs'],
  rest: [],
  deliver: ['id'],
  drop: ['id'],
  duplicate: ['id'],
  delay: ['id', 'byMs'],
  timeout: ['id'],
  request: ['process', 'operation'],
  crash: ['process', 'afterSends', 'lost'],
  recover: ['process'],
  pause: ['process'],
  resume: ['process'],
  cut: ['groups', 'from', 'to'],
  heal: [],
  stabilise: [],
}

type Fields = Readonly<Record<string, unknown>>

/** Checks what may come from a link or a file. Throws CommandRefused. */
export function checkCommand(command: unknown, processes: readonly ProcessId[]): asserts command is Command {
  const wrong = wrongIn(command, processes)
  if (wrong !== undefined) throw new CommandRefused(command, wrong)
}

function wrongIn(command: unknown, processes: readonly ProcessId[]): string | undefined {
  if (typeof command !== 'object' || command === null || Array.isArray(command)) return 'expected an object'
  const fields = command as Fields
  const what = fields.do
  if (typeof what !== 'string' || !Object.hasOwn(FIELDS, what)) return `do: expected one of ${Object.keys(FIELDS).join(', ')}`
  const known = FIELDS[what as Command['do']]
  const other = Object.keys(fields).find((name) => name !== 'do' && !known.includes(name))
  if (other !== undefined) return `${printable(other)}: ${what} has no such field`
  return wrongFields(what, fields, known, processes)
}

function wrongFields(what: string, fields: Fields, known: readonly string[], processes: readonly ProcessId[]): string | undefined {
  const isProcess = (p: unknown) => processes.includes(p as ProcessId)
  const isGroup = (group: unknown): group is ProcessId[] => Array.isArray(group) && group.every(isProcess)
  const isTime = (ms: unknown) => typeof ms === 'number' && ms >= 0 && ms <= LIMIT_MS
  const oneOf = `expected ${processes.join(', ')}`
  if (known.includes('id') && typeof fields.id !== 'string') return 'id: expected the id of something pending'
  if (known.includes('process') && !isProcess(fields.process)) return `process: ${oneOf}`
  if (known.includes('timeMs') && !isTime(fields.timeMs)) return `timeMs: expected a time from 0 to ${LIMIT_MS} ms`
  if (known.includes('byMs') && !isTime(fields.byMs)) return `byMs: expected a time from 0 to ${LIMIT_MS} ms`
  if (what === 'request' && !('operation' in fields)) return 'operation: expected what the client asks for'
  if (what === 'crash') return wrongCrash(fields)
  if (what !== 'cut') return undefined
  if ('groups' in fields === ('from' in fields || 'to' in fields)) return 'expected either groups, or from and to'
  const groups = 'groups' in fields ? fields.groups : [fields.from, fields.to]
  if (!Array.isArray(groups) || !groups.every(isGroup)) return `expected lists of processes; ${oneOf}`
  if (new Set(groups.flat()).size < groups.flat().length) return 'a process stands on both sides'
  return undefined
}

/** A day: more than anybody plays. */
const LIMIT_MS = 86_400_000

function wrongCrash({ afterSends, lost }: Fields): string | undefined {
  const isCount = Number.isSafeInteger(afterSends) && (afterSends as number) >= 1
  if (afterSends !== undefined && !isCount) return 'afterSends: expected a whole number from 1 on'
  if (lost === undefined || lost === 'all') return undefined
  if (afterSends !== undefined) return 'lost: expected "all" or nothing, since nobody knows which messages will be under way'
  return Array.isArray(lost) && lost.every((id) => typeof id === 'string') ? undefined : 'lost: expected "all" or ids of messages'
}
