interface Watch {
  readonly actions: Set<() => void>
  readonly end: () => void
}

const watches = new WeakMap<AbortSignal, Watch>()

/** As long a delay as timers know. */
const FOREVER_MS = 2 ** 31 - 1

/**
 * Calls `action` when the signal is aborted; what is returned undoes it. However many operations wait on a signal, and at however many
 * faces, it has one listener, and none when nobody waits: signals live long, operations do not. A program does not end while an
 * operation waits on a signal: `AbortSignal.timeout` alone does not keep it alive, and then nobody would learn of the time-out.
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
