import { type Message, Type } from '@upon/protocol'
import { Broadcasts } from './broadcasts'
import type { HubEvent } from './events'
import { type Pending, PendingAnswers } from './pending'
import type { SystemRecorder } from './recording/system-recorder'
import { Registers } from './registers'
import type { RegisteredProcess } from './registry'
import type { Member, SystemPort } from './system-port'
import { Topics } from './topics'

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
  readonly #pending: PendingAnswers
  readonly #byName: ReadonlyMap<string, Member>
  /** For good: who crashed is in this system no more, even if it is started anew. */
  readonly #crashed = new Set<string>()

  /** Ranks are 1 to N in the order of `processes`. */
  constructor(
    readonly id: string,
    private readonly processes: readonly RegisteredProcess[],
    private readonly context: SystemContext,
    readonly recorder: SystemRecorder | undefined,
  ) {
    this.members = processes.map(({ name, host, port }, i) => ({ name, host, port, rank: i + 1 }))
    this.#byName = new Map(this.members.map((member) => [member.name, member]))
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
    this.#pending.crash(process)
  }

  nowMs(): number {
    return this.context.nowMs()
  }

  isCrashed(process: string): boolean {
    return this.#crashed.has(process)
  }

  command(member: Member, message: Message): void {
    this.recorder?.commanded(member.name, message)
    this.context.send(member, this.id, message)
  }

  expect<V>(process: string, timeoutMs: number): Pending<V> {
    return this.#pending.expect<V>(process, timeoutMs, this.isCrashed(process))
  }

  answer<V>(pending: Pending<V>, value: V, atMs?: number): void {
    this.#pending.answer(pending, value, atMs)
  }

  emit(event: HubEvent): void {
    this.context.emit(event)
  }
}
