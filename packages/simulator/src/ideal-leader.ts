import { EventualLeaderDetector, type Port } from '@upon/contract'
import type { SimulatedProcess } from './simulated-process'

/**
 * The worst eventual leader detector that its module allows: until the stabilisation time it trusts whomever it likes, crashed
 * processes too, differently at each process, changing its mind up to `lies` times. From then on, all trust the correct process of
 * the highest rank. Put it in the place of a real one: `.over({ eld: idealLeaderDetector(process) })`.
 */
export function idealLeaderDetector(process: SimulatedProcess, { lies = 8 } = {}): Port<EventualLeaderDetector> {
  return {
    sort: 'port',
    abstraction: EventualLeaderDetector,
    open: ({ indicate, processes }) => {
      const { random, stabilisationMs } = process
      let trusted: string | undefined
      const trust = (p: string | undefined) => {
        if (p === undefined || p === trusted) return
        trusted = p
        indicate.trust(p)
      }
      const times = Array.from({ length: random.between(0, lies) }, () => random.below(1 + Math.round(stabilisationMs * 1000)) / 1000)
      for (const ms of times) process.after(ms, () => trust(random.pick(processes)))
      const settle = () => trust(processes.findLast((p) => process.isAlive(p)))
      process.after(stabilisationMs, settle)
      process.onCrash(() => process.nowMs >= stabilisationMs && settle())
      return { upon: {} }
    },
  }
}
