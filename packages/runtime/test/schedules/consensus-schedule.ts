import { LeaderBasedEpochChange, LeaderDrivenConsensus, ReadWriteEpochConsensus } from '@upon/consensus'
import { EventualLeaderDetector, type Port, type ProcessId } from '@upon/contract'
import { MonarchicalEventualLeaderDetection } from '@upon/fd'
import { type Observation, Process } from '@upon/runtime'
import { type Random, randomOf } from './random'
import { ShuffledNetwork } from './shuffled-network'

const names = ['p', 'q', 'r', 's', 't']
type EpochChangeLayer = typeof LeaderBasedEpochChange
type EpochConsensusLayer = typeof ReadWriteEpochConsensus

export interface Stack {
  readonly n: number
  /** The epoch change of each process, by its position; ours unless told. */
  readonly ec?: (i: number) => unknown
  readonly ep?: unknown
  /** `scripted`: Ω says what the schedule has it say. `detector`: the real stack down to heartbeats. */
  readonly omega?: 'scripted' | 'detector'
}

/** A system of processes that run leader-driven consensus, and all that its checks need to have seen. */
export class ConsensusSchedule {
  readonly random: Random
  readonly network: ShuffledNetwork
  readonly processes: readonly ProcessId[]
  readonly running = new Map<ProcessId, Process<never[]>>()
  readonly proposed = new Set<number>()
  readonly decisions: { readonly p: ProcessId; readonly v: number }[] = []
  readonly epochDecisions: { readonly p: ProcessId; readonly epoch: number; readonly v: number }[] = []
  /** The epochs that each process has started, (0, l0) first. */
  readonly started = new Map<ProcessId, { readonly ts: number; readonly l: ProcessId }[]>()
  /** How often an epoch was announced, and Ω changed its mind anywhere. */
  announcements = 0
  changes = 0

  readonly #trust = new Map<ProcessId, (p: ProcessId) => void>()
  readonly #trusted = new Map<ProcessId, ProcessId>()
  readonly #propose = new Map<ProcessId, (v: number) => void>()

  constructor(
    seed: number,
    readonly stack: Stack,
  ) {
    this.random = randomOf(seed)
    this.network = new ShuffledNetwork(this.random)
    this.processes = names.slice(0, stack.n)
    this.network.onCrash = (p) => this.running.get(p)?.stop()
    this.processes.forEach((p, i) => {
      this.#start(p, i)
    })
  }

  get correct(): readonly ProcessId[] {
    return this.processes.filter((p) => !this.network.crashed.has(p))
  }

  propose(p: ProcessId, v: number): void {
    if (this.network.crashed.has(p)) return
    this.proposed.add(v)
    this.#propose.get(p)?.(v)
  }

  /** Has Ω at `at` trust p. */
  trust(at: ProcessId, p: ProcessId): void {
    if (this.#trusted.get(at) === p || this.network.crashed.has(at)) return
    this.#trusted.set(at, p)
    this.changes++
    this.#trust.get(at)?.(p)
  }

  #start(self: ProcessId, i: number): void {
    const l0 = this.processes.at(-1) as ProcessId
    this.#trusted.set(self, l0)
    this.started.set(self, [{ ts: 0, l: l0 }])
    const scripted: Port<EventualLeaderDetector> = {
      sort: 'port',
      abstraction: EventualLeaderDetector,
      open: ({ indicate }) => {
        this.#trust.set(self, indicate.trust)
        return { upon: {} }
      },
    }
    const { omega = 'scripted', ec = () => LeaderBasedEpochChange, ep = ReadWriteEpochConsensus } = this.stack
    const supply = [this.network.transport(self), this.network.timer(self)] as const
    const process = new Process({ self, processes: this.processes, supply, observe: (observation) => this.#observe(observation) })
    this.running.set(self, process as never)
    const eld = omega === 'scripted' ? scripted : MonarchicalEventualLeaderDetection
    const layers = { ec: (ec(i) as EpochChangeLayer).over({ eld }), ep: ep as EpochConsensusLayer }
    const uc = process.run(LeaderDrivenConsensus.over(layers).of<number>())
    process.upon(uc.decide, (v) => this.decisions.push({ p: self, v }))
    this.#propose.set(self, uc.propose)
  }

  #observe({ process: p, path, direction, event, attributes }: Observation): void {
    if (direction === 'indication' && event === 'decide') {
      const epoch = /^uc\.ep\[(\d+)\]$/.exec(path)?.[1]
      if (epoch !== undefined) this.epochDecisions.push({ p, epoch: Number(epoch), v: attributes[0] as number })
    } else if (event === 'startEpoch') this.started.get(p)?.push({ ts: attributes[0] as number, l: attributes[1] as ProcessId })
    else if (path === 'uc.ec.beb' && direction === 'request') this.announcements++
  }

  /** What of the safety properties was violated so far. */
  get unsafe(): string | undefined {
    const values = new Set(this.decisions.map(({ v }) => v))
    if (values.size > 1) return `UC4 uniform agreement: decided ${[...values].join(' and ')}`
    for (const v of values) if (!this.proposed.has(v)) return `UC2 validity: decided ${v}, which nobody proposed`
    if (new Set(this.decisions.map(({ p }) => p)).size < this.decisions.length) return 'UC3 integrity: a process decided twice'
    for (const { epoch, v } of this.epochDecisions) {
      const other = this.epochDecisions.find((o) => o.v !== v)
      if (other !== undefined) return `EP4 lock-in: ${v} in epoch ${epoch}, ${other.v} in epoch ${other.epoch}`
    }
    const leaders = new Map<number, ProcessId>()
    for (const [p, epochs] of this.started)
      for (const [i, { ts, l }] of epochs.entries()) {
        if (i > 0 && ts <= (epochs[i - 1]?.ts ?? 0)) return `EC1 monotonicity: ${p} started ${ts} after ${epochs[i - 1]?.ts}`
        if ((leaders.get(ts) ?? l) !== l) return `EC2 consistency: epoch ${ts} with ${l} and ${leaders.get(ts)}`
        leaders.set(ts, l)
      }
    return undefined
  }

  /** What of the liveness properties does not hold, at a moment when they must. */
  get stuck(): string | undefined {
    return this.stuckAmong(this.correct)
  }

  stuckAmong(some: readonly ProcessId[]): string | undefined {
    const last = some.map((p) => this.started.get(p)?.at(-1))
    const [{ ts, l } = { ts: -1, l: '' }] = last
    if (last.some((e) => e?.ts !== ts) || !this.correct.includes(l as ProcessId))
      return `EC3 eventual leadership: last epochs ${last.map((e) => `(${e?.ts}, ${e?.l})`).join(' ')}`
    const undecided = some.filter((p) => !this.decisions.some((d) => d.p === p))
    if (undecided.length > 0) return `UC1 termination: ${undecided.join(', ')} did not decide`
    return undefined
  }
}
