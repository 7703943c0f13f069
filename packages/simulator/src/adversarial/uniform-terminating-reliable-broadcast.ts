import { FAILED, type Sent, UniformTerminatingReliableBroadcast } from '@upon/contract'
import type { SimulatedProcess } from '../engine/simulated-process'
import { adversarialPort, Ensemble, type Member } from './ensemble'

type Participant = Member<UniformTerminatingReliableBroadcast>

/** What all processes deliver, once it is fixed; and what the sender has broadcast. */
class Outcome extends Ensemble<UniformTerminatingReliableBroadcast> {
  sent: Sent<unknown> | undefined
  #certain: Sent<unknown> | typeof FAILED | undefined

  /** Fixes the outcome, if it is open; a faulty sender may fail even after its broadcast. */
  settle({ process, random, processes, parameters: { s } }: Participant): void {
    if (this.#certain !== undefined) return
    const hasFailed = this.sent === undefined || (process.isFaulty(s) && random.chance(50))
    const outcome = hasFailed ? FAILED : (this.sent as Sent<unknown>)
    this.#certain = outcome
    for (const p of processes) this.tell(p, ({ indicate }) => indicate.deliver(s, outcome))
  }
}

/**
 * The worst uniform terminating reliable broadcast that its module allows: if the sender is faulty, all processes deliver △ though it has
 * broadcast, or before it crashes, or its message long after it has crashed. Each process delivers late and independently.
 */
export const adversarialUniformTerminatingReliableBroadcast = (process: SimulatedProcess) =>
  adversarialPort(
    process,
    UniformTerminatingReliableBroadcast,
    () => new Outcome(),
    (me, all) => {
      const { s } = me.parameters
      const settleIfCrashed = () => {
        if (!process.isAlive(s)) me.late(() => all.settle(me))
      }
      settleIfCrashed()
      me.onCrash(settleIfCrashed)
      if (process.isFaulty(s) && me.random.chance(10)) me.late(() => all.settle(me))
      return {
        broadcast: (m) => {
          if (me.self !== s) return
          all.sent = { m }
          me.late(() => all.settle(me))
          me.countSends()
        },
      }
    },
  )
