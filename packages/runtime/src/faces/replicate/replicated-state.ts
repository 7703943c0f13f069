import { canonical } from '@upon/contract'
import { digestOf } from './digest'
import type { CommandEntry, Once, Outcome } from './entry'
import type { StateMachine } from './machine'

interface Session {
  readonly number: number
  readonly outcome: Outcome
}

/** All that is the same at every replica that has gone through the same entries. */
interface Snapshot {
  readonly state: unknown
  readonly applied: number
  readonly failed: number
  readonly opened: number
  readonly sessions: readonly (readonly [string, Session])[]
}

/** The state of the machine, and the sessions with their last answers. */
export class ReplicatedState<S, C, A> {
  state: S
  /** How many commands came up and were tried, and how many of them threw. */
  applied = 0
  failed = 0
  /** The session used last is the last. */
  readonly #sessions = new Map<string, Session>()
  #opened = 0

  constructor(
    readonly machine: StateMachine<S, C, A>,
    readonly limitSessions: number,
  ) {
    this.state = this.#restore(this.#copy(machine.initial))
  }

  /** Gives the command its place: applied, or answered from its session. */
  execute({ command, once }: CommandEntry<C>): { readonly isNew: boolean; readonly outcome: Outcome } {
    if (once === undefined) return { isNew: true, outcome: this.#apply(command) }
    const session = this.#sessions.get(once.session)
    if (session === undefined || once.number < session.number) return { isNew: false, outcome: { kind: 'expired' } }
    if (once.number === session.number) return { isNew: false, outcome: structuredClone(session.outcome) }
    const outcome = this.#apply(command)
    this.#use(once, structuredClone(outcome)) // an answer may be part of the state, which changes, and its caller may change it
    return { isNew: true, outcome }
  }

  /** A new session. With as many as there may be, the one that was not used for longest ends. */
  open(): string {
    this.#opened += 1
    const session = `${this.#opened}`
    this.#use({ session, number: 0 }, { kind: 'expired' })
    if (this.#sessions.size > this.limitSessions) this.#sessions.delete(this.#sessions.keys().next().value as string)
    return session
  }

  /** Plain data that nobody changes any more, and what tells it apart from others. */
  snapshot(): { readonly snapshot: Snapshot; readonly digest: string } {
    const { applied, failed } = this
    const snapshot = { state: this.#copy(this.state), applied, failed, opened: this.#opened, sessions: [...this.#sessions] }
    return { snapshot, digest: digestOf(canonical(snapshot)) }
  }

  restore(given: unknown): void {
    const { state, applied, failed, opened, sessions } = given as Snapshot
    this.state = this.#restore(state)
    this.applied = applied
    this.failed = failed
    this.#opened = opened
    this.#sessions.clear()
    for (const [session, last] of sessions) this.#sessions.set(session, last)
  }

  /** What the session's last command gave, if that is the one: for a caller whose entry a snapshot has stood for. */
  lastOf({ session, number }: Once): Outcome | undefined {
    const last = this.#sessions.get(session)
    return last?.number === number ? structuredClone(last.outcome) : undefined
  }

  #apply(command: C): Outcome {
    this.applied += 1
    try {
      const { state, answer } = this.machine.apply(this.state, command)
      this.state = state
      return { kind: 'applied', answer }
    } catch (error) {
      this.failed += 1
      return { kind: 'failed', message: error instanceof Error ? error.message : String(error) }
    }
  }

  #use({ session, number }: Once, outcome: Outcome): void {
    this.#sessions.delete(session)
    this.#sessions.set(session, { number, outcome })
  }

  #copy(state: S): unknown {
    return this.machine.snapshot === undefined ? structuredClone(state) : this.machine.snapshot(state)
  }

  #restore(snapshot: unknown): S {
    return this.machine.restore === undefined ? (structuredClone(snapshot) as S) : this.machine.restore(snapshot)
  }
}
