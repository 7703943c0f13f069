/** Milliseconds since the clock was made, with fractions; no two readings are equal, and later ones are higher. */
export function strictClock(): () => number {
  const start = performance.now()
  let lastMs = -1
  return () => {
    const nowMs = performance.now() - start
    lastMs = nowMs > lastMs ? nowMs : lastMs + 1e-6
    return lastMs
  }
}
