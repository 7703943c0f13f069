interface Watch {
  readonly actions: Set<() => void>
  readonly end: () => void
}

const watches = new WeakMap<AbortSignal, Watch>()

/** The longest delay of a timer. */
const FOREVER_MS = 2 ** 31 - 1

/**
 * Calls `action` when the signal is aborted, unless the returned function was called before. A signal has one listener for all waiting
 * operations of all faces, and none when nothing waits, because signals outlive operations. A program does not end while an operation
 * waits on a signal: `AbortSignal.timeout` alone does not keep the program alive, and the time-out would get lost.
 */
export function onAbort(signal: AbortSignal, action: () => void): () => void {
  const { actions, end } = watches.get(signal) ?? watch(signal)
  actions.add(action)
  return () => {
    if (actions.delete(action) && actions.size === 0) end()
  }
}

function watch(signal: AbortSignal): Watch {
  const actions = new Set<() => void>()
  const alive = setInterval(() => {}, FOREVER_MS)
  const aborted = () => {
    end()
    for (const action of actions) action()
  }
  const end = () => {
    clearInterval(alive)
    signal.removeEventListener('abort', aborted)
    watches.delete(signal)
  }
  const made = { actions, end }
  watches.set(signal, made)
  signal.addEventListener('abort', aborted)
  return made
}
