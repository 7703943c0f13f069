import { EventualLeaderDetector, type ProcessId } from '@upon/contract'
import type { SimulatedProcess } from '../engine/simulated-process'
import { adversarialPort, Ensemble, type Member } from './ensemble'

class Followers extends Ensemble<EventualLeaderDetector> {
  #leader: ProcessId | undefined

  /** The process that all eventually trust: any that has not crashed. */
  leaderAt({ process, processes, random }: Member<EventualLeaderDetector>): ProcessId {
    if (this.#leader === undefined || !process.isAlive(this.#leader))
      this.#leader = random.pick(processes.filter((p) => process.isAlive(p)))
    return this.#leader
  }
}

/**
 * The worst eventual leader detector that its module allows: until the stabilisation time it trusts any process, crashed ones too, a
 * different one at each process, with up to `lies` changes; or none yet. After that all processes come to trust the same correct one (ELD1,
 * ELD2), of any rank, late.
 */
export const adversarialEventualLeaderDetector = (process: SimulatedProcess, { lies = 8 } = {}) =>
  adversarialPort(
    process,
    EventualLeaderDetector,
    () => new Followers(),
    (me, all) => {
      let trusted: ProcessId | undefined
      const trust = (p: ProcessId) => {
        if (p !== trusted) me.indicate.trust(p)
        trusted = p
      }
      me.beforeStabilisation(lies, () => trust(me.random.pick(me.processes)))
      me.onceStable(() => trust(all.leaderAt(me)))
      return {}
    },
  )
