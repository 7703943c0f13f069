import { PerfectFailureDetector, type ProcessId } from '@upon/contract'
import type { SimulatedProcess } from '../engine/simulated-process'
import { adversarialPort, Ensemble, type Member } from './ensemble'

/**
 * The worst perfect failure detector that its module allows: each process learns of each crash by itself, at once or as late as
 * anything may be, so before or after messages of the crashed process that are still under way. It is never wrong (PFD2), and misses
 * nobody (PFD1).
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
