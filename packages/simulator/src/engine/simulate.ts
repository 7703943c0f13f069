import type { ProcessId } from '@upon/contract'
import type { HandlerError } from '@upon/runtime'
import type { Trace } from '@upon/trace'
import { type ClientOperation, type Fault, names, type Plan, type Schedule } from '../plan/plan'
import { combine, digits, hashOf, hex } from '../plan/random'
import type { Hold } from '../plan/script'
import { scheduleFaults, stabiliseInTime } from './faults'
import { type RecordScope, traceHash } from './recorder'
import { SimulatedProcess } from './simulated-process'
import { type Limits, Simulation } from './simulation'

/** How a client at one process performs an operation; it calls `done` when the operation has completed. */
export type Perform<O> = (operation: O, done: () => void) => void

/** Sets up one process: runs algorithms, and returns how its client performs operations, if it has a client. */
export type Setup<O> = (process: SimulatedProcess) => Perform<O> | undefined

export interface RunOptions {
  /** What goes into the trace; `everything` by default. */
  readonly record?: RecordScope
  readonly limits?: Partial<Limits>
  /** Keeps the delay of each message in `run.delaysMs`, from which the run can be replayed. */
  readonly recordsDelays?: boolean
  readonly origin?: NonNullable<Trace['origin']>
}

export interface SimulationOptions<O = unknown> extends RunOptions {
  /** How many, `p1` to `pN`; or their names, by increasing rank. */
  readonly processes: number | readonly ProcessId[]
  /** A whole number from 0 to 2^53 - 1. */
  readonly seed: number
  readonly setup: Setup<O>
  readonly operations?: readonly ClientOperation<O>[]
  readonly faults?: readonly (Fault | Hold)[]
  /** Delays of 0.5 to 5 ms drawn with the seed, by default. */
  readonly schedule?: Schedule
  readonly deviations?: NonNullable<Plan['deviations']>
  /** When the last fault has ended and the longest deviation could have, by default. */
  readonly stabilisationMs?: number
  /** The longest delay after that; 10 by default. */
  readonly boundMs?: number
}

/** The outcome of a run. */
export interface Run {
  readonly trace: Trace
  /** 64 bits over all that happened and when, and over the trace. */
  readonly hash: string
  /** Messages, time-outs, client steps and faults that were handled. */
  readonly events: number
  readonly end: Trace['end']
  readonly virtualMs: number
  /** Handlers that threw; each crashed its process. */
  readonly errors: readonly HandlerError[]
  readonly delaysMs: Readonly<{ [message: string]: number }> | undefined
}

/** A detector that does not know the bound needs time: it learns it by waiting longer and longer. */
const defaultLimits = ({ boundMs }: Plan): Limits => ({ events: 200_000, virtualMs: 60_000 + 500 * boundMs })

export const limitsOf = (plan: Plan, limits: RunOptions['limits']): Limits => ({ ...defaultLimits(plan), ...limits })

/** Runs processes in virtual time, with exactly the faults and operations given. Same options, same run. */
export function simulate<O = unknown>(options: SimulationOptions<O>): Run {
  const { seed, setup, faults = [], operations = [], boundMs = 10, deviations } = options
  const processes = typeof options.processes === 'number' ? names(options.processes) : options.processes
  const schedule = options.schedule ?? { kind: 'random', seed: combine(seed >>> 0, 1), shape: 'uniform', lowMs: 0.5, highMs: 5 }
  const ends = faults.map((fault) => ('toMs' in fault ? (fault.toMs ?? 0) : 'atMs' in fault ? fault.atMs : 0))
  const plan: Plan<O> = {
    seed,
    processes,
    operations,
    faults: faults.filter((fault): fault is Fault => fault.kind !== 'hold'),
    schedule,
    stabilisationMs: options.stabilisationMs ?? Math.max(0, ...ends, ...Object.values(deviations ?? {})),
    boundMs,
    ...(deviations === undefined ? {} : { deviations }),
  }
  const holds = faults.filter((fault): fault is Hold => fault.kind === 'hold')
  return runPlan(plan, setup, { origin: { seed: hex(seed) }, ...options }, holds)
}

