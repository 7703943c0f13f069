import { NonBlockingAtomicCommit, type ProcessId, type Vote } from '@upon/contract'
import type { SimulatedProcess } from '../engine/simulated-process'
import { adversarialPort, Ensemble, type Member } from './ensemble'

/** The votes, and what is decided. */
class Ballot extends Ensemble<NonBlockingAtomicCommit> {
  readonly #votes = new Map<ProcessId, Vote>()
  #isDecided = false

  vote(v: Vote, at: Member<NonBlockingAtomicCommit>): void {
    this.#votes.set(at.self, v)
    this.consider(at)
  }

  /** Once all processes that have not crashed have voted, all must decide. They may decide ABORT at any moment from which it is allowed. */
  consider({ process, random, processes }: Member<NonBlockingAtomicCommit>): void {
    if (this.#isDecided) return
    const mayAbort = [...this.#votes.values()].includes('ABORT') || processes.some((p) => !process.isAlive(p))
    const mayCommit = processes.every((p) => (this.#votes.get(p) ?? (process.isAlive(p) ? 'ABORT' : 'COMMIT')) === 'COMMIT')
    const isDue = processes.every((p) => this.#votes.has(p) || !process.isAlive(p))
    if (!isDue && !(mayAbort && random.chance(30))) return
    this.#isDecided = true
    const v: Vote = mayAbort && (!mayCommit || random.chance(50)) ? 'ABORT' : 'COMMIT'
    for (const p of processes) this.tell(p, ({ indicate }) => indicate.decide(v))
  }
}

/**
 * The worst non-blocking atomic commit that its module allows: it aborts because of a crash at once, before others have voted; or commits
 * though a process has crashed, if the votes allow it. Each process decides late and independently.
 */
export const adversarialNonBlockingAtomicCommit = (process: SimulatedProcess) =>
  adversarialPort(
    process,
    NonBlockingAtomicCommit,
    () => new Ballot(),
    (me, all) => {
      me.onCrash(() => all.consider(me))
      return {
        propose: (v) => {
          all.vote(v, me)
          me.countSends()
        },
      }
    },
  )
