import { Random } from '../plan/random'
import { inSlices, type Stoppable } from '../slices'
import { type Command, CommandRefused } from './command'
import type { Session } from './session'

export interface WalkOptions {
  /** How many commands, before all faults end and the system comes to rest; 40 by default. */
  readonly steps?: number
}

export interface SearchOptions<O> extends WalkOptions, Stoppable {
  /** The first seed, and how many; 1 and 1,000 by default. */
  readonly seed?: number
  readonly runs?: number
  /** Whether a walk shows what is looked for. */
  readonly isFound: (walked: Session<O>) => boolean
  readonly onProgress?: (runs: number) => void
}

const STEPS = 40
const RUNS = 1_000
const CRASH_PERCENT = 5
const NEXT_PERCENT = 20

/**
 * Goes on from where a session is, by commands drawn from a seed that break no assumption of the model; then all faults end, and the system
 * comes to rest if it can. The session itself stays as it is. Same session, same seed: same walk; its log shows how to get there.
 */
export function walk<O>(session: Session<O>, seed: number, { steps = STEPS }: WalkOptions = {}): Session<O> {
  const walked = session.fork()
  const random = new Random(seed)
  for (let i = 0; i < steps; i++) attempt(walked, drawn(walked, random))
  attempt(walked, { do: 'stabilise' })
  attempt(walked, { do: 'rest' })
  return walked
}

/** Looks for a bad end from where a session is, in many walks. It lets others run in between. Gives the first walk that shows one. */
export async function search<O>(session: Session<O>, options: SearchOptions<O>): Promise<Session<O> | undefined> {
  return inSlices(walks(session, options), options)
}

function* walks<O>(session: Session<O>, { seed = 1, runs = RUNS, steps = STEPS, isFound, onProgress }: SearchOptions<O>) {
  for (let run = 0; run < runs; run++) {
    const walked = walk(session, seed + run, { steps })
    if (isFound(walked)) return walked
    onProgress?.(run + 1)
    yield run
  }
  return undefined
}

function drawn<O>(session: Session<O>, random: Random): Command<O> {
  if (random.chance(CRASH_PERCENT)) return { do: 'crash', process: random.pick(session.processes), lost: random.pick(['all', []]) }
  const free = session.pending.filter(({ kind, heldBy }) => heldBy === undefined && kind !== 'fault' && kind !== 'crash')
  if (free.length === 0 || random.chance(NEXT_PERCENT)) return { do: 'next' }
  const { id, kind } = random.pick(free)
  return { do: kind === 'timeout' ? 'timeout' : 'deliver', id }
}

/** Does what can be done within the model, and nothing else. */
function attempt<O>(session: Session<O>, command: Command<O>): void {
  if (session.allowed(command) !== undefined) return
  try {
    session.apply(command)
  } catch (error) {
    if (!(error instanceof CommandRefused)) throw error
  }
}
