import { FIFOPerfectPointToPointLinks, type Port, type ProcessId } from '@upon/contract'
import type { SimulatedProcess } from '../engine/simulated-process'
import { adversarialPort } from './ensemble'
import { type Ordered, OrderedEnsemble } from './order'

/**
 * The worst FIFO links that their module allows: messages come late, each waits for those sent before it on its link, and links are
 * independent of each other. A message from or to a process that crashes may be lost, and with it all later ones on its link.
 */
export const adversarialFIFOPerfectPointToPointLinks = (process: SimulatedProcess): Port<FIFOPerfectPointToPointLinks> =>
  adversarialPort(
    process,
    FIFOPerfectPointToPointLinks,
    () => new OrderedEnsemble<FIFOPerfectPointToPointLinks>('nothing'),
    (me, all) => {
      const previous = new Map<ProcessId, Ordered>()
      return {
        send: (q: ProcessId, m: unknown) => {
          const isOwed = !process.isFaulty(me.self) && !process.isFaulty(q)
          const before = previous.get(q)
          const message = { predecessors: before === undefined ? [] : [before] }
          previous.set(q, message)
          const about = me.saying(m)
          const arrive = (at: typeof me) =>
            all.orderAt(at).arrive(message, () => {
              if (!isOwed && at.random.chance(50)) return false
              at.arrival(about, () => at.indicate.deliver(me.self, m))
              return true
            })
          all.tell(q, arrive, about)
          process.countSend()
        },
      }
    },
  )
