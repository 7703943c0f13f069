import { Call, type OperationOptions, signalOf } from '../face'
import type { Replica } from './replica'

/** What reads need of a replica. */
type Readable<S> = Pick<Replica<S, never, never>, 'append' | 'state' | 'obstacle'>

/** One call that waits for the state. */
interface Reading<S> {
  readonly call: Pick<Call<unknown>, 'fail'>
  readonly settle: (state: S) => void
}

/**
 * The reads of one turn share one entry of the log. It is proposed when all of them have begun, so the state in which it comes up is no older
 * than any of them: whatever was answered before they began stands before it.
 */
export class Reads<S> {
  readonly #replica: Readable<S>
  /** The reads of this turn, while their entry is not proposed. */
  #begun: Set<Reading<S>> | undefined
  #underWay = 0

  constructor(
    replica: Readable<S>,
    readonly limit: number,
  ) {
    this.#replica = replica
  }

  read<T>(query: (state: S) => T, options: OperationOptions | undefined): Promise<T> {
    const signal = signalOf('read', options)
    const call = new Call<T>('read')
    const obstacle = this.#replica.obstacle(signal) ?? (this.#underWay < this.limit ? undefined : { reason: 'overloaded' as const })
    if (obstacle !== undefined) {
      call.fail('no effect', obstacle)
      return call.promise
    }
    const reads = this.#begin()
    const reading: Reading<S> = { call, settle: (state) => answer(call, query, state) }
    this.#underWay += 1
    reads.add(reading)
    call.abortWith(signal, () => {
      if (reads.delete(reading)) this.#underWay -= 1
      return 'no effect'
    })
    return call.promise
  }

  #begin(): Set<Reading<S>> {
    if (this.#begun !== undefined) return this.#begun
    const reads = new Set<Reading<S>>()
    this.#begun = reads
    void Promise.resolve().then(() => {
      this.#begun = undefined
      this.#propose(reads)
    })
    return reads
  }

  #propose(reads: Set<Reading<S>>): void {
    const each = (action: (reading: Reading<S>) => void) => {
      this.#underWay -= reads.size
      for (const reading of [...reads]) {
        if (reads.delete(reading)) action(reading)
        else this.#underWay += 1 // a query before this one has aborted it
      }
    }
    const all = {
      abortWith: () => {},
      fail: (...why: Parameters<Call<unknown>['fail']>) => each(({ call }) => call.fail(...why)),
    }
    if (reads.size === 0) return
    this.#replica.append(
      all,
      (p, n) => ({ kind: 'READ', p, n }),
      () => each(({ settle }) => settle(this.#replica.state)),
      undefined,
    )
  }
}

function answer<S, T>(call: Call<T>, query: (state: S) => T, state: S): void {
  try {
    call.resolve(query(state))
  } catch (error) {
    call.throw(error)
  }
}
