import type { ProcessId } from '@upon/contract'

/** So many checkpoints are remembered: a process that is further behind than that is not compared at them. */
const REMEMBERED = 8

/** What the digests of a checkpoint say: all is well so far; states differ; and this one is not that of a majority. */
export type Judgement = 'equal' | 'different' | 'diverged'

interface Checkpoint {
  own: string | undefined
  readonly digests: Map<ProcessId, string>
}

/**
 * The digests of the replicas' states after equal numbers of commands. A replica whose state differs from another's goes on only if a
 * majority has the same as it: it stops at once if a majority has another, or if all have reported, and otherwise at its next checkpoint.
 */
export class Checkpoints {
  readonly #all = new Map<number, Checkpoint>()

  constructor(readonly processes: number) {}

  /** This replica has come to a checkpoint. What it says is about the checkpoints before. */
  reached(number: number, digest: string): Judgement {
    const before = [...this.#all.values()]
    this.#at(number).own = digest
    const isInDoubt = before.some((each) => each.own !== undefined && differ(each) && !this.#isShared(each, each.own))
    return isInDoubt ? 'diverged' : this.#judge(this.#at(number))
  }

  reported(p: ProcessId, number: number, digest: string): Judgement {
    const checkpoint = this.#at(number)
    checkpoint.digests.set(p, digest)
    return this.#judge(checkpoint)
  }

  digestsAt(number: number): ReadonlyMap<ProcessId, string> {
    return new Map(this.#all.get(number)?.digests)
  }

  #judge(checkpoint: Checkpoint): Judgement {
    const { own, digests } = checkpoint
    if (!differ(checkpoint)) return 'equal'
    if (own === undefined || this.#isShared(checkpoint, own)) return 'different'
    const isKnown = [...digests.values()].some((digest) => this.#isShared(checkpoint, digest))
    return isKnown || digests.size === this.processes ? 'diverged' : 'different'
  }

  #isShared({ digests }: Checkpoint, digest: string): boolean {
    return [...digests.values()].filter((each) => each === digest).length > this.processes / 2
  }

  #at(number: number): Checkpoint {
    const found = this.#all.get(number)
    if (found !== undefined) return found
    const made: Checkpoint = { own: undefined, digests: new Map() }
    this.#all.set(number, made)
    if (this.#all.size > REMEMBERED) this.#all.delete(Math.min(...this.#all.keys()))
    return made
  }
}

const differ = ({ own, digests }: Checkpoint): boolean => new Set([...digests.values(), ...(own === undefined ? [] : [own])]).size > 1
