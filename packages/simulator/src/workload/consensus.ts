import type { Outside, ProcessId, UniformConsensus } from '@upon/contract'
import type { Operation } from '../plan'
import type { Random } from '../random'
import type { Perform } from '../simulate'
import type { SimulatedProcess } from '../simulated-process'

/** A client that proposes, and is done when its process decides. */
export function consensusClient({ upon }: Pick<SimulatedProcess, 'upon'>, uc: Outside<UniformConsensus, number>): Perform<number> {
  let decided = () => {}
  upon(uc.decide, () => decided())
  return (value, done) => {
    decided = done
    uc.propose(value)
  }
}

/** Every process proposes a value of its own, at some moment of the first 20 ms; now and then all at once. */
export function proposals(random: Random, processes: readonly ProcessId[]): Operation<number>[] {
  const spreadUs = random.pick([0, 2_000, 20_000])
  return processes.map((process, i) => ({ process, afterMs: random.below(spreadUs + 1) / 1000, operation: 10 * (i + 1) }))
}
