import type { ProcessId } from '@upon/contract'
import type { HandlerError } from '@upon/runtime'
import type { Trace, TraceEntry } from '@upon/trace'
import type { RecordScope } from '../engine/recorder'
import { runPlan, type Setup } from '../engine/simulate'
import { outsideModel } from '../plan/outside-model'
import { names, type Plan, type Schedule } from '../plan/plan'
import { combine, hex } from '../plan/random'
import { brokenBy, type SessionModel } from './allowed'
import { type Command, CommandRefused, checkCommand } from './command'
import { Hand, Impossible } from './hand'
import type { Pending } from './pending'
import { perform } from './perform'
import { planOf } from './to-plan'

export interface SessionOptions<O = unknown> {
  /** Sets up one process: runs algorithms, and gives how its client does what is requested, if there is anything. */
  readonly setup: Setup<O>
  /** What is assumed; by default `fail-noisy` with `f < N`. Under `fail-recovery` there are no perfect links. */
  readonly model?: { readonly model?: SessionModel['model'] | undefined; readonly resilience?: SessionModel['resilience'] }
  /** How many, `p1` to `pN`, or their names, by increasing rank. */
  readonly processes: number | readonly ProcessId[]
  /** A whole number from 0 to 2^53 - 1; 0 by default. */
  readonly seed?: number
  /** How long messages take that nobody touches; 1 ms by default. */
  readonly schedule?: Exclude<Schedule, { readonly kind: 'priorities' }>
  /** When delays become bounded if nobody commands it before; 0 under `fail-stop`, and otherwise a minute by default. */
  readonly stabilisationMs?: number
  /** The longest delay from then on; 10 by default. */
  readonly boundMs?: number
  /** What goes into the trace; `everything` by default. */
  readonly record?: RecordScope
}

/** A session that begins as a plan says: what the plan has happen is pending. */
export interface PlannedSessionOptions<O = unknown> extends Pick<SessionOptions<O>, 'setup' | 'model' | 'record'> {
  readonly plan: Plan<O>
}

const MINUTE_MS = 60_000

/** The states of all instances of each process by their paths; of one that has crashed, nothing. */
export type States = Readonly<Record<ProcessId, Readonly<Record<string, object>> | undefined>>

/**
 * Opens a session: the simulator by hand. Commands are plain data, and the same commands make the same session on every machine. Its
 * processes have started; nothing else has happened.
 */
export function openSession<O = unknown>(options: SessionOptions<O> | PlannedSessionOptions<O>): Session<O> {
  const { setup, record = 'everything' } = options
  const { model: name = 'fail-noisy', resilience = 'f < N' } = options.model ?? {}
  const model = { model: name, resilience }
  return new Session({ setup, record, model, plan: 'plan' in options ? spelt(options.plan, setup) : emptyPlan(options) }, [])
}

function emptyPlan<O>({ processes, seed = 0, model, schedule, stabilisationMs, boundMs = 10 }: SessionOptions<O>): Plan<O> {
  return {
    seed,
    processes: typeof processes === 'number' ? names(processes) : processes,
    operations: [],
    faults: [],
    schedule: schedule ?? { kind: 'fixed', delayMs: 1 },
    stabilisationMs: stabilisationMs ?? (model?.model === 'fail-stop' ? 0 : MINUTE_MS),
    boundMs,
    links: model?.model === 'fail-recovery' ? 'fair-loss' : 'all',
  }
}

/** A plan whose delays do not hang together: those of priorities are written out as they come about. */
function spelt<O>(plan: Plan<O>, setup: Setup<O>): Plan<O> {
  if (plan.schedule.kind !== 'priorities' || plan.deviations !== undefined) return plan
  const { delaysMs = {} } = runPlan(plan, setup, { record: 'nothing', recordsDelays: true })
  return {
    ...plan,
    schedule: { kind: 'random', seed: combine(plan.seed >>> 0, 1), shape: 'uniform', lowMs: 0.5, highMs: 5 },
    deviations: delaysMs,
  }
}

interface Game<O> {
  readonly plan: Plan<O>
  readonly setup: Setup<O>
  readonly record: RecordScope
  readonly model: SessionModel
}

/** A run in somebody's hands. */
export class Session<O = unknown> {
  readonly #game: Game<O>
  readonly #log: Command<O>[] = []
  readonly #broken: string[] = []
  #hand: Hand<O>

