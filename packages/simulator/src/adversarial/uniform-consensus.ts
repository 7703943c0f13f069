import { type Port, UniformConsensus } from '@upon/contract'
import type { SimulatedProcess } from '../engine/simulated-process'
import { adversarialProposals } from './proposals'

/**
 * The worst uniform consensus that its module allows: it may wait until every process that has not crashed has proposed, or decide long
 * before, also at processes that have proposed nothing. The value is any that was proposed before the first decision, perhaps by a process
 * that has crashed (UC2, UC4).
 */
export const adversarialUniformConsensus = (process: SimulatedProcess) =>
  adversarialProposals(process, UniformConsensus, ({ values, decided }, { random }) => {
    const [first] = decided
    return first === undefined ? random.pick(values) : first[1]
  }) as Port<UniformConsensus>
