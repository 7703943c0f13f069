import type { ProcessId, Upon } from '@upon/contract'
import type { Process } from '@upon/runtime'
import type { Supply } from './host'
import { combine, Random } from './random'
import type { Simulation } from './simulation'

/** A process as `setup` gets it: to run algorithms in, and react on what they indicate. */
export class SimulatedProcess {
  readonly self: ProcessId
  /** By increasing rank. */
  readonly processes: readonly ProcessId[]
  /** Runs a layer with all below it, and gives its port. */
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

  /** The application's random numbers at this process, of the run's seed. */
  get random(): Random {
    this.#random ??= new Random(combine(this.#simulation.plan.seed >>> 0, this.#host + 1))
    return this.#random
  }

  /** When faults end, in virtual ms. Nothing that a real process could know: for ideal layers. */
  get stabilisationMs(): number {
    return this.#simulation.plan.stabilisationMs
  }

  get nowMs(): number {
    return this.#simulation.nowMs()
  }

  /** Whether a process has not crashed so far. Nothing that a real process could know: for ideal layers. */
  isAlive(p: ProcessId): boolean {
    return !this.#simulation.isCrashed(this.#simulation.place(p))
  }

  /** Does something when a process has crashed, if this one is still there: for ideal layers. */
  onCrash(action: () => void): void {
    this.#simulation.watchers.push({ upon: 'crash', host: this.#host, action: this.#here(action) })
  }

  /** Does something when a process has recovered, if this one is still there: for ideal layers. */
  onRecovery(action: () => void): void {
    this.#simulation.watchers.push({ upon: 'recover', host: this.#host, action: this.#here(action) })
  }

  /** Does something later, if the process is still there. */
  after(delayMs: number, action: () => void): void {
    this.#simulation.later('step', this.#host, Math.round(delayMs * 1000), this.#here(action))
  }

  /** Nothing of this process happens in the one that it is after a recovery. */
  #here(action: () => void): () => void {
    return () => {
      if (this.#simulation.hosts[this.#host]?.process === this.#process) action()
    }
  }
}
