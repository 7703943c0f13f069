import { canonical } from '@upon/contract'
import { turnsOf } from './detectors'
import type { ExploredWorld, InFlight } from './world'

/** Something that may happen next. Its text identifies it, and is the same in every schedule that leads to the same state. */
export interface Move {
  readonly text: string
  /** Carries it out, in a copy of the world that offered it. */
  readonly act: (world: ExploredWorld) => void
  /** Whether it may never happen: a crash, a wrong indication, or the delivery of a message of a crashed process. */
  readonly isOptional: boolean
}

/** Everything that may happen next. Of equal messages it lists one, since they are interchangeable. */
export function movesOf(world: ExploredWorld): Move[] {
  const moves: Move[] = []
  const messages = new Set<number>()
  for (const message of world.inFlight) {
    if (messages.has(message.number)) continue
    messages.add(message.number)
    moves.push(...fatesOf(world, message))
  }
  for (const [host, { configuration, isCrashed }] of world.places.entries()) {
    if (isCrashed) continue
    const p = world.nameOf(host)
    const { isBusy, left } = configuration
    if (!isBusy && left.length > 0)
      moves.push({ text: `${p} does ${canonical(left[0])}`, act: (copy) => copy.operate(host), isOptional: false })
    if (world.left.crashes > 0) moves.push({ text: `${p} crashes`, act: (copy) => copy.spend('crashes').crash(host), isOptional: true })
  }
  moves.push(...turnsIn(world))
  if (world.left.timeouts > 0 && !(world.options.isSynchronous && world.isUnderWay)) moves.push(...timeoutsIn(world))
  return moves
}

/** What may happen to a message. Fair-loss links may lose it, or deliver it and keep a copy. */
function fatesOf(world: ExploredWorld, message: InFlight): Move[] {
  const { text, isLossy } = message
  const isOptional = world.isCrashed(message.from)
  const fates: Move[] = [{ text, act: (copy) => copy.take(message).deliver(message), isOptional }]
  if (isLossy && world.left.losses > 0)
    fates.push({ text: `${text} is lost`, act: (copy) => void copy.spend('losses').take(message), isOptional })
  if (isLossy && world.left.repeats > 0)
    fates.push({ text: `${text} comes, and will again`, act: (copy) => copy.spend('repeats').deliver(message), isOptional })
  return fates
}

function turnsIn(world: ExploredWorld): Move[] {
  if (world.detectors.length === 0) return []
  const { processes } = world.options
  const alive = new Set(processes.filter((_, host) => !world.isCrashed(host)))
  const moves: Move[] = []
  for (const detector of world.detectors)
    for (const turn of turnsOf(detector, processes, alive)) {
      if (!turn.isTrue && world.left.lies === 0) continue
      const text = `${world.nameOf(detector.host)} ${detector.path} ${turn.event} ${turn.p}`
      if (turn.isTrue) moves.push({ text, act: (copy) => copy.indicate(detector, turn), isOptional: false })
      else moves.push({ text: `${text}, wrongly`, act: (copy) => copy.spend('lies').indicate(detector, turn), isOptional: true })
    }
  return moves
}

const timeoutsIn = (world: ExploredWorld): Move[] =>
  world.timers.map((timer) => ({
    text: `${world.nameOf(timer.host)} ${timer.path} times out`,
    act: (copy) => copy.spend('timeouts').timeout(timer),
    isOptional: false,
  }))
