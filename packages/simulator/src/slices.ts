/** How long work that can be stopped goes on at once, in ms of real time: shorter than anybody notices. */
const SLICE_MS = 20

export interface Stoppable {
  /** Stops the work: what has been found by then is the result. */
  readonly signal?: AbortSignal
}

/** Does work step by step to its end, or until it is stopped, and lets others run in between. Gives its result, or nothing if it was stopped. */
export async function inSlices<R>(work: Generator<unknown, R>, { signal }: Stoppable): Promise<R | undefined> {
  while (signal?.aborted !== true) {
    const endsAtMs = performance.now() + SLICE_MS
    do {
      const { done, value } = work.next()
      if (done === true) return value
    } while (performance.now() < endsAtMs)
    await new Promise((resolve) => setTimeout(resolve, 0))
  }
  return undefined
}
