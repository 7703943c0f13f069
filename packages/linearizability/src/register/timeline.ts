import { type Operation, responseOf } from '../history'

/** No value that any read could still return. */
export const NONE = -1

/**
 * A history as numbers. Invocations and responses are *moments*, counted from 0 in order of time; at equal times invocations come first, since
 * intervals are closed. Operations are numbered by their place in `operations`, values from 0, which is ⊥.
 */
export interface Timeline<V> {
  /** By invocation. Every completed operation, and the pending writes whose value was read. */
  readonly operations: readonly Operation<V>[]
  /** What happens at each moment: `operation` at its invocation, `~operation` at its response. */
  readonly moments: Int32Array
  readonly values: number
  readonly isWrite: Uint8Array
  readonly value: Int32Array
  readonly begin: Int32Array
  /** The moment of the response; the number of moments for a pending operation. */
  readonly end: Int32Array
  /** The number of slots that give each open operation its own. */
  readonly slots: number
  /** The place of each operation while it is open; pending writes keep theirs. */
  readonly slot: Int32Array
}

/** `operations` as `relevant()` gives them: by invocation. */
export function timeline<V>(operations: readonly Operation<V>[]): Timeline<V> {
  const count = operations.length
  const numbers = new Map<V | undefined, number>([[undefined, 0]])
  const value = new Int32Array(count)
  const isWrite = new Uint8Array(count)
  operations.forEach((operation, i) => {
    let number = numbers.get(operation.value)
    if (number === undefined) {
      number = numbers.size
      numbers.set(operation.value, number)
    }
    value[i] = number
    if (operation.kind === 'write') isWrite[i] = 1
  })
  const ordered = momentsOf(operations)
  return { operations, values: numbers.size, isWrite, value, ...ordered, ...slotsOf(ordered.moments, count) }
}

function momentsOf<V>(operations: readonly Operation<V>[]) {
  const count = operations.length
  const responses = Float64Array.from(operations, responseOf)
  const completed = Int32Array.from(operations.keys()).filter((i) => responses[i] !== Number.POSITIVE_INFINITY)
  completed.sort((a, b) => responses[a]! - responses[b]! || a - b)
  const total = count + completed.length
  const moments = new Int32Array(total)
  const begin = new Int32Array(count)
  const end = new Int32Array(count).fill(total)
  let [i, j] = [0, 0]
  for (let moment = 0; moment < total; moment += 1) {
    const next = completed[j]
    if (i < count && (next === undefined || operations[i]!.invokedAtMs <= responses[next]!)) {
      begin[i] = moment
      moments[moment] = i
      i += 1
    } else {
      end[next!] = moment
      moments[moment] = ~next!
      j += 1
    }
  }
  return { moments, begin, end }
}

function slotsOf(moments: Int32Array, count: number) {
  const slot = new Int32Array(count)
  const free: number[] = []
  let slots = 0
  for (const happens of moments) {
    if (happens < 0) free.push(slot[~happens]!)
    else {
      const reused = free.pop()
      slot[happens] = reused ?? slots
      if (reused === undefined) slots += 1
    }
  }
  return { slot, slots }
}
