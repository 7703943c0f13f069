import type { Kind } from '../registers/history'

interface Open {
  count: number
  /** Several were under way at once at some time since none was. */
  isMixed: boolean
  /** Answers of a mixed lot. */
  answers: number
}

/**
 * The operations that each process has under way on each register. They decide which answers can be recorded. A reader of the trace takes an answer for that
 * of the oldest operation of its kind there. With one operation under way, that is right. With several, the process may answer in another order or lose
 * some. Then only what is right of any of them is recorded:
 * - of reads, the first answer: from the oldest invocation on, its interval holds that of any;
 * - of writes, all of them when the last answer is in: by then all are done.
 *
 * The rest stay pending, which claims nothing, and later answers count from older invocations.
 */
export class OpenOperations {
  readonly #open = new Map<string, Open>()

  begin(process: string, register: string, kind: Kind): void {
    const key = keyOf(process, register, kind)
    const open = this.#open.get(key)
    if (open === undefined) this.#open.set(key, { count: 1, isMixed: false, answers: 0 })
    else {
      open.count += 1
      open.isMixed = true
    }
  }

  /** An answer has come; how many returns to record. One that nothing asked for counts as well: it is the process's fault. */
  end(process: string, register: string, kind: Kind): number {
    const key = keyOf(process, register, kind)
    const open = this.#open.get(key)
    if (open === undefined) return 1
    open.count -= 1
    open.answers += 1
    if (open.count === 0) this.#open.delete(key)
    if (!open.isMixed) return 1
    if (kind === 'read') return open.answers === 1 ? 1 : 0
    return open.count === 0 ? open.answers : 0
  }
}

const keyOf = (process: string, register: string, kind: Kind): string => `${kind} ${process} ${register}`
