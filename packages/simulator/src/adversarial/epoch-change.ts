import { EpochChange, firstLeader, type ProcessId } from '@upon/contract'
import type { SimulatedProcess } from '../engine/simulated-process'
import { adversarialPort, Ensemble, type Member } from './ensemble'

class Epochs extends Ensemble<EpochChange> {
  /** The leaders of all epochs that were started anywhere, by timestamp. */
  readonly leaders: Map<number, ProcessId>
  #last = 0

  constructor(l0: ProcessId) {
    super()
    this.leaders = new Map([[0, l0]])
  }

  /** An epoch above all others. */
  make({ random }: Member<EpochChange>, leaders: readonly ProcessId[]): number {
    const ts = Math.max(...this.leaders.keys()) + random.between(1, 9)
    this.leaders.set(ts, random.pick(leaders))
    return ts
  }

  /** The epoch that all processes end in: the highest so far, if its leader has not crashed, or a new one. */
  lastAt(member: Member<EpochChange>): number {
    const { process, processes, random } = member
    const isAlive = (p: ProcessId | undefined) => p !== undefined && process.isAlive(p)
    const highest = Math.max(...this.leaders.keys())
    if (this.#last < highest || !isAlive(this.leaders.get(this.#last))) {
      const keeps = isAlive(this.leaders.get(highest)) && random.chance(50)
      this.#last = keeps ? highest : this.make(member, processes.filter(isAlive))
    }
    return this.#last
  }
}

/**
 * The worst epoch change that its module allows: until the stabilisation time, epochs start at some processes and are skipped at others, up
 * to `lies` at each, with timestamps unrelated to ranks and any process as leader, crashed ones too. Timestamps only increase at each
 * process (EC1) and determine the leader (EC2). After that all processes come to the same last epoch, with a correct leader, late (EC3); to
 * none, if no epoch was started and the first leader is correct.
 */
export const adversarialEpochChange = (process: SimulatedProcess, { lies = 6 } = {}) =>
  adversarialPort(
    process,
    EpochChange,
    () => new Epochs(firstLeader(process.processes)),
    (me, all) => {
      let lastts = 0
      const start = (ts: number) => {
        if (ts > lastts) me.indicate.startEpoch(ts, all.leaders.get(ts) as ProcessId)
        lastts = Math.max(lastts, ts)
      }
      me.beforeStabilisation(lies, () => {
        const known = [...all.leaders.keys()].filter((ts) => ts > lastts)
        start(known.length > 0 && me.random.chance(60) ? me.random.pick(known) : all.make(me, me.processes))
      })
      me.onceStable(() => start(all.lastAt(me)))
      return {}
    },
  )
