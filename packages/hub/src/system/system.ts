import { printable } from '@upon/contract'
import { type Message, Type } from '@upon/protocol'
import { Topics } from '../consensus/topics'
import { HubError, LIMIT_ANSWERS, LIMIT_NAMES, LIMIT_NAMES_CHARACTERS } from '../errors'
import type { HubEvent } from '../events'
import { AddressBook, type Sender } from '../processes/address-book'
import type { RegisteredProcess } from '../processes/registry'
import { Registers } from '../registers/registers'
import { Broadcasts } from './broadcasts'
import { type MissingReason, type Owed, type Pending, PendingAnswers } from './pending'
import type { Recorder } from './recorder'
import type { Member, SystemPort } from './system-port'

/** Messages of one process that are remembered, and the longest name of one. */
const REMEMBERED = 64
const LIMIT_UUID = 100

/** What a system needs of the hub. */
export interface SystemContext {
  nowMs(): number
  random(): number
  send(member: Member, systemId: string, message: Message): void
  emit(event: HubEvent): void
}

/** One system of processes: their ranks, and everything that they were asked and answered. */
export class System implements SystemPort {
  readonly members: readonly Member[]
  readonly broadcasts: Broadcasts
  readonly registers: Registers
  readonly topics: Topics
  readonly repeats = new Repeats()
  readonly #pending: PendingAnswers
  readonly #byName: ReadonlyMap<string, Member>
  /** Permanent: a process that crashed has left this system, even if it is restarted. */
  readonly #crashed = new Set<string>()
  readonly #unreachable = new Set<string>()
  readonly #addresses: AddressBook<Member>
  #names = 0
  #characters = 0

  /** Ranks are 1 to N in the order of `processes`. */
  constructor(
    readonly id: string,
    private readonly processes: readonly RegisteredProcess[],
    private readonly context: SystemContext,
    readonly recorder: Recorder | undefined,
  ) {
    this.members = processes.map(({ name, host, port }, i) => ({ name, host, port, rank: i + 1 }))
    this.#byName = new Map(this.members.map((member) => [member.name, member]))
    this.#addresses = new AddressBook(this.members)
    this.#pending = new PendingAnswers(() => context.nowMs())
    this.broadcasts = new Broadcasts(this)
    this.registers = new Registers(this)
    this.topics = new Topics(this, () => context.random())
  }

  /** Answers that are waited for. */
  get pending(): number {
    return this.#pending.size
  }

  member(name: string): Member | undefined {
    return this.#byName.get(name)
  }

  /** Who sent a message, if it is one of us. */
  sender(sender: Sender): Member | undefined {
    return this.#addresses.sender(sender)
  }

  /** Who still owes an answer, late ones included. */
  get owing(): ReadonlySet<string> {
    return new Set([...this.registers.owing(), ...this.broadcasts.owing(), ...this.topics.owing()])
  }

