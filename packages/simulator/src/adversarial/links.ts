import type { Abstraction, AtLeastOncePointToPointLinks, Module, Port, ProcessId } from '@upon/contract'
import type { SimulatedProcess } from '../engine/simulated-process'
import type { Random } from '../plan/random'
import { adversarialPort, type Concern, Ensemble, type Member } from './ensemble'

/** How often a message of one process is delivered at another in total; without end: forever. */
export type Copies = (random: Random, isOwed: boolean) => number

type Links = Module & Pick<AtLeastOncePointToPointLinks, 'send' | 'deliver'>

/** How long the next copy takes: it comes at once, or when everything has changed. */
const PAUSES_MS = [0, 1, 20, 200]

/** Carries each message independently, late and in no order, as often as `copies` says. Delivery is due only between correct processes. */
export function adversarialLinks<L extends Links>(process: SimulatedProcess, abstraction: Abstraction<L>, copies: Copies): Port<L> {
  return adversarialPort(
    process,
    abstraction as Abstraction<Links>,
    () => new Ensemble<Links>(),
    (me, all) => ({
      send: (q: ProcessId, m: unknown) => {
        const isOwed = !process.isFaulty(me.self) && !process.isFaulty(q)
        const times = copies(me.random, isOwed)
        const about = me.saying(m)
        if (times > 0) all.tell(q, (at) => deliver(at, times, about, () => at.arrival(about, () => at.indicate.deliver(me.self, m))), about)
        process.countSend()
      },
    }),
  ) as unknown as Port<L>
}

function deliver(at: Member<Links>, times: number, about: Concern, action: () => void): void {
  action()
  if (times > 1) at.afterMs(at.random.pick(PAUSES_MS) + at.random.below(50), () => deliver(at, times - 1, about, action), about)
}
