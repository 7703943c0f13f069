import { ConnectionWatch, PerfectPointToPointLinks, type Port, type ProcessId, Timer, type Transport } from '@upon/contract'
import type { Random } from './random'

interface InTransit {
  readonly from: ProcessId
  readonly to: ProcessId
  readonly path: string
  readonly message: unknown
  dueMs: number
}

interface Running {
  readonly p: ProcessId
  readonly dueMs: number
  readonly expire: () => void
}

type Receive = (from: ProcessId, path: string, message: unknown) => void
type Order = 'uniform' | 'link priorities' | 'slow links'

/**
 * Perfect links whose messages are held and delivered one by one, in an order drawn from a seed, with a virtual clock.
 *
 * At first the network is asynchronous: any message may be next, or a timer. From `stabilise` on it is synchronous: messages take at
 * most a bounded time, and timers are exact. For tests only.
 */
export class ShuffledNetwork {
  nowMs = 0
  /** Messages sent and accepted so far, and those by kind. */
  sent = 0
  readonly sentKinds = new Map<string, number>()
  readonly crashed = new Set<ProcessId>()
  /** Told when a process crashes by the schedule: stop it there. */
  onCrash: (p: ProcessId) => void = () => {}

  readonly #receivers = new Map<ProcessId, Receive>()
  readonly #inTransit: InTransit[] = []
  readonly #timers = new Set<Running>()
  readonly #paused = new Set<ProcessId>()
  readonly #sendsLeft = new Map<ProcessId, number>()
  readonly #refusals = new Map<ProcessId, ((p: ProcessId) => void)[]>()
  readonly #priorities = new Map<string, number>()
  readonly #order: Order
  readonly #timerChance: number
  #boundMs: number | undefined

  constructor(readonly random: Random) {
    this.#order = random.pick(['uniform', 'link priorities', 'slow links'])
    this.#timerChance = random.pick([0.01, 0.05, 0.2])
  }

  transport(self: ProcessId): Transport<PerfectPointToPointLinks> {
    return {
      sort: 'transport',
      guarantees: PerfectPointToPointLinks,
      send: (to, path, message) => this.#send(self, to, path, message),
      attach: (receive) => this.#receivers.set(self, receive),
    }
  }

  timer(self: ProcessId): Port<Timer> {
    return {
      sort: 'port',
      abstraction: Timer,
      open: ({ indicate }) => {
        let running: Running | undefined
        const stop = () => running !== undefined && this.#timers.delete(running)
        const start = (delayMs: number) => {
          stop()
          running = { p: self, dueMs: this.nowMs + delayMs, expire: () => indicate.timeout() }
          this.#timers.add(running)
        }
        return { upon: { start }, close: () => void stop() }
      },
    }
  }

  watch(self: ProcessId): Port<ConnectionWatch> {
    return {
      sort: 'port',
      abstraction: ConnectionWatch,
      open: ({ indicate }) => {
        this.#refusals.set(self, [...(this.#refusals.get(self) ?? []), indicate.refused])
        return { upon: {} }
      },
    }
  }

