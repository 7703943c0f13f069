import { EventuallyPerfectFailureDetector, type ProcessId } from '@upon/contract'
import type { SimulatedProcess } from '../engine/simulated-process'
import { adversarialPort, Ensemble, type Member } from './ensemble'

/**
 * The worst eventually perfect failure detector that its module allows: until the stabilisation time it suspects and restores any process,
 * its own too, differently at each process, up to `lies` times. After that each process comes to suspect exactly those that have crashed
 * (EPFD1, EPFD2), late.
 */
export const adversarialEventuallyPerfectFailureDetector = (process: SimulatedProcess, { lies = 12 } = {}) =>
  adversarialPort(
    process,
    EventuallyPerfectFailureDetector,
    () => new Ensemble<EventuallyPerfectFailureDetector>(),
    (me: Member<EventuallyPerfectFailureDetector>) => {
      const { indicate, processes, random } = me
      const suspected = new Set<ProcessId>()
      const turn = (p: ProcessId) => {
        if (suspected.delete(p)) indicate.restore(p)
        else {
          suspected.add(p)
          indicate.suspect(p)
        }
      }
      me.beforeStabilisation(lies, () => turn(random.pick(processes)))
      me.onceStable(() => {
        for (const p of random.shuffle(processes)) if (suspected.has(p) === process.isAlive(p)) turn(p)
      })
      return {}
    },
  )
