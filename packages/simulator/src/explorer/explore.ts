import type { Trace } from '@upon/checker'
import type { Model, PerfectFailureDetector, Port, ProcessId, Upon } from '@upon/contract'
import type { Process } from '@upon/runtime'
import type { Supply } from '../host'
import type { Operation } from '../plan'
import { type Record, recorded } from '../recorder'
import type { Violation } from '../scenario'
import { names, type Perform as Performs } from '../simulate'
import { type Beginning, History, type Perform } from './history'
import { Texts } from './texts'
import { ExploredWorld, type Move } from './world'

/** A process as the explorer sets it up. */
export interface ExploredProcess {
  readonly self: ProcessId
  readonly processes: readonly ProcessId[]
  readonly run: Process<Supply>['run']
  readonly upon: Upon
  /** Detects whoever has crashed, at any moment after that, and nobody else: to put in the place of one that needs time for it. */
  readonly detector: Port<PerfectFailureDetector>
}

export interface ExploreOptions<O = unknown> {
  /** Two or three: the number of schedules grows faster than exponentially. */
  readonly processes: number
  readonly setup: (process: ExploredProcess) => Performs<O> | undefined
  /** `afterMs` means nothing here: a client may act at any moment. */
  readonly operations?: readonly Operation<O>[]
  /** How many processes may crash, each at any moment between two things that come to it; none unless told. */
  readonly crashes?: number
  /** How many time-outs there may be in all, of whatever timers are running; none unless told. */
  readonly timeouts?: number
  /** `fail-stop`: nothing times out as long as a message is under way. Otherwise timers may be as fast as they like. */
  readonly model?: Model
  /** How many messages fair-loss links may lose, and how many they may deliver once more; none unless told. */
  readonly losses?: number
  readonly repeats?: number
  readonly record?: Record
  /** Judges every prefix (`end` is `cut`) and every end (`quiescent`, but `cut` if a timer still runs and no time-out is left). */
  readonly check: (trace: Trace) => Violation | undefined
  /** 100,000 unless told. */
  readonly limitStates?: number
  /** How long it may take, in ms of real time; for ever unless told. Which states are visited then depends on the machine. */
  readonly limitMs?: number
  readonly onProgress?: (states: number, waiting: number) => void
}

export interface Exploration {
  /** Different states, with what the application saw on the way counted as part of a state. */
  readonly states: number
  /** States in which nothing is under way, but perhaps what came from processes that have crashed: that may be lost. */
  readonly ends: number
  /** Whether these are all there are. */
  readonly isComplete: boolean
  /** The shortest schedule that violates something: what happens, one after the other. */
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
 * Visits every schedule of a small system, shortest first, and every state once. Algorithms keep all they know in their state, as
 * they must; where one hides something in a closure, states that differ are taken for the same. What `setup` makes at one process
 * must have nothing in common with another's, and it is set up many times.
 */
export function explore<O>(options: ExploreOptions<O>): Exploration {
  return new Explorer(options).explore()
}

class Explorer<O> {
  readonly #seen = new Set<string>()
  readonly #endsAtMs: number
  readonly #limitStates: number
  #ends = 0
  #next: Waiting[] = []
  #counterexample: Exploration['counterexample']

  constructor(readonly options: ExploreOptions<O>) {
    this.#limitStates = options.limitStates ?? 100_000
    this.#endsAtMs = performance.now() + (options.limitMs ?? Number.POSITIVE_INFINITY)
  }

  explore(): Exploration {
    let isComplete = this.#visit(begin(this.options), undefined)
    while (isComplete && this.#next.length > 0) {
      const frontier = this.#next
      this.#next = []
      isComplete = frontier.every(({ world, moves, node: before }) =>
        moves.every((move) => this.#visit(world.after(move), { text: move.text, before })),
      )
    }
    return { states: this.#seen.size, ends: this.#ends, isComplete, counterexample: this.#counterexample }
  }

  /** Judges a state, if it is a new one, and has what follows wait. Says whether to go on. */
  #visit(world: ExploredWorld, node: Node | undefined): boolean {
    const { check, onProgress } = this.options
    const { state } = world
    if (this.#seen.has(state)) return true
    this.#seen.add(state)
    const { size } = this.#seen
    if (size % 1000 === 0) onProgress?.(size, this.#next.length)
    const moves = world.moves()
    const isEnd = moves.every(({ isOptional }) => isOptional)
    if (isEnd) this.#ends++
    const trace = world.trace(isEnd && !world.isCutShort ? 'quiescent' : 'cut')
    const [error] = world.errors
    const violation = error === undefined ? check(trace) : { property: 'no handler throws', why: error.message }
    if (violation !== undefined) this.#counterexample = { moves: textsOf(node), violation, trace }
    else this.#next.push({ world, moves, node })
    return violation === undefined && size < this.#limitStates && performance.now() < this.#endsAtMs
  }
}

function textsOf(node: Node | undefined): string[] {
  const texts: string[] = []
  for (let at = node; at !== undefined; at = at.before) texts.push(at.text)
  return texts.reverse()
}

/** The system before anything has happened. */
function begin<O>(options: ExploreOptions<O>): ExploredWorld {
  const { operations = [], crashes = 0, timeouts = 0, losses = 0, repeats = 0, model, record = 'application', setup } = options
  const processes = names(options.processes)
  const texts = new Texts()
  const histories = processes.map((p, host) => {
    const beginning: Beginning = {
      host,
      processes,
      setup: (live) => {
        const { process } = live.host
        const run = process.run.bind(process) as ExploredProcess['run']
        return setup({ self: p, processes, upon: process.upon, run, detector: live.detector }) as Perform | undefined
      },
      operations: operations.filter(({ process }) => process === p).map(({ operation }) => operation),
      records: recorded(record),
      texts,
    }
    return new History(beginning)
  })
  return new ExploredWorld({ processes, isSynchronous: model === 'fail-stop', texts }, histories, { crashes, timeouts, losses, repeats })
}