  /** Has the watch of process `at` say that `p` refuses, whether that is so or not. */
  refuse(at: ProcessId, p: ProcessId): void {
    for (const refused of this.#refusals.get(at) ?? []) refused(p)
  }

  /** Crashes a process: what it has in transit arrives or not, message by message. */
  crash(p: ProcessId): void {
    if (this.crashed.has(p)) return
    this.crashed.add(p)
    this.onCrash(p)
    const keepAll = this.random.chance(0.5)
    for (let i = this.#inTransit.length - 1; i >= 0; i--) {
      const { from, to } = this.#inTransit[i] as InTransit
      if (to === p || (from === p && !keepAll && this.random.chance(0.5))) this.#inTransit.splice(i, 1)
    }
    for (const timer of this.#timers) if (timer.p === p) this.#timers.delete(timer)
  }

  /** Crashes a process once it has sent so many messages more: also in the middle of a broadcast. */
  crashAfterSends(p: ProcessId, sends: number): void {
    this.#sendsLeft.set(p, sends)
  }

  pause(p: ProcessId): void {
    this.#paused.add(p)
  }

  resume(p: ProcessId): void {
    this.#paused.delete(p)
  }

  /** From now on each message takes at most so long, and timers are exact. */
  stabilise(boundMs: number): void {
    this.#boundMs = boundMs
    for (const each of this.#inTransit) each.dueMs = this.nowMs + this.random.next() * boundMs
  }

  /** Does the next thing: delivers one message, or lets one timer expire. Says whether there was any. */
  step(): boolean {
    const timer = this.#nextTimer()
    const at = this.#boundMs === undefined ? this.#drawMessage() : this.#earliestMessage()
    const message = this.#inTransit[at]
    if (message === undefined && timer === undefined) return false
    const timerIsNext =
      timer !== undefined &&
      (message === undefined || (this.#boundMs === undefined ? this.random.chance(this.#timerChance) : timer.dueMs < message.dueMs))
    if (timerIsNext) this.#expire(timer as Running)
    else this.#deliver(at)
    return true
  }

  /** Steps until nothing is left to do, or the condition holds. Says whether that came about within so many steps. */
  run(limitSteps: number, until: () => boolean = () => false): boolean {
    for (let i = 0; i < limitSteps; i++) if (until() || !this.step()) return true
    return until()
  }

  /** Lets so much time pass; only after `stabilise`. */
  advance(ms: number): void {
    const endMs = this.nowMs + ms
    for (;;) {
      const nextMs = Math.min(this.#nextTimer()?.dueMs ?? endMs + 1, this.#inTransit[this.#earliestMessage()]?.dueMs ?? endMs + 1)
      if (nextMs > endMs) break
      this.step()
    }
    this.nowMs = endMs
  }

  #send(from: ProcessId, to: ProcessId, path: string, message: unknown): void {
    if (this.crashed.has(from)) return
    const left = this.#sendsLeft.get(from)
    if (left !== undefined) {
      if (left === 0) {
        this.crash(from)
        return
      }
      this.#sendsLeft.set(from, left - 1)
    }
    const { kind = '' } = message as { kind?: string }
    this.sent++
    this.sentKinds.set(kind, (this.sentKinds.get(kind) ?? 0) + 1)
    if (this.crashed.has(to)) return
    this.#inTransit.push({ from, to, path, message, dueMs: this.nowMs + this.random.next() * (this.#boundMs ?? 0) })
  }

  #deliver(at: number): void {
    const { from, to, path, message, dueMs } = this.#inTransit[at] as InTransit
    const last = this.#inTransit.pop() as InTransit
    if (at < this.#inTransit.length) this.#inTransit[at] = last
    if (this.#boundMs !== undefined) this.nowMs = Math.max(this.nowMs, dueMs)
    this.#receivers.get(to)?.(from, path, message)
  }

  #expire(timer: Running): void {
    this.#timers.delete(timer)
    this.nowMs = Math.max(this.nowMs, timer.dueMs)
    timer.expire()
  }

  #nextTimer(): Running | undefined {
    let next: Running | undefined
    for (const timer of this.#timers) if (!this.#paused.has(timer.p) && (next === undefined || timer.dueMs < next.dueMs)) next = timer
    return next
  }

  #earliestMessage(): number {
    return this.#best(({ dueMs }) => -dueMs)
  }

  /** Where the next message is, by this run's order; now and then a link loses its priority, as in probabilistic concurrency testing. */
  #drawMessage(): number {
    if (this.#order === 'uniform') return this.#best(() => this.random.next())
    const at = this.#best(({ from, to }) => this.#priorityOf(from, to))
    const link = this.#inTransit[at]
    if (link !== undefined && this.random.chance(this.#order === 'link priorities' ? 0.03 : 0.005))
      this.#priorities.set(`${link.from} ${link.to}`, this.#order === 'link priorities' ? -this.random.next() : 1)
    return at
  }

  #priorityOf(from: ProcessId, to: ProcessId): number {
    const link = `${from} ${to}`
    let priority = this.#priorities.get(link)
    if (priority === undefined) {
      priority = this.#order === 'slow links' ? (this.random.chance(0.3) ? 0 : 1) : this.random.next()
      this.#priorities.set(link, priority)
    }
    return priority + this.random.next() * (this.#order === 'slow links' ? 0.9 : 0.01)
  }

  #best(score: (each: InTransit) => number): number {
    let best = -1
    let bestScore = Number.NEGATIVE_INFINITY
    for (let i = 0; i < this.#inTransit.length; i++) {
      const each = this.#inTransit[i] as InTransit
      if (this.#paused.has(each.to)) continue
      const s = score(each)
      if (s > bestScore) [best, bestScore] = [i, s]
    }
    return best
  }
}