  /** The members of these names, each once; all that live if none are named. Throws HubError `no-processes`, `unknown-process`, `crashed`. */
  select(names?: readonly string[]): Member[] {
    const members =
      names === undefined ? this.members.filter(({ name }) => !this.isCrashed(name)) : [...new Set(names)].map((name) => this.#living(name))
    if (members.length === 0) throw new HubError('no-processes', `no process of ${this.id} is left to do it`)
    return members
  }

  start(): void {
    const processes = this.processes.map(({ owner, index, host, port }, i) => ({ owner, index, host, port, rank: i + 1 }))
    for (const member of this.members) this.command(member, { type: Type.PROC_INITIALIZE_SYSTEM, procInitializeSystem: { processes } })
    this.emit({ type: 'system', system: this.id, processes: this.members.map(({ name, rank }) => ({ process: name, rank })) })
  }

  /** Tells the processes, and settles whatever is waited for. */
  destroy(): void {
    for (const member of this.members) {
      if (!this.isCrashed(member.name)) this.command(member, { type: Type.PROC_DESTROY_SYSTEM, procDestroySystem: {} })
    }
    this.#pending.destroy()
    this.recorder?.end()
    this.emit({ type: 'destroyed', system: this.id })
  }

  crash(process: string): void {
    if (this.#byName.has(process) && !this.isCrashed(process)) this.recorder?.crashed(process)
    this.#crashed.add(process)
    this.#pending.missAll(process, 'crashed')
  }

  isAt(address: { readonly host: string; readonly port: number }): boolean {
    return this.#addresses.at(address.host, address.port) !== undefined
  }

  /** The process does not take part, and says why: nobody need wait for its answers. */
  notJoined(process: string, why: string): void {
    this.#pending.missAll(process, 'refused', why)
  }

  /** Connections to the process at this address are refused: nobody waits for its answers while it lasts. */
  unreachable(address: { readonly host: string; readonly port: number }, is: boolean): void {
    const member = this.#addresses.at(address.host, address.port)
    if (member === undefined) return
    if (!is) {
      this.#unreachable.delete(member.name)
      return
    }
    this.#unreachable.add(member.name)
    this.broadcasts.onUnreachable(member.name)
    this.#pending.missAll(member.name, 'unreachable')
  }

  nowMs(): number {
    return this.context.nowMs()
  }

  isCrashed(process: string): boolean {
    return this.#crashed.has(process)
  }

  isUnreachable(process: string): boolean {
    return this.#unreachable.has(process)
  }

  claimName(what: 'register' | 'topic', name: string): void {
    if (this.#names >= LIMIT_NAMES || this.#characters + name.length > LIMIT_NAMES_CHARACTERS) {
      const limits = `${LIMIT_NAMES} registers and topics, with ${LIMIT_NAMES_CHARACTERS} characters in their names`
      throw new HubError('too-many', `no room for another ${what}: a system has at most ${limits}; start a new one`)
    }
    this.#names += 1
    this.#characters += name.length
  }

  command(member: Member, message: Message): void {
    this.recorder?.commanded(member.name, message)
    this.context.send(member, this.id, message)
  }

  expect<V>(process: string, timeoutMs: number): Pending<V> {
    if (this.#pending.size >= LIMIT_ANSWERS) {
      throw new HubError('too-many', `${LIMIT_ANSWERS} answers are awaited already: wait for some of them`)
    }
    const already = this.isCrashed(process) ? 'crashed' : this.isUnreachable(process) ? 'unreachable' : undefined
    return this.#pending.expect<V>(process, timeoutMs, already)
  }

  miss(pending: Owed, reason: MissingReason): void {
    this.#pending.miss(pending, reason)
  }

  refuse(pending: Owed, why: string): void {
    this.#pending.miss(pending, 'refused', why)
  }

  answer<V>(pending: Pending<V>, value: V, atMs?: number): void {
    this.#pending.answer(pending, value, atMs)
  }

  emit(event: HubEvent): void {
    this.context.emit(event)
  }

  #living(name: string): Member {
    const member = this.member(name)
    if (!member) {
      const names = printable(this.members.map((other) => other.name).join(', '), 500)
      throw new HubError('unknown-process', `no process ${printable(name)} in ${this.id}; it has ${names}`)
    }
    if (this.isCrashed(name)) throw new HubError('crashed', `${name} crashed`)
    return member
  }
}

/**
 * Tells messages that come a second time, by their uuid: a process that sends again what it is not sure of would otherwise answer the next command
 * with the answer to the last. Without a uuid nothing is known; and a process that has but one for all its messages says nothing with it.
 */
class Repeats {
  readonly #seen = new Map<string, Set<string>>()

  isRepeated(process: string, uuid: string | undefined): boolean {
    if (uuid === undefined || uuid.length > LIMIT_UUID) return false
    const seen = this.#seen.get(process) ?? new Set<string>()
    this.#seen.set(process, seen)
    if (seen.has(uuid)) return seen.size > 1
    seen.add(uuid)
    if (seen.size > REMEMBERED) for (const oldest of seen) return !seen.delete(oldest)
    return false
  }
}
