import type { Trace } from '@upon/checker'
import type { Model, PerfectFailureDetector, Port, ProcessId, Upon } from '@upon/contract'
import type { Process } from '@upon/runtime'
import type { Supply } from '../host'
import type { Operation } from '../plan'
import type { Record } from '../recorder'
import type { Violation } from '../scenario'
import { names, type Perform } from '../simulate'
import { ExploredWorld } from './world'

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
  readonly setup: (process: ExploredProcess) => Perform<O> | undefined
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

interface Node {
  readonly move: number
  readonly parent: Node | undefined
}

/**
 * Visits every schedule of a small system, shortest first, and every state once. Algorithms keep all they know in their state, as
 * they must; where one hides something in a closure, states that differ are taken for the same.
 */
export function explore<O>(options: ExploreOptions<O>): Exploration {
  const { limitStates = 100_000, check } = options
  const seen = new Set<string>()
  let ends = 0
  let frontier: (Node | undefined)[] = [undefined]
  while (frontier.length > 0) {
    const next: Node[] = []
    for (const node of frontier) {
      const { world, texts } = replay(options, node)
      const { state } = world
      if (seen.has(state)) continue
      seen.add(state)
      if (seen.size % 1000 === 0) options.onProgress?.(seen.size, next.length)
      const moves = world.moves()
      const isEnd = moves.every(({ isOptional }) => isOptional)
      if (isEnd) ends++
      const trace = world.trace(isEnd && !world.isCutShort ? 'quiescent' : 'cut')
      const [error] = world.errors
      const violation = error === undefined ? check(trace) : { property: 'no handler throws', why: error.message }
      if (violation !== undefined) return { states: seen.size, ends, isComplete: false, counterexample: { moves: texts, violation, trace } }
      if (seen.size >= limitStates) return { states: seen.size, ends, isComplete: false, counterexample: undefined }
      for (let move = 0; move < moves.length; move++) next.push({ move, parent: node })
    }
    frontier = next
  }
  return { states: seen.size, ends, isComplete: true, counterexample: undefined }
}

/** Runs the system anew up to a node: processes cannot be copied, but their runs can be repeated. */
function replay<O>(options: ExploreOptions<O>, node: Node | undefined): { readonly world: ExploredWorld; readonly texts: string[] } {
  const { operations = [], crashes = 0, timeouts = 0, losses = 0, repeats = 0, model, record = 'application' } = options
  const isSynchronous = model === 'fail-stop'
  const limits = { crashes, timeouts, losses, repeats }
  const world = new ExploredWorld({ processes: names(options.processes), operations, ...limits, isSynchronous, record })
  world.hosts.forEach(({ process }, host) => {
    const { self, processes, upon } = process
    const run = process.run.bind(process) as ExploredProcess['run']
    const perform = options.setup({ self, processes, upon, run, detector: world.detector(host) })
    if (perform !== undefined) world.client(host, perform as Perform<unknown>)
  })
  const path: number[] = []
  for (let at = node; at !== undefined; at = at.parent) path.push(at.move)
  const texts = path.reverse().map((move) => {
    const chosen = world.moves()[move]
    if (chosen === undefined) throw new Error('the same moves led to another state: something is not deterministic')
    chosen.act()
    return chosen.text
  })
  return { world, texts }
}
