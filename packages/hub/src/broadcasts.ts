import { Type, toValue } from '@upon/protocol'
import { type BroadcastOutcome, isExcused, sorted } from './outcomes'
import type { Pending } from './pending'
import type { Member, SystemPort } from './system-port'

interface Expected {
  readonly value: number
  readonly pending: Pending<number>
}

/** Who still has to deliver which values. Deliveries carry nothing but the value: equal ones count for the oldest broadcast that waits. */
export class Broadcasts {
  readonly #expected = new Map<string, Expected[]>()

  constructor(private readonly system: SystemPort) {}

  async start(sender: Member, value: number, timeoutMs: number): Promise<BroadcastOutcome> {
    const { system } = this
    const startedAtMs = system.nowMs()
    const pending = system.members.map(({ name }) => this.#expect(name, value, timeoutMs))
    system.command(sender, { type: Type.APP_BROADCAST, appBroadcast: { value: toValue(value) } })
    const { answers, missing } = sorted(await Promise.all(pending.map(({ result }) => result)))
    const elapsedMs = system.nowMs() - startedAtMs
    return { kind: 'broadcast', system: system.id, sender: sender.name, value, answers, missing, elapsedMs, ok: isExcused(missing) }
  }

  /** Returns why the delivery was not expected, if so. */
  onValue(process: string, value: number | undefined): string | undefined {
    this.system.emit({ type: 'delivered', system: this.system.id, process, value })
    const queue = this.#expected.get(process) ?? []
    const open = queue.findIndex((entry) => entry.value === value && !entry.pending.isSettled)
    const index = open >= 0 ? open : queue.findIndex((entry) => entry.value === value)
    const entry = queue[index]
    if (!entry) return `delivered ${value}, which was not broadcast, or delivered before`
    queue.splice(index, 1)
    this.system.answer(entry.pending, entry.value)
    return undefined
  }

  #expect(process: string, value: number, timeoutMs: number): Pending<number> {
    const pending = this.system.expect<number>(process, timeoutMs)
    const queue = this.#expected.get(process)
    if (queue) queue.push({ value, pending })
    else this.#expected.set(process, [{ value, pending }])
    return pending
  }
}
