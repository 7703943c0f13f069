import type { ProcessId } from '@upon/contract'
import type { Scheduled } from '../engine/scheduled'
import type { Command } from './command'
import { type Hand, Impossible } from './hand'

/** Does what a command says. Throws Impossible if that cannot be done. */
export function perform<O>(hand: Hand<O>, command: Command<O>): void {
  switch (command.do) {
    case 'next':
      if (!hand.next()) throw new Impossible('nothing is under way')
      break
    case 'until':
      if (command.timeMs < hand.nowMs) throw new Impossible(`it is ${hand.nowMs} ms already`)
      hand.until(command.timeMs)
      break
    case 'rest':
      hand.rest()
      break
    case 'deliver':
      hand.come(free(hand, command.id, ['message', 'repeat', 'operation', 'step']))
      break
    case 'timeout':
      hand.come(free(hand, command.id, ['timeout']))
      break
    case 'drop':
      hand.drop(found(hand, command.id, MESSAGES).scheduled)
      break
    case 'duplicate':
      hand.duplicate(found(hand, command.id, MESSAGES).scheduled)
      break
    case 'delay':
      hand.delay(free(hand, command.id, MESSAGES), command.byMs)
      break
    case 'heal':
      if (hand.cuts.length === 0) throw new Impossible('there is no cut')
      hand.heal()
      break
    case 'cut':
      hand.cut(
        'groups' in command
          ? { kind: 'partition', groups: command.groups, fromMs: 0 }
          : { kind: 'block', from: command.from, to: command.to, fromMs: 0 },
      )
      break
    case 'stabilise':
      if (hand.simulation.network.isStable) throw new Impossible('delays are bounded already')
      hand.stabilise()
      break
    default:
      performAt(hand, command, hand.simulation.place(command.process))
  }
}

const MESSAGES = ['message', 'repeat'] as const

function performAt<O>(hand: Hand<O>, command: Extract<Command<O>, { readonly process: ProcessId }>, host: number): void {
  const isDown = hand.simulation.isCrashed(host)
  if (isDown !== (command.do === 'recover')) throw new Impossible(`${command.process} ${isDown ? 'has crashed' : 'is not down'}`)
  const isPaused = hand.pauses.has(host)
  switch (command.do) {
    case 'request':
      if (!hand.clients.takesRequests(host)) throw new Impossible('nothing can be requested here')
      hand.request(host, structuredClone(command.operation))
      break
    case 'crash':
      if ('afterSends' in command && command.afterSends !== undefined)
        hand.crashAfter(host, command.afterSends, command.lost === 'all' ? 100 : 0)
      else hand.crash(host, command.lost === 'all' ? 'all' : (command.lost ?? []).map((id) => sentBy(hand, id, host)))
      break
    case 'recover':
      hand.recover(host)
      break
    case 'pause':
      if (isPaused) throw new Impossible(`${command.process} is paused already`)
      hand.pause(host)
      break
    case 'resume':
      if (!isPaused) throw new Impossible(`${command.process} is not paused`)
      hand.resume(host)
  }
}

function found<O>(hand: Hand<O>, id: string, kinds: readonly Scheduled['kind'][]) {
  const item = hand.find(id)
  if (item === undefined) throw new Impossible(`nothing of this name is pending`)
  if (!kinds.includes(item.scheduled.kind)) throw new Impossible(`this cannot be done to a ${item.scheduled.kind}`)
  return item
}

/** What is held back by nothing. */
function free<O>(hand: Hand<O>, id: string, kinds: readonly Scheduled['kind'][]): Scheduled {
  const { scheduled, heldBy } = found(hand, id, kinds)
  const { to, from } = scheduled
  if (heldBy === 'cut') throw new Impossible('a cut holds it back: heal that first')
  if (heldBy === 'pause' || hand.simulation.pausedAt(to) !== undefined)
    throw new Impossible(`${hand.plan.processes[to]} is paused: resume it first`)
  const isMessage = scheduled.kind === 'message' || scheduled.kind === 'repeat'
  if (isMessage && hand.simulation.network.links.isCut(from * hand.plan.processes.length + to))
    throw new Impossible('its link is cut: heal that first')
  return scheduled
}

function sentBy<O>(hand: Hand<O>, id: string, host: number): Scheduled {
  const { scheduled } = found(hand, id, MESSAGES)
  if (scheduled.from !== host) throw new Impossible(`${id} is not from ${hand.plan.processes[host]}`)
  return scheduled
}
