import type { ProcessId, Trigger, UponEvent } from '@upon/contract'
import { LinkedQueue } from '../../linked-queue'
import { abortOf, type Call, type Obstacle } from '../face'
import { fullBelow, refusalOf } from '../port'
import { Checkpoints, type Judgement } from './checkpoints'
import type { CommandEntry, Entry, Outcome } from './entry'
import type { ReplicaEvent, StateMachine } from './machine'
import { ReplicatedState } from './replicated-state'

/** What `run` gives for a sequence of decisions. */
export interface SequencePort<V> {
  readonly propose: Trigger<[v: V]>
  readonly compact: Trigger<[slot: number, snapshot: unknown]>
  readonly decide: UponEvent<[slot: number, v: V]>
  readonly restore: UponEvent<[slot: number, snapshot: unknown]>
}

export interface ReplicaSettings<C, A> {
  readonly checkpointCommands: number
  readonly limitCalls: number
  readonly limitSessions: number
  readonly observe: ((event: ReplicaEvent<C, A>) => void) | undefined
}

/** What a replica knows of a call. */
export type Waiting = Pick<Call<unknown>, 'abortWith' | 'fail'>

/** A call whose entry is to come up in the log, and how it takes what came of it. */
interface Pending<C> {
  readonly entry: Entry<C>
  readonly call: Waiting
  readonly settle: (outcome: Outcome) => void
}

/** One replica: goes through the log, and settles the calls of its own entries. */
export class Replica<S, C, A> {
  readonly #self: ProcessId
  readonly #port: SequencePort<Entry<C>>
  readonly #settings: ReplicaSettings<C, A>
  readonly #replicated: ReplicatedState<S, C, A>
  readonly #checkpoints: Checkpoints
  /** Calls that wait for room in the links. */
  readonly #waiting = new LinkedQueue<Pending<C>>()
  /** Calls whose entries are proposed. */
  readonly #proposed = new Map<number, Pending<C>>()
  #calls = 0
  #end: Obstacle | undefined
  #isWaitingForRoom = false

  constructor(
    self: ProcessId,
    processes: number,
    port: SequencePort<Entry<C>>,
    machine: StateMachine<S, C, A>,
    settings: ReplicaSettings<C, A>,
  ) {
    this.#self = self
    this.#port = port
    this.#settings = settings
    this.#replicated = new ReplicatedState(machine, settings.limitSessions)
    this.#checkpoints = new Checkpoints(processes)
  }

  get state(): S {
    return this.#replicated.state
  }

