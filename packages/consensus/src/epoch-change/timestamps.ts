/**
 * The step between two timestamps of one process, so that no two processes announce the same timestamp: N if
 * the ranks are 1 to N, as in the text.
 */
export const stepOf = (ranks: readonly number[]): number => Math.max(...ranks) - Math.min(...ranks) + 1

/** The next timestamp of a process after `ts` that is above `seen`. */
export const nextAbove = (seen: number, ts: number, step: number): number => ts + step * (1 + Math.max(0, Math.floor((seen - ts) / step)))
