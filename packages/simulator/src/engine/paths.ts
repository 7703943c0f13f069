import { hashOf } from '../plan/random'
import type { Path } from './scheduled'

/** Modules that never end by themselves: what they and everything below them do is background. */
export const DETECTORS = new Set(['PerfectFailureDetector', 'EventuallyPerfectFailureDetector', 'LeaderElection', 'EventualLeaderDetector'])

/** The instance paths of a run. */
export class Paths {
  readonly #paths = new Map<string, Path>()
  readonly #detectors: string[] = []

  /** Notes whether the instance at `path` is a detector; instances are announced before those below them. */
  isDetector(module: string, path: string): boolean {
    if (!DETECTORS.has(module)) return false
    if (!this.#detectors.includes(path)) this.#detectors.push(path)
    return true
  }

  of(text: string): Path {
    let path = this.#paths.get(text)
    if (path === undefined) {
      const isBackground = this.#detectors.some((detector) => text === detector || text.startsWith(`${detector}.`))
      path = { text, hash: hashOf(text), isBackground, counts: [] }
      this.#paths.set(text, path)
    }
    return path
  }
}