  /** Puts an entry into the log; `settle` is called once it has come up, unless the call fails before. */
  append(
    call: Waiting,
    make: (p: ProcessId, n: number) => Entry<C>,
    settle: (outcome: Outcome) => void,
    signal: AbortSignal | undefined,
  ): void {
    const obstacle = this.obstacle(signal)
    if (obstacle !== undefined) {
      call.fail('no effect', obstacle)
      return
    }
    this.#calls += 1
    const n = this.#calls
    const pending = { entry: make(this.#self, n), call, settle }
    const isAtOnce = this.#waiting.size === 0 && fullBelow(this.#port) === undefined
    const place = isAtOnce ? undefined : this.#waiting.push(pending)
    call.abortWith(signal, () => {
      if (place !== undefined && this.#waiting.remove(place)) return 'no effect'
      return begun(pending.entry) // it counts among those under way until it comes up
    })
    if (isAtOnce) this.#propose(pending)
    else this.#proceed()
  }

  decide(slot: number, entry: Entry<C>): void {
    if (this.#end !== undefined) return
    switch (entry.kind) {
      case 'COMMAND':
        this.#execute(slot, entry)
        break
      case 'OPEN':
        this.#settle(entry, { kind: 'applied', answer: this.#replicated.open() })
        break
      case 'READ':
        this.#settle(entry, { kind: 'applied', answer: undefined })
        break
      case 'DIGEST':
        this.#judge(this.#checkpoints.reported(entry.p, entry.number, entry.digest), entry.number)
    }
  }

  /** The snapshot stands for entries that do not come up here: what came of them is known from the sessions alone. */
  restore(snapshot: unknown): void {
    if (this.#end !== undefined) return
    this.#replicated.restore(snapshot)
    this.#settings.observe?.({ kind: 'restored', number: this.#replicated.applied })
    for (const [n, pending] of [...this.#proposed]) {
      const { entry, call, settle } = pending
      if (entry.kind === 'READ') {
        this.#propose(pending) // again: the first may have been among them
        continue
      }
      const outcome = entry.kind === 'COMMAND' && entry.once !== undefined ? this.#replicated.lastOf(entry.once) : undefined
      this.#proposed.delete(n)
      if (outcome === undefined) call.fail(begun(entry), { reason: 'restored' })
      else settle(outcome)
    }
  }

  end(end: Obstacle): void {
    this.#end ??= end
    for (const { entry, call } of this.#proposed.values()) call.fail(begun(entry), this.#end)
    this.#proposed.clear()
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) next.call.fail('no effect', this.#end)
  }

  /** What keeps a call from beginning. */
  obstacle(signal: AbortSignal | undefined): Obstacle | undefined {
    if (this.#end !== undefined) return this.#end
    if (signal?.aborted === true) return abortOf(signal)
    return this.#proposed.size + this.#waiting.size < this.#settings.limitCalls ? undefined : { reason: 'overloaded' }
  }

  #execute(slot: number, entry: CommandEntry<C>): void {
    const { isNew, outcome } = this.#replicated.execute(entry)
    if (isNew) this.#observe(entry, outcome)
    this.#settle(entry, outcome)
    if (isNew && this.#replicated.applied % this.#settings.checkpointCommands === 0) this.#checkpoint(slot)
  }

  #proceed(): void {
    while (!this.#isWaitingForRoom && this.#waiting.size > 0) {
      const full = fullBelow(this.#port)
      if (full === undefined) {
        this.#propose(this.#waiting.shift() as Pending<C>)
        continue
      }
      this.#isWaitingForRoom = true
      full.whenRoom(() => {
        this.#isWaitingForRoom = false
        this.#proceed()
      })
    }
  }

  #propose(pending: Pending<C>): void {
    const { entry, call } = pending
    const { n } = entry as { readonly n: number }
    this.#proposed.set(n, pending)
    try {
      this.#port.propose(entry)
    } catch (error) {
      const refusal = refusalOf(error)
      this.#proposed.delete(n)
      if (refusal === undefined)
        call.fail(begun(entry), { reason: 'crashed', cause: error }) // unless the end of the process has said so
      else call.fail('no effect', refusal)
    }
  }

  #settle({ p, n }: { readonly p: ProcessId; readonly n: number }, outcome: Outcome): void {
    if (p !== this.#self) return
    const pending = this.#proposed.get(n)
    this.#proposed.delete(n)
    pending?.settle(outcome)
  }

  #observe({ p, command }: CommandEntry<C>, outcome: Outcome): void {
    const { observe } = this.#settings
    if (observe === undefined || outcome.kind === 'expired') return
    const { kind, ...what } = outcome
    observe({ kind, number: this.#replicated.applied, process: p, command, ...what } as ReplicaEvent<C, A>)
  }

  /** Others can have the snapshot in place of the log, and learn what this state is. */
  #checkpoint(slot: number): void {
    const number = this.#replicated.applied
    const { snapshot, digest } = this.#replicated.snapshot()
    this.#judge(this.#checkpoints.reached(number, digest), number)
    if (this.#end !== undefined) return
    try {
      this.#port.compact(slot, snapshot)
    } catch (cause) {
      if (refusalOf(cause) === undefined) throw cause
      this.#settings.observe?.({ kind: 'no snapshot', number, cause })
    }
    try {
      this.#port.propose({ kind: 'DIGEST', p: this.#self, number, digest })
    } catch (error) {
      if (refusalOf(error) === undefined) throw error // with full links this one is not compared, but the next
    }
  }

  #judge(judgement: Judgement, number: number): void {
    if (judgement === 'equal') return
    this.#settings.observe?.({ kind: 'different', number, digests: this.#checkpoints.digestsAt(number) })
    if (judgement === 'diverged') this.end({ reason: 'diverged' })
  }
}

/** What is known of the effect of an entry that was proposed and has not come up. */
const begun = ({ kind }: { readonly kind: string }) => (kind === 'COMMAND' ? 'unknown' : 'no effect')
