import { printable } from '@upon/contract'
import { Type, toValue } from '@upon/protocol'
import { HubError } from '../errors'
import { Fifo } from '../messages/fifo'
import { isExcused, type ReadOutcome, sorted, type WriteOutcome } from '../system/outcomes'
import type { Answer, Missing, Pending } from '../system/pending'
import type { Member, SystemPort } from '../system/system-port'
import { History, type Kind, type RecordedOperation } from './history'
import { OperationQueue } from './operation-queue'

/** Most operations recorded for one register of one system. */
export const LIMIT_HISTORY = 500_000

/** Most operations recorded in one system. */
export const LIMIT_OPERATIONS = 2_000_000

interface OpenOperation {
  readonly index: number
  readonly pending: Pending<number | undefined>
}

/** Operations of one kind that a process has not answered, oldest first. */
interface Unanswered {
  /** Those that nobody waits for any more: their indices. */
  readonly late: Fifo<number>
  /** By what they write. */
  readonly open: OperationQueue<OpenOperation>
}

interface Register {
  readonly history: History
  /** By process and kind. */
  readonly unanswered: Map<number, Unanswered>
  highestValue: number
}

const keyOf = ({ rank }: Member, kind: Kind): number => rank * 2 + (kind === 'write' ? 1 : 0)

/**
 * Sends operations to registers and records their histories. Answers name only the register, so one by a process counts for its oldest operation of that kind
 * that is still awaited. Where older ones timed out before, the answer may be theirs: then a read's interval is recorded from the invocation of the
 * oldest on, and a write as pending, so that the history never claims more than is known.
 */
export class Registers {
  readonly #registers = new Map<string, Register>()
  #operations = 0

  constructor(private readonly system: SystemPort) {}

  /** Names seen so far. */
  get names(): string[] {
    return [...this.#registers.keys()]
  }

  /** Who owes answers, late ones included. */
  *owing(): Generator<string> {
    for (const { unanswered } of this.#registers.values()) {
      for (const [key, { late, open }] of unanswered) if (late.size + open.size > 0) yield this.system.members[(key >> 1) - 1]!.name
    }
  }

  history(register: string): RecordedOperation[] {
    return this.#registers.get(register)?.history.all() ?? []
  }

  /** A value that was not written to the register before. */
  freshValue(register: string): number {
    const known = this.#register(register)
    known.highestValue = known.highestValue >= 2 ** 31 - 1 ? -(2 ** 31) : known.highestValue + 1
    return known.highestValue
  }

  async write(register: string, value: number, members: readonly Member[], timeoutMs: number): Promise<WriteOutcome> {
    const startedAtMs = this.system.nowMs()
    const results = await Promise.all(members.map((member) => this.operate(member, register, 'write', value, timeoutMs)))
    const { answers, missing } = sorted(results)
    const written = answers.map((answer) => ({ ...answer, value }))
    const elapsedMs = this.system.nowMs() - startedAtMs
    return { kind: 'write', system: this.system.id, register, value, answers: written, missing, elapsedMs, ok: isExcused(missing) }
  }

  async read(register: string, members: readonly Member[], timeoutMs: number): Promise<ReadOutcome> {
    const startedAtMs = this.system.nowMs()
    const results = await Promise.all(members.map((member) => this.operate(member, register, 'read', undefined, timeoutMs)))
    const elapsedMs = this.system.nowMs() - startedAtMs
    const { answers, missing } = sorted(results)
    return { kind: 'read', system: this.system.id, register, answers, missing, elapsedMs, ok: isExcused(missing) }
  }

  /** One operation of one process. Rejects with HubError `history-full` or `too-many`. */
  async operate(
    member: Member,
    register: string,
    kind: Kind,
    value: number | undefined,
    timeoutMs: number,
  ): Promise<Answer<number | undefined> | Missing> {
    const known = this.#register(register)
    if (known.history.size >= LIMIT_HISTORY || this.#operations >= LIMIT_OPERATIONS) {
      const most =
        known.history.size >= LIMIT_HISTORY
          ? `${printable(register, 60)} has ${LIMIT_HISTORY} operations in ${this.system.id}`
          : `${this.system.id} has had ${LIMIT_OPERATIONS} operations`
      throw new HubError('history-full', `${most}: start a new system`)
    }
    if (kind === 'write') known.highestValue = Math.max(known.highestValue, value!)
    const pending = this.system.expect<number | undefined>(member.name, timeoutMs)
    this.#operations += 1
    const index = known.history.add(member.rank, kind, value, pending.startedAtMs)
    const unanswered = unansweredOf(known, member, kind)
    giveUpSettled(unanswered)
    unanswered.open.push(value, { index, pending })
    this.system.command(
      member,
      kind === 'write'
        ? { type: Type.APP_WRITE, appWrite: { register, value: toValue(value) } }
        : { type: Type.APP_READ, appRead: { register } },
    )
    return pending.result
  }

  /** Returns why the answer was not expected, if so. */
  onReturn(member: Member, register: string, kind: Kind, value: number | undefined): string | undefined {
    const known = this.#registers.get(register)
    const unanswered = known?.unanswered.get(keyOf(member, kind))
    if (unanswered) giveUpSettled(unanswered)
    const operation = unanswered?.open.shift()
    const index = operation?.index ?? unanswered?.late.shift()
    if (known === undefined || unanswered === undefined || index === undefined) {
      return `finished a ${kind} of register ${printable(register, 60)} that it was not asked for, or answered before`
    }
    const { history } = known
    const nowMs = this.system.nowMs()
    const oldest = operation && unanswered.late.first
    if (kind === 'read') history.read(index, value, nowMs, oldest)
    else if (oldest === undefined) history.respond(index, nowMs)
    const result = history.value(index)
    const type = kind === 'write' ? 'wrote' : 'read'
    this.system.emit({ type, system: this.system.id, process: member.name, register, value: result })
    if (operation) this.system.answer(operation.pending, result, nowMs)
    return undefined
  }

  /**
   * The process refuses an operation. Of several alike it counts as the newest: if it is an older one, the answer to the newer counts from the invocation
   * of the older, which claims less. Returns why it was not expected, if so.
   */
  onRefused(member: Member, register: string, kind: Kind, value: number | undefined, why: string): string | undefined {
    const known = this.#registers.get(register)
    const open = known?.unanswered.get(keyOf(member, kind))?.open
    const operation = open?.takeNewest(kind === 'write' ? value : undefined)
    if (operation === undefined) return `refused a ${kind} of register ${printable(register, 60)} that it was not asked for`
    this.system.refuse(operation.pending, why)
    return undefined
  }

  #register(name: string): Register {
    let register = this.#registers.get(name)
    if (!register) {
      this.system.claimName('register', name)
      register = { history: new History(this.system.members), unanswered: new Map(), highestValue: 0 }
      this.#registers.set(name, register)
    }
    return register
  }
}

function unansweredOf({ unanswered }: Register, member: Member, kind: Kind): Unanswered {
  const key = keyOf(member, kind)
  const known = unanswered.get(key)
  if (known) return known
  const none = { late: new Fifo<number>(), open: new OperationQueue<OpenOperation>() }
  unanswered.set(key, none)
  return none
}

/** What nobody waits for any more is late. Older ones time out before newer ones. */
function giveUpSettled({ late, open }: Unanswered): void {
  while (open.first?.pending.isSettled) late.push(open.shift()!.index)
}
