import { Consensus } from '@upon/contract'
import type { SimulatedProcess } from '../engine/simulated-process'
import { adversarialProposals } from './proposals'

/**
 * The worst regular consensus that its module allows: it may wait until every process that has not crashed has proposed, or decide long
 * before, on any value proposed so far. A faulty process may decide differently from the correct ones (C4), before or after them.
 */
export const adversarialConsensus = (process: SimulatedProcess) =>
  adversarialProposals(process, Consensus, ({ values, decided }, { self, random }) => {
    const binding = [...decided].find(([p]) => !process.isFaulty(p))
    return binding === undefined || process.isFaulty(self) ? random.pick(values) : binding[1]
  })
