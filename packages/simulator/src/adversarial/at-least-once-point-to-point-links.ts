import { AtLeastOncePointToPointLinks } from '@upon/contract'
import type { SimulatedProcess } from '../engine/simulated-process'
import { adversarialLinks } from './links'

/**
 * The worst at-least-once links that their module allows: messages come late and in no order, some again and again, long after others
 * that were sent later. Those of a process that crashes, or to one, may be lost.
 */
export const adversarialAtLeastOncePointToPointLinks = (process: SimulatedProcess) =>
  adversarialLinks(process, AtLeastOncePointToPointLinks, (random, isOwed) => (isOwed ? 1 : 0) + random.pick([0, 0, 1, 5]))
