import { PerfectFailureDetector, type ProcessId } from '@upon/contract'
import type { SimulatedProcess } from '../engine/simulated-process'
import { adversarialPort, Ensemble, type Member } from './ensemble'

/**
 * The worst perfect failure detector that its module allows: each process detects each crash independently, at once or as late as the model
 * allows, so before or after the last messages of the crashed process. It is never wrong (PFD2), and misses no crash (PFD1).
 */
export const adversarialPerfectFailureDetector = (process: SimulatedProcess) =>
  adversarialPort(
    process,
    PerfectFailureDetector,
    () => new Ensemble<PerfectFailureDetector>(),
    (me: Member<PerfectFailureDetector>) => {
      const noticed = new Set<ProcessId>()
      const notice = () => {
        for (const p of me.processes) {
          if (noticed.has(p) || process.isAlive(p)) continue
          noticed.add(p)
          me.late(() => me.indicate.crash(p))
        }
      }
      notice()
      me.onCrash(notice)
      return {}
    },
  )
