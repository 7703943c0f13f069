import { Type, toValue } from '@upon/protocol'
import { type BroadcastOutcome, isExcused, sorted } from './outcomes'
import type { Pending } from './pending'
import type { Member, SystemPort } from './system-port'

/** Most deliveries that a process may still owe after nobody waits for them; the oldest are forgotten first. */
const LIMIT_LATE = 10_000

interface Broadcast {
  readonly sender: string
  readonly value: number
  readonly pending: Pending<number>[]
}

/** Deliveries that one process owes, by value, oldest first. */
interface Owed {
  readonly byValue: Map<number, Pending<number>[]>
  count: number
  /** With so many, those that are late are forgotten. */
  limit: number
}

/** Who still has to deliver which values. Deliveries carry nothing but the value: equal ones count for the oldest broadcast that waits. */
export class Broadcasts {
  readonly #owed = new Map<string, Owed>()
  readonly #open = new Set<Broadcast>()

  constructor(private readonly system: SystemPort) {}

  /** Who owes deliveries, late ones included. */
  *owing(): Generator<string> {
    for (const [process, { count }] of this.#owed) if (count > 0) yield process
  }

  async start(sender: Member, value: number, timeoutMs: number): Promise<BroadcastOutcome> {
    const { system } = this
    const startedAtMs = system.nowMs()
    const broadcast: Broadcast = { sender: sender.name, value, pending: [] }
    for (const { name } of system.members) this.#expect(name, broadcast, timeoutMs)
    this.#open.add(broadcast)
    system.command(sender, { type: Type.APP_BROADCAST, appBroadcast: { value: toValue(value) } })
    if (system.isUnreachable(sender.name)) this.#notBroadcast(broadcast)
    const { answers, missing } = sorted(await Promise.all(broadcast.pending.map(({ result }) => result)))
    this.#open.delete(broadcast)
    const elapsedMs = system.nowMs() - startedAtMs
    return { kind: 'broadcast', system: system.id, sender: sender.name, value, answers, missing, elapsedMs, ok: isExcused(missing) }
  }

  /** Returns why the delivery was not expected, if so. */
  onValue(process: string, value: number | undefined): string | undefined {
    const owed = this.#owed.get(process)
    const alike = value === undefined ? undefined : owed?.byValue.get(value)
    if (owed === undefined || alike === undefined || value === undefined) {
      return `delivered ${value ?? '⊥'}, which was not broadcast, or delivered before`
    }
    const open = alike.findIndex(({ isSettled }) => !isSettled)
    const [pending] = alike.splice(Math.max(open, 0), 1) as [Pending<number>]
    owed.count -= 1
    if (alike.length === 0) owed.byValue.delete(value)
    this.system.emit({ type: 'delivered', system: this.system.id, process, value })
    this.system.answer(pending, value)
    return undefined
  }

  /** The sender refuses to broadcast. Returns why that was not expected, if so. */
  onRefused(sender: string, value: number | undefined, why: string): string | undefined {
    const broadcast = [...this.#open].findLast((open) => open.sender === sender && open.value === value)
    if (broadcast === undefined) return `refused to broadcast ${value ?? '⊥'}, which it was not asked to`
    const own = broadcast.pending.find(({ process }) => process === sender)
    if (own) this.system.refuse(own, why)
    this.#notBroadcast(broadcast)
    return undefined
  }

  /** The process cannot be reached: nobody need wait for what it was to broadcast. */
  onUnreachable(sender: string): void {
    for (const broadcast of this.#open) if (broadcast.sender === sender) this.#notBroadcast(broadcast)
  }

  #notBroadcast({ sender, pending }: Broadcast): void {
    for (const one of pending) this.system.miss(one, one.process === sender ? 'unreachable' : 'not-broadcast')
  }

  #expect(process: string, broadcast: Broadcast, timeoutMs: number): void {
    const pending = this.system.expect<number>(process, timeoutMs)
    broadcast.pending.push(pending)
    const owed = this.#owed.get(process) ?? { byValue: new Map<number, Pending<number>[]>(), count: 0, limit: LIMIT_LATE }
    this.#owed.set(process, owed)
    if (owed.count >= owed.limit) forgetLate(owed)
    const alike = owed.byValue.get(broadcast.value)
    if (alike) alike.push(pending)
    else owed.byValue.set(broadcast.value, [pending])
    owed.count += 1
  }
}

/** Forgets all that nobody waits for. */
function forgetLate(owed: Owed): void {
  for (const [value, all] of owed.byValue) {
    const open = all.filter(({ isSettled }) => !isSettled)
    owed.count -= all.length - open.length
    if (open.length > 0) owed.byValue.set(value, open)
    else owed.byValue.delete(value)
  }
  owed.limit = Math.max(LIMIT_LATE, 2 * owed.count)
}
