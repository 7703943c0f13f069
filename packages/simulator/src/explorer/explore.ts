import type { ProcessId, SystemModel, Upon } from '@upon/contract'
import type { Process } from '@upon/runtime'
import type { Trace } from '@upon/trace'
import type { Supply } from '../engine/host'
import { type RecordScope, recorded } from '../engine/recorder'
import type { Perform as Performs } from '../engine/simulate'
import { type ClientOperation, names } from '../plan/plan'
import type { Violation } from '../seeds/scenario'
import { inSlices, type Stoppable } from '../slices'
import type { Detectors } from './detectors'
import { Configuration, type Start } from './history'
import type { Perform } from './live-process'
import { type Move, movesOf } from './moves'
import { GOES_ROUND, goRound } from './rest'
import { Texts } from './texts'
import { ExploredWorld } from './world'

/** A process as the explorer sets it up. */
export interface ExploredProcess {
  readonly self: ProcessId
  readonly processes: readonly ProcessId[]
  readonly run: Process<Supply>['run']
  readonly upon: Upon
  /**
   * Detectors to put in the place of those that need time. They indicate a fact at any moment after it has become true: which processes have
   * crashed, which to suspect, and that of the processes that have not crashed the one with the highest rank leads. They are wrong at most
   * `lies` times.
   */
  readonly detectors: Detectors
}

export interface ExploreOptions<O = unknown> {
  /** Two or three: the number of schedules grows faster than exponentially. */
  readonly processes: number
  readonly setup: (process: ExploredProcess) => Performs<O> | undefined
  /** `afterMs` means nothing here: a client may act at any moment. */
  readonly operations?: readonly ClientOperation<O>[]
  /** How many processes may crash, each at any moment between two steps; 0 by default. */
  readonly crashes?: number
  /** How many time-outs there may be in all, of whatever timers are running; 0 by default. */
  readonly timeouts?: number
  /** `fail-stop`: nothing times out as long as a message is under way. Otherwise timers may be as fast as they like. */
  readonly model?: SystemModel
  /** How many messages fair-loss links may lose, and how many they may repeat; 0 by default. */
  readonly losses?: number
  readonly repeats?: number
  /** How often, in total, the eventual ones of `detectors` may suspect, restore or trust a process wrongly; 0 by default. They correct themselves. */
  readonly lies?: number
  readonly record?: RecordScope
  /**
   * Judges every prefix (`end` is `cut`) and every end. An end is `quiescent` if nothing is left to happen. If only timers are left, they go
   * through rounds first: each times out in turn and everything sent arrives, until the state is that of an earlier round.
   */
  readonly check: (trace: Trace) => Violation | undefined
  /** 100,000 by default. */
  readonly limitStates?: number
  /** How long it may take, in ms of real time; without limit by default. With a limit, which states are visited depends on the machine. */
  readonly limitMs?: number
  readonly onProgress?: (states: number, waiting: number) => void
}

export interface Exploration {
  /** Distinct states. What the application has seen so far is part of a state. */
  readonly states: number
  /**
   * States in which nothing is under way, except perhaps messages of crashed processes, which may be lost. Liveness was judged at the
   * quiescent ones. The others would go on without returning to an earlier state.
   */
  readonly ends: { readonly quiescent: number; readonly cut: number }
  /** Whether every state was visited. */
  readonly isComplete: boolean
  /** The shortest schedule that violates something, step by step. */
  readonly counterexample: { readonly moves: readonly string[]; readonly violation: Violation; readonly trace: Trace } | undefined
}

/** A state that is visited, and how the system came to it. */
interface Node {
  readonly text: string
  readonly before: Node | undefined
}

interface Waiting {
  readonly world: ExploredWorld
  readonly moves: readonly Move[]
  readonly node: Node | undefined
}

/**
 * Visits every schedule of a small system, shortest first, and every state once. Everything that an algorithm knows must be in its state:
 * the explorer checks on the way that processes with the same state behave alike, and throws an Error where they do not. `setup` is called
 * many times; what it makes for one process must share nothing with another process.
 */
export function explore<O>(options: ExploreOptions<O>): Exploration {
  const steps = new Explorer(options).steps()
  for (;;) {
    const { done, value } = steps.next()
    if (done === true) return value
  }
}

/** The same, letting others run in between, until it is stopped: then what was found by then, which is not complete. */
export async function exploreUntil<O>(options: ExploreOptions<O>, stoppable: Stoppable): Promise<Exploration> {
  const explorer = new Explorer(options)
  return (await inSlices(explorer.steps(), stoppable)) ?? explorer.found(false)
}

/** What a move leads to: one world, or one for each outcome of the random numbers that it draws. */
function outcomesOf(world: ExploredWorld, move: Move, choices: readonly number[] = []): { world: ExploredWorld; text: string }[] {
  const next = world.copy()
  next.choices = choices
  move.act(next)
  next.choices = []
  const { undecided } = next
  if (undecided !== undefined) return Array.from({ length: undecided }, (_, k) => outcomesOf(world, move, [...choices, k])).flat()
  return [{ world: next, text: choices.length === 0 ? move.text : `${move.text}, drawing ${choices}` }]
}

