import type { ProcessId } from '@upon/contract'
import type { Level } from './paths'

/** Limits on the messages kept for instances that are not made yet. */
export interface HoldLimits {
  /** From one sender, for one instance; by default, 10,000. */
  readonly perInstance: number
  /** From one sender; by default, its share of `perProcess`, so that no sender takes the room of another. */
  readonly perSender: number
  /** In all; by default, 100,000. */
  readonly perProcess: number
}

/** The limit that a message exceeded. */
export type HoldLimit = keyof HoldLimits

export const DEFAULT_HOLD_LIMITS = { perInstance: 10_000, perProcess: 100_000 } as const

interface Message {
  readonly from: ProcessId
  readonly message: unknown
}

/** What waits for one instance. */
interface Waiting {
  readonly messages: Message[]
  readonly bySender: Map<ProcessId, number>
  readonly levels: readonly Level[]
}

const NOTHING: readonly Message[] = []

/** Messages for instances that are not made yet, bounded and counted. */
export class Held {
  readonly #waiting = new Map<string, Waiting>()
  readonly #bySender = new Map<ProcessId, number>()
  /** The paths that wait for a member of a family, or for something in it, by the family and the member's index. */
  readonly #below = new Map<string, Map<number, Set<string>>>()
  #count = 0
  /** The number of refused messages, by the limit that they exceeded. */
  readonly overflowed: Record<HoldLimit, number> = { perInstance: 0, perSender: 0, perProcess: 0 }

  constructor(readonly limits: HoldLimits) {}

  get count(): number {
    return this.#count
  }

  /** All that is kept, by the path that it waits for. */
  get messages(): ReadonlyMap<string, readonly Message[]> {
    return new Map([...this.#waiting].map(([path, { messages }]) => [path, messages]))
  }

  has(path: string): boolean {
    return this.#waiting.has(path)
  }

  /** Keeps a message, or says which limit forbids it. */
  add(from: ProcessId, path: string, message: unknown, levels: readonly Level[]): HoldLimit | undefined {
    const waiting = this.#waiting.get(path)
    const ofSender = waiting?.bySender.get(from) ?? 0
    const exceeded = this.#exceeded(ofSender, this.#bySender.get(from) ?? 0)
    if (exceeded !== undefined) {
      this.overflowed[exceeded]++
      return exceeded
    }
    const { messages, bySender } = waiting ?? this.#begin(path, levels)
    messages.push({ from, message })
    bySender.set(from, ofSender + 1)
    this.#bySender.set(from, (this.#bySender.get(from) ?? 0) + 1)
    this.#count++
    return undefined
  }

  /** Takes all that waits for the instance at `path`, in its order. */
  take(path: string): readonly Message[] {
    const waiting = this.#waiting.get(path)
    if (waiting === undefined) return NOTHING
    this.#waiting.delete(path)
    this.#count -= waiting.messages.length
    for (const [from, count] of waiting.bySender) {
      const left = (this.#bySender.get(from) as number) - count
      if (left === 0) this.#bySender.delete(from)
      else this.#bySender.set(from, left)
    }
    for (const level of waiting.levels) this.#leave(level, path)
    return waiting.messages
  }

  /** Drops what waits for the past members of `family`, from one index until another. Returns the number of messages. */
  drop(family: string, from: number, until: number, isPast: (index: number, path: string) => boolean): number {
    const members = this.#below.get(family)
    if (members === undefined) return 0
    const before = this.#count
    const drop = (index: number) => {
      for (const path of [...(members.get(index) ?? [])]) if (isPast(index, path)) this.take(path)
    }
    if (until - from < members.size) for (let index = Math.ceil(from); index < until; index++) drop(index)
    else for (const index of [...members.keys()]) if (index >= from && index < until) drop(index)
    return before - this.#count
  }

  #exceeded(forInstance: number, ofSender: number): HoldLimit | undefined {
    if (this.#count >= this.limits.perProcess) return 'perProcess'
    if (ofSender >= this.limits.perSender) return 'perSender'
    return forInstance >= this.limits.perInstance ? 'perInstance' : undefined
  }

  #begin(path: string, all: readonly Level[]): Waiting {
    const levels = all.filter(({ index }) => index !== undefined)
    const made = { messages: [], bySender: new Map(), levels }
    this.#waiting.set(path, made)
    for (const { family, index } of levels) {
      const members = this.#below.get(family) ?? new Map<number, Set<string>>()
      this.#below.set(family, members)
      const paths = members.get(index as number) ?? new Set()
      members.set(index as number, paths.add(path))
    }
    return made
  }

  #leave({ family, index }: Level, path: string): void {
    const members = this.#below.get(family)
    const paths = members?.get(index as number)
    paths?.delete(path)
    if (paths?.size === 0) members?.delete(index as number)
    if (members?.size === 0) this.#below.delete(family)
  }
}
