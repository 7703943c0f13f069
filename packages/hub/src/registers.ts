import type { Operation } from '@upon/checker'
import { Type, toValue } from '@upon/protocol'
import { HubError } from './errors'
import { isExcused, type ReadOutcome, sorted, type WriteOutcome } from './outcomes'
import type { Answer, Missing, Pending } from './pending'
import type { Member, SystemPort } from './system-port'

/** Most operations recorded for one register of one system. */
export const LIMIT_HISTORY = 500_000

export type Kind = 'read' | 'write'

/** What the hub recorded of one operation: when it sent the command, and when the answer arrived. */
export interface RecordedOperation extends Operation {
  /** Operations of a register are numbered from 0 by invocation. */
  readonly index: number
}

interface Recorded extends RecordedOperation {
  value: number | undefined
  invokedAtMs: number
  respondedAtMs?: number
}

interface Asked {
  readonly recorded: Recorded
  readonly pending: Pending<number | undefined>
}

interface Register {
  readonly history: Recorded[]
  /** Not yet answered, late ones included, by process and kind, oldest first. */
  readonly asked: Map<string, Asked[]>
  highestValue: number
}

/**
 * Sends operations to registers and records their histories. Answers name only the register, so one by a process counts for its oldest operation of that kind
 * that is still awaited. Where older ones timed out before, the answer may be theirs: then a read's interval is recorded from the invocation of the
 * oldest on, and a write as pending, so that the history never claims more than is known.
 */
export class Registers {
  readonly #registers = new Map<string, Register>()

  constructor(private readonly system: SystemPort) {}

  /** Names seen so far. */
  get names(): string[] {
    return [...this.#registers.keys()]
  }

  history(register: string): RecordedOperation[] {
    return (this.#registers.get(register)?.history ?? []).map((operation) => ({ ...operation }))
  }

  /** A value that was not written to the register before. */
  freshValue(register: string): number {
    const known = this.#register(register)
    known.highestValue += 1
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

  /** One operation of one process. */
  operate(
    member: Member,
    register: string,
    kind: Kind,
    value: number | undefined,
    timeoutMs: number,
  ): Promise<Answer<number | undefined> | Missing> {
    const known = this.#register(register)
    if (known.history.length >= LIMIT_HISTORY) {
      return Promise.reject(
        new HubError('history-full', `${register} has ${LIMIT_HISTORY} operations in ${this.system.id}: start a new system`),
      )
    }
    if (kind === 'write') known.highestValue = Math.max(known.highestValue, value!)
    const pending = this.system.expect<number | undefined>(member.name, timeoutMs)
    const recorded: Recorded = { process: member.name, kind, value, invokedAtMs: pending.startedAtMs, index: known.history.length }
    known.history.push(recorded)
    const key = `${kind} ${member.name}`
    const queue = known.asked.get(key)
    if (queue) queue.push({ recorded, pending })
    else known.asked.set(key, [{ recorded, pending }])
    this.system.command(
      member,
      kind === 'write'
        ? { type: Type.APP_WRITE, appWrite: { register, value: toValue(value) } }
        : { type: Type.APP_READ, appRead: { register } },
    )
    return pending.result
  }

  /** Returns why the answer was not expected, if so. */
  onReturn(process: string, register: string, kind: Kind, value: number | undefined): string | undefined {
    const queue = this.#registers.get(register)?.asked.get(`${kind} ${process}`) ?? []
    const awaited = queue.findIndex(({ pending }) => !pending.isSettled)
    const asked = queue.splice(Math.max(awaited, 0), 1)[0]
    if (!asked) return `finished a ${kind} of register ${clip(register)} that it was not asked for, or answered before`
    const { recorded, pending } = asked
    const nowMs = this.system.nowMs()
    if (kind === 'read') {
      recorded.value = value
      recorded.respondedAtMs = nowMs
      if (awaited > 0) recorded.invokedAtMs = queue[0]!.recorded.invokedAtMs
    } else if (awaited <= 0) recorded.respondedAtMs = nowMs
    const result = recorded.value
    const type = kind === 'write' ? 'wrote' : 'read'
    this.system.emit({ type, system: this.system.id, process, register, value: result })
    this.system.answer(pending, result, nowMs)
    return undefined
  }

  #register(name: string): Register {
    let register = this.#registers.get(name)
    if (!register) {
      register = { history: [], asked: new Map(), highestValue: 0 }
      this.#registers.set(name, register)
    }
    return register
  }
}

export const clip = (name: string): string => (name.length > 60 ? `${name.slice(0, 60)}… (${name.length} characters)` : name)