class Explorer<O> {
  readonly #seen = new Set<string>()
  readonly #judged = new Set<string>()
  readonly #endsAtMs: number
  readonly #limitStates: number
  /** How the system goes on from an end by its timers alone: whether the application gets an indication, or no round leads back. */
  readonly #rounds = new Map<string, 'silent' | 'indicating' | 'endless'>()
  readonly #ends = { quiescent: 0, cut: 0 }
  #next: Waiting[] = []
  #counterexample: Exploration['counterexample']

  constructor(readonly options: ExploreOptions<O>) {
    this.#limitStates = options.limitStates ?? 100_000
    this.#endsAtMs = performance.now() + (options.limitMs ?? Number.POSITIVE_INFINITY)
  }

  /** Visits the states one after the other. */
  *steps(): Generator<void, Exploration> {
    for (const { world, node } of begin(this.options)) if (!this.#visit(world, node)) return this.found(false)
    while (this.#next.length > 0) {
      const frontier = this.#next
      this.#next = []
      for (const { world, moves, node: before } of frontier)
        for (const move of moves)
          for (const { world: next, text } of outcomesOf(world, move)) {
            if (!this.#visit(next, { text, before })) return this.found(false)
            yield
          }
    }
    return this.found(true)
  }

  found(isComplete: boolean): Exploration {
    return { states: this.#seen.size, ends: this.#ends, isComplete, counterexample: this.#counterexample }
  }

  /** Judges a state, if it is new, and queues what may follow. Returns whether to go on. */
  #visit(world: ExploredWorld, node: Node | undefined): boolean {
    const { onProgress } = this.options
    const { state } = world
    if (this.#seen.has(state)) return true
    this.#seen.add(state)
    const { size } = this.#seen
    if (size % 1000 === 0) onProgress?.(size, this.#next.length)
    const moves = movesOf(world)
    const holds = moves.every(({ isOptional }) => isOptional) ? this.#judgeEnd(world, node) : this.#judge(world, 'cut', node)
    this.#next.push({ world, moves, node })
    return holds && size < this.#limitStates && performance.now() < this.#endsAtMs
  }

  #judgeEnd(world: ExploredWorld, node: Node | undefined): boolean {
    if (world.timers.length === 0) {
      this.#ends.quiescent++
      return this.#judge(world, 'quiescent', node)
    }
    const { present, seen } = world
    const known = this.#rounds.get(present)
    const round = known === undefined || known === 'indicating' ? goRound(world) : world
    const how = known ?? (round === undefined ? 'endless' : round.seen === seen ? 'silent' : 'indicating')
    this.#rounds.set(present, how)
    this.#ends[how === 'endless' ? 'cut' : 'quiescent']++
    if (!this.#judge(world, 'cut', node)) return false
    return how === 'endless' || this.#judge(round ?? world, 'quiescent', { text: GOES_ROUND, before: node })
  }

  /** A trace that was judged before is not judged again. */
  #judge(world: ExploredWorld, end: Trace['end'], node: Node | undefined): boolean {
    const [error] = world.errors
    const key = `${world.seen} ${end}`
    if (error === undefined && this.#judged.has(key)) return true
    this.#judged.add(key)
    const trace = world.trace(end)
    const violation = error === undefined ? this.options.check(trace) : { property: 'no handler throws', why: error.message }
    if (violation === undefined) return true
    this.#counterexample = { moves: textsOf(node), violation, trace }
    return false
  }
}

function textsOf(node: Node | undefined): string[] {
  const texts: string[] = []
  for (let at = node; at !== undefined; at = at.before) texts.push(at.text)
  return texts.reverse()
}

/** The system before anything has happened: one for each way in which the numbers fall that processes draw when they start. */
function begin<O>(options: ExploreOptions<O>): { world: ExploredWorld; node: Node | undefined }[] {
  const { operations = [], crashes = 0, timeouts = 0, losses = 0, repeats = 0, lies = 0 } = options
  const { model, record = 'application', setup } = options
  const processes = names(options.processes)
  const texts = new Texts()
  const starts = processes.map((p, host) =>
    Configuration.first({
      host,
      processes,
      setup: ({ host: { process }, detectors }) => {
        const run = process.run.bind(process) as ExploredProcess['run']
        return setup({ self: p, processes, upon: process.upon, run, detectors }) as Perform | undefined
      },
      operations: operations.filter(({ process }) => process === p).map(({ operation }) => operation),
      records: recorded(record),
      texts,
    }),
  )
  const left = { crashes, timeouts, losses, repeats, lies }
  return everyWay(starts).map((beginnings) => ({
    world: new ExploredWorld({ processes, isSynchronous: model === 'fail-stop', texts }, beginnings, left),
    node: beginnings.reduce<Node | undefined>(
      (before, { drew }, i) => (drew.length === 0 ? before : { text: `${processes[i]} starts, drawing ${drew}`, before }),
      undefined,
    ),
  }))
}

/** Each process's start, in every combination. */
const everyWay = (starts: readonly (readonly Start[])[]): readonly Start[][] =>
  starts.reduce<Start[][]>((ways, of) => ways.flatMap((way) => of.map((start) => [...way, start])), [[]])
