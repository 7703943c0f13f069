/**
 * Calls a receiver. An error that it throws belongs to the receiver, not to the sender or the network: it is thrown again in a microtask of
 * its own, as an uncaught exception.
 */
export function guard(deliver: () => void): void {
  try {
    deliver()
  } catch (error) {
    queueMicrotask(() => {
      throw error
    })
  }
}
