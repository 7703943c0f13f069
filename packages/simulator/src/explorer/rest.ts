import { type Move, movesOf } from './moves'
import type { ExploredWorld } from './world'

/** Links that back off before they send again return to an earlier state after some hundred rounds. */
const LIMIT_ROUNDS = 400
const LIMIT_MOVES = 10_000

/** Its text in a counterexample. */
export const GOES_ROUND =
  'from here on each timer times out in turn, and all that is sent arrives before the next one does, until nothing new comes'

/** How many further rounds follow where each round brings an indication: what must happen forever has to be seen in the trace. */
const MORE_ROUNDS = 10

/**
 * Where only timers are left, continues the system fairly: nothing is lost any more, no process crashes, everything sent arrives, and each
 * timer times out in turn. Once the state after a round equals that after an earlier one, the rounds repeat forever, and what has not
 * happened by then never happens. Returns that state, or nothing if no state repeats soon.
 */
export function goRound(from: ExploredWorld): ExploredWorld | undefined {
  const world = from.copy()
  world.left = { crashes: 0, timeouts: 0, losses: 0, repeats: 0, lies: 0 }
  const known = new Map([[world.present, { round: 0, seen: world.seen }]])
  let moves = 0
  for (let round = 1; round < LIMIT_ROUNDS && moves < LIMIT_MOVES; round++) {
    moves += goOnce(world)
    if (world.errors.length > 0) return world
    const { present, seen } = world
    const before = known.get(present)
    if (before === undefined) {
      known.set(present, { round, seen })
      continue
    }
    if (seen !== before.seen) for (let more = MORE_ROUNDS * (round - before.round); more > 0; more--) goOnce(world)
    return world
  }
  return undefined
}

/** Lets each timer time out in turn, and delivers everything sent before the next one does. Returns how much happened. */
function goOnce(world: ExploredWorld): number {
  let moves = 0
  for (const { host, path } of [...world.timers]) {
    const armed = world.timers.find((timer) => timer.host === host && timer.path === path)
    if (armed === undefined) continue
    world.timeout(armed)
    for (let next = due(world); next !== undefined && moves < LIMIT_MOVES; next = due(world), moves++) next.act(world)
  }
  return moves
}

const due = (world: ExploredWorld): Move | undefined => movesOf(world).find(({ isOptional }) => !isOptional)
