import { LeaderElection, type ProcessId } from '@upon/contract'
import type { SimulatedProcess } from '../engine/simulated-process'
import { adversarialPort, Ensemble, type Member } from './ensemble'

class Electorate extends Ensemble<LeaderElection> {
  readonly #elected = new Set<ProcessId>()
  #leader: ProcessId | undefined

  /** The current leader. After a crash of the last one, the next call elects a new one. */
  leaderAt({ process, processes, random }: Member<LeaderElection>): ProcessId {
    if (this.#leader === undefined || !process.isAlive(this.#leader)) {
      this.#leader = random.pick(processes.filter((p) => !this.#elected.has(p)))
      this.#elected.add(this.#leader)
    }
    return this.#leader
  }
}

/**
 * The worst leader election that its module allows: leaders come in any order of ranks, also processes that crash before they are elected;
 * processes learn of them late, and not of all. No two processes that have not crashed are leaders at a time (LE2), and the last leader is
 * correct and becomes known to all (LE1).
 */
export const adversarialLeaderElection = (process: SimulatedProcess) =>
  adversarialPort(
    process,
    LeaderElection,
    () => new Electorate(),
    (me, all) => {
      let leader: ProcessId | undefined
      const elect = () => {
        const elected = all.leaderAt(me)
        if (elected !== leader) me.indicate.leader(elected)
        leader = elected
        if (!process.isAlive(elected)) me.late(elect)
      }
      me.late(elect)
      me.onCrash(() => me.late(elect))
      return {}
    },
  )