  /** Use `openSession`. */
  constructor(game: Game<O>, log: readonly Command<O>[]) {
    this.#game = game
    this.#hand = this.#open()
    const beyond = outsideModel(game.plan, game.model)
    if (beyond !== undefined) this.#broken.push(beyond)
    for (const command of log) this.apply(command)
  }

  get processes(): readonly ProcessId[] {
    return this.#game.plan.processes
  }

  /** All commands so far. */
  get log(): readonly Command<O>[] {
    return [...this.#log]
  }

  get timeMs(): number {
    return this.#hand.nowMs
  }

  /** Whether nothing is under way but what detectors do forever. A session goes on after that. */
  get isAtRest(): boolean {
    return this.#hand.isAtRest
  }

  /** What will happen, soonest first; then what is held back, and what has no time. */
  get pending(): readonly Pending[] {
    return this.#hand.pending
  }

  /** Which assumptions of the model have been broken so far, in words. Where any was, a violated property says nothing about the algorithm. */
  get broken(): readonly string[] {
    return [...this.#broken]
  }

  /** What handlers threw; each such error crashed its process. */
  get errors(): readonly HandlerError[] {
    return [...this.#hand.simulation.errors]
  }

  /** Its end is `quiescent` if liveness can be judged now: it is at rest, and delays are bounded or nothing at all is under way. */
  get trace(): Trace {
    const { simulation, isAtRest, pending } = this.#hand
    const isOver = isAtRest && (simulation.network.isStable || pending.length === 0)
    return {
      format: 'upon-trace/1',
      processes: this.processes.map((id, i) => ({ id, rank: i + 1 })),
      origin: { seed: hex(this.#game.plan.seed) },
      end: isOver ? 'quiescent' : 'cut',
      entries: [...simulation.recorder.entries],
    }
  }

  /** Does something, and gives the entries that this adds to the trace. Throws CommandRefused, and is as before, if that cannot be done. */
  apply(command: Command<O>): readonly TraceEntry[] {
    checkCommand(command, this.processes)
    const { length } = this.#hand.simulation.recorder.entries
    const broken = this.allowed(command)
    try {
      perform(this.#hand, command)
    } catch (error) {
      this.#hand = this.#replayed()
      if (error instanceof Impossible) throw new CommandRefused(command, error.message)
      throw new CommandRefused(command, `it failed: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
    }
    this.#log.push(structuredClone(command))
    if (broken !== undefined) this.#broken.push(broken)
    return this.#hand.simulation.recorder.entries.slice(length)
  }

  /** Which assumption of the model a command would break, in words; nothing if none. A command that cannot be done at all breaks none. */
  allowed(command: Command<O>): string | undefined {
    checkCommand(command, this.processes)
    return brokenBy(this.#hand, command, this.#game.model)
  }

  /** A session of its own in which the first so many commands have been done; all, by default. */
  fork(at = this.#log.length): Session<O> {
    if (!Number.isSafeInteger(at) || at < 0 || at > this.#log.length)
      throw new RangeError(`fork(${at}): expected a whole number from 0 to ${this.#log.length}, the number of commands so far`)
    return new Session(this.#game, this.#log.slice(0, at))
  }

  /** The states of all instances: now, or just before the handler ran that an entry of the trace is about. A copy. */
  states(before?: number): States {
    if (before === undefined) return statesOf(this.#hand)
    let states: States | undefined
    this.#replayed((hand) => {
      hand.simulation.onEntry.push(({ index }) => {
        if (index === before) states = statesOf(hand)
      })
    })
    if (states === undefined) throw new RangeError(`states(${before}): expected the index of an event of the trace`)
    return states
  }

  /**
   * What was done as a plan: for `judge`, `shrink` and `upon-sim --plan`. Its run is the same as this session so far, and then goes on by
   * itself.
   */
  toPlan(): Plan<O> {
    return planOf(this.#hand, this.#game.model.model)
  }

  #open(watch: (hand: Hand<O>) => void = () => {}): Hand<O> {
    const { plan, setup, record } = this.#game
    const hand = new Hand(plan, setup, record)
    watch(hand)
    hand.begin()
    return hand
  }

  #replayed(watch?: (hand: Hand<O>) => void): Hand<O> {
    const hand = this.#open(watch)
    for (const command of this.#log) perform(hand, command)
    return hand
  }
}

function statesOf<O>({ simulation, plan }: Hand<O>): States {
  return Object.fromEntries(
    plan.processes.map((p, host) => [
      p,
      simulation.isCrashed(host) ? undefined : structuredClone(simulation.hosts[host]?.process.snapshot()),
    ]),
  )
}
