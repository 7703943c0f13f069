import type { ProcessId, Upon } from '@upon/contract'
import { type Process, ProcessEndedError } from '@upon/runtime'
import { combine, hashOf, Random } from '../plan/random'
import type { Supply } from './host'
import type { About } from './scheduled'
import type { Simulation } from './simulation'

/** What adversarial layers of different processes share, by the run and a key that they agree upon. */
const shared = new WeakMap<Simulation, Map<string, unknown>>()

/** A process as `setup` gets it: runs algorithms, and reacts to their indications. */
export class SimulatedProcess {
  readonly self: ProcessId
  /** By increasing rank. */
  readonly processes: readonly ProcessId[]
  /** Runs a layer with everything below it, and returns its port. */
  readonly run: Process<Supply>['run']
  readonly upon: Upon
  readonly #simulation: Simulation
  readonly #host: number
  readonly #process: Process<Supply>
  #random: Random | undefined

  constructor(simulation: Simulation, host: number) {
    const { process } = simulation.hosts[host] as Simulation['hosts'][number]
    this.self = process.self
    this.processes = process.processes
    this.run = process.run.bind(process) as Process<Supply>['run']
    this.upon = process.upon
    this.#simulation = simulation
    this.#host = host
    this.#process = process
  }

  /** The application's random numbers at this process, from the run's seed. */
  get random(): Random {
    this.#random ??= new Random(combine(this.#simulation.plan.seed >>> 0, this.#host + 1))
    return this.#random
  }

  get nowMs(): number {
    return this.#simulation.nowMs()
  }

  /** Does something later, if the process is still there. */
  after(delayMs: number, action: () => void, about?: About): void {
    this.#simulation.later('step', this.#host, Math.round(delayMs * 1000), this.#here(action), about)
  }

  /** Has the client begin an operation later. */
  operate(delayMs: number, action: () => void): void {
    this.#simulation.later('operation', this.#host, Math.round(delayMs * 1000), this.#here(action))
  }

  /** An action of this process does not happen after a crash, nor in the process that it is after a recovery. */
  #here(action: () => void): () => void {
    return () => {
      if (this.#simulation.hosts[this.#host]?.process !== this.#process) return
      try {
        action()
      } catch (error) {
        if (!(error instanceof ProcessEndedError)) throw error
      }
    }
  }

  // What follows is for adversarial layers: nothing that a real process could know or do.

  /** When faults end, in virtual ms. */
  get stabilisationMs(): number {
    return this.#simulation.plan.stabilisationMs
  }

  /** How long a message may take after that, in ms. */
  get boundMs(): number {
    return this.#simulation.plan.boundMs
  }

  /** Whether a process has not crashed so far. */
  isAlive(p: ProcessId): boolean {
    return !this.#simulation.isCrashed(this.#simulation.place(p))
  }

  /** Whether a process is sure not to be correct: it has crashed, or the plan says when it will, and it never recovers. */
  isFaulty(p: ProcessId): boolean {
    const { plan } = this.#simulation
    const faults = plan.faults.filter((fault) => 'process' in fault && fault.process === p && !('unforeseen' in fault))
    if (faults.some((fault) => 'atEnd' in fault)) return true
    if (plan.links === 'fair-loss') return false // anybody may recover
    if (faults.some(({ kind }) => kind === 'recover')) return false
    return !this.isAlive(p) || faults.some((fault) => fault.kind === 'crash' && 'atMs' in fault)
  }

  /** Does something when a process has crashed, unless this one has. */
  onCrash(action: () => void): void {
    this.#simulation.watchers.push({ upon: 'crash', host: this.#host, action: this.#here(action) })
  }

  /** Does something when a process has recovered, unless this one has crashed. */
  onRecovery(action: () => void): void {
    this.#simulation.watchers.push({ upon: 'recover', host: this.#host, action: this.#here(action) })
  }

  /** Does something later, though the process may have crashed meanwhile. */
  afterwards(delayMs: number, action: () => void, about?: About): void {
    this.#simulation.later('step', -1, Math.round(delayMs * 1000), action, about)
  }

  /** The entry of the request to the layer at `path` that this process handles now; -1 if none is recorded. */
  requestAt(path: string): number {
    return this.#simulation.recorder.requestAt(this.#host, path)
  }

  /** Does something that comes of an entry: what this process is notified of names it as its cause. */
  becauseOf(entry: number, action: () => void): void {
    const { recorder } = this.#simulation
    const { arriving } = recorder
    recorder.arriving = entry
    try {
      action()
    } finally {
      recorder.arriving = arriving
    }
  }

  /** The one object that all processes of the run share under this key; the first call makes it. */
  shared<T>(key: string, make: () => T): T {
    const things = shared.get(this.#simulation) ?? new Map<string, unknown>()
    shared.set(this.#simulation, things)
    if (!things.has(key)) things.set(key, make())
    return things.get(key) as T
  }

  /** Random numbers for one purpose at this process, from the run's seed: independent of whatever else is drawn. */
  randomFor(purpose: string): Random {
    return new Random(combine(combine(this.#simulation.plan.seed >>> 0, hashOf(purpose)), this.#host + 1))
  }

  /** Counts as a message sent, for crashes after a number of sends: the process may have crashed when this returns. */
  countSend(): void {
    if (this.isAlive(this.self)) this.#simulation.countSend(this.#host)
  }
}