/** Runs what a plan says. */
export function runPlan<O>(plan: Plan<O>, setup: Setup<O>, options: RunOptions = {}, holds: readonly Hold[] = []): Run {
  const limits = limitsOf(plan, options.limits)
  const simulation = new Simulation(plan, limits, options.record ?? 'everything', options.recordsDelays ?? false)
  stabiliseInTime(simulation)
  scheduleFaults(simulation, [...plan.faults, ...holds])
  const left = new Map<ProcessId, ClientOperation<O>[]>(plan.processes.map((p) => [p, []]))
  for (const operation of plan.operations) left.get(operation.process)?.push(operation)
  const begin = (host: number) => startClient(simulation, host, left.get(plan.processes[host] as ProcessId) ?? [], setup)
  simulation.onRecovery.push(begin)
  startAll(simulation, begin)
  const end = simulation.run()
  const virtualMs = simulation.nowMs()
  const { events } = simulation
  if (end === 'quiescent' && options.record !== 'application' && options.record !== 'nothing') simulation.drain()
  simulation.end()
  const trace: Trace = {
    format: 'upon-trace/1',
    processes: plan.processes.map((id, i) => ({ id, rank: i + 1 })),
    ...(options.origin === undefined ? {} : { origin: options.origin }),
    end,
    entries: simulation.recorder.entries,
  }
  return new Finished(trace, virtualMs, events, simulation)
}

/** Starts all processes, some of them late. One that crashes and recovers before its time has come starts with its recovery. */
export function startAll(simulation: Simulation, begin: (host: number) => void): void {
  const { faults } = simulation.plan
  for (const [host, { process }] of simulation.hosts.entries()) {
    const late = faults.find((fault) => fault.kind === 'start' && fault.process === process.self)
    if (late?.kind === 'start')
      simulation.later('fault', host, Math.round(late.atMs * 1000), () => {
        if (!simulation.isCrashed(host) && simulation.hosts[host]?.process === process) begin(host)
        simulation.resume(host)
      })
    else if (!simulation.isCrashed(host)) begin(host)
  }
}

/** A class, since a getter of an object literal would keep every run alive until a full garbage collection. */
class Finished implements Run {
  readonly end: Trace['end']
  readonly errors: readonly HandlerError[]
  readonly delaysMs: Run['delaysMs']
  readonly #scheduleHash: readonly [number, number]

  constructor(
    readonly trace: Trace,
    readonly virtualMs: number,
    readonly events: number,
    { errors, network, scheduleHash }: Simulation,
  ) {
    this.end = trace.end
    this.errors = errors
    this.delaysMs = network.delaysMs
    this.#scheduleHash = scheduleHash
  }

  /** Computed on demand, since most runs do not need it. */
  get hash(): string {
    const [a, b] = this.#scheduleHash
    return digits(combine(a, b)) + digits(combine(hashOf(traceHash(this.trace)), a))
  }
}

/** Has a client that is idle take the next of its operations, if one was added; now, if that is 0. */
export type Proceed = (delayMs?: number) => void

/** Called when a client waits for its next operation, or begins one. */
export interface Watch<O> {
  onIdle(): void
  onBegin(operation: ClientOperation<O>): void
}

/** Sets a process up, and has its client go on with the operations that are left: one that a crash interrupts is over. */
export function startClient<O>(
  simulation: Simulation,
  host: number,
  left: ClientOperation<O>[],
  setup: Setup<O>,
  watch?: Watch<O>,
): Proceed | undefined {
  const client = new SimulatedProcess(simulation, host)
  const perform = setup(client)
  if (perform === undefined) return undefined
  const take = (delayMs?: number) => {
    const [next] = left
    if (next === undefined) return
    const { afterMs, atMs = 0 } = next
    client.operate(delayMs ?? Math.max(afterMs, atMs - client.nowMs), () => {
      left.shift()
      watch?.onBegin(next)
      perform(next.operation, proceed)
    })
  }
  const proceed = () => {
    watch?.onIdle()
    take()
  }
  proceed()
  return take
}
