import type { ProcessId } from '@upon/contract'
import { Held, type HoldLimit, type HoldLimits } from './held'
import { levelsOf } from './paths'

type Deliver = (from: ProcessId, message: unknown) => void

/** What the router needs from a family. */
export interface FamilyRoute {
  /** The path of the family, without an index: `app.uc[x].ep`. */
  readonly path: string
  /** The lowest index that may be made yet; 0 for a family that is not increasing. */
  lowest: number
  /** Whether a message for this path, in a member with this number, comes too late. */
  isPast(number: number, path: string): boolean
  /** A message is kept for this path. Returns whether it leads to a member, and the family's user makes members on demand. */
  demand(path: string): boolean
}

/** Hooks for messages that have no instance here. */
export interface RouterHooks {
  onMissing(path: string, from: ProcessId, message: unknown): void
  onOverflow(limit: HoldLimit | 'perEvent', path: string, from: ProcessId | undefined, message: unknown): void
  onUnclaimed(path: string, from: ProcessId): void
}

/** How many instances that nobody makes are reported. */
const LIMIT_REPORTED = 100

/**
 * Hands messages to the link instance of their path. It keeps those for an instance that is not made yet, because their sender will not
 * send them again: losing them costs liveness. It drops those for an instance that has ended, or lies within one that has ended.
 * All is bounded and counted.
 */
export class Router {
  readonly #routes = new Map<string, Deliver>()
  readonly #families = new Map<string, FamilyRoute>()
  readonly #reported = new Set<string>()
  readonly held: Held
  /** Messages dropped because their instance has ended. */
  late = 0

  constructor(
    limits: HoldLimits,
    readonly hooks: RouterHooks,
  ) {
    this.held = new Held(limits)
  }

  /** What decides where the next message goes, besides the open links. */
  get memory(): object {
    const advanced = [...this.#families.values()].filter(({ lowest }) => lowest > 0)
    return { held: this.held.messages, lowest: new Map(advanced.map(({ path, lowest }) => [path, lowest])) }
  }

  open(path: string, deliver: Deliver): void {
    this.#routes.set(path, deliver)
    for (const { from, message } of this.held.take(path)) deliver(from, message)
  }

  close(path: string): void {
    this.#routes.delete(path)
  }

  openFamily(family: FamilyRoute): void {
    this.#families.set(family.path, family)
  }

  closeFamily({ path }: FamilyRoute): void {
    this.#families.delete(path)
  }

  receive(from: ProcessId, path: string, message: unknown): void {
    const deliver = this.#routes.get(path)
    if (deliver !== undefined) deliver(from, message)
    else this.#keep(from, path, message)
  }

  /** An increasing family has reached `index`: members below it that do not live are past. It never goes back. */
  advance(family: FamilyRoute, index: number): void {
    if (index <= family.lowest) return
    const from = family.lowest
    family.lowest = index
    this.late += this.held.drop(family.path, from, index, (past, path) => family.isPast(past, path))
  }

  /** A member of an increasing family has ended. */
  ended(family: FamilyRoute, index: number, isItsOwn: (path: string) => boolean = () => true): void {
    this.late += this.held.drop(family.path, index, index + 1, (_, path) => isItsOwn(path))
  }

  #keep(from: ProcessId, path: string, message: unknown): void {
    const levels = levelsOf(path)
    let claiming: FamilyRoute | undefined
    for (const level of levels) {
      const family = this.#families.get(level.family)
      if (family === undefined) continue
      claiming ??= family
      if (level.index !== undefined && family.isPast(level.index, path)) {
        this.late++
        return
      }
    }
    const exceeded = this.held.add(from, path, message, levels)
    if (exceeded !== undefined) {
      this.hooks.onOverflow(exceeded, path, from, message)
      return
    }
    this.hooks.onMissing(path, from, message)
    if (claiming === undefined) this.#tell(path, from)
    else claiming.demand(path)
  }

  /** No family here will make that instance, and nobody has run it so far. Reported once per layer at the root. */
  #tell(path: string, from: ProcessId): void {
    if (this.#routes.has(path)) return // the host has made it in the hook
    const [root = ''] = path.split(/[.[]/, 1)
    if (this.#reported.has(root) || this.#reported.size >= LIMIT_REPORTED) return
    this.#reported.add(root)
    this.hooks.onUnclaimed(path, from)
  }
}
