import { type Move, movesOf } from './moves'
import type { ExploredWorld } from './world'

/** Links that wait longer and longer before they send again go round after some hundred rounds. */
const LIMIT_ROUNDS = 400
const LIMIT_MOVES = 10_000

/** How it is told in a counterexample. */
export const GOES_ROUND =
  'from here on each timer times out in turn, and all that is sent arrives before the next one does, until nothing new comes'

/** How often it goes round then where the application is told something in each round: what is to happen for ever must be seen to. */
const MORE_ROUNDS = 10

/**
 * Where nothing but timers goes on, the system goes on as it well may, for ever: nothing is lost any more, nobody crashes, all that
 * is sent arrives, and each timer times out in turn. As soon as it is at the end of a round what it was at the end of one before, it
 * goes round from there on, and what has not come about by then never does. Gives that, or nothing if it does not go round soon.
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

/** Has each timer time out in turn, and all arrive that is sent before the next one does. Says how much happened. */
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
