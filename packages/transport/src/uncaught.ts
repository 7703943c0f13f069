/**
 * Calls a receiver. What it throws is its own fault, never the sender's or the network's: a process that crashes with nobody told is an
 * exception that nobody caught, in a later turn.
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
