import { AtLeastOncePointToPointLinks } from '@upon/contract'
import type { SimulatedProcess } from '../engine/simulated-process'
import { adversarialLinks } from './links'

/**
 * The worst at-least-once links that their module allows: messages come late and in no order, some repeatedly, long after others that were
 * sent later. Messages from or to a process that crashes may be lost.
 */
export const adversarialAtLeastOncePointToPointLinks = (process: SimulatedProcess) =>
  adversarialLinks(process, AtLeastOncePointToPointLinks, (random, isOwed) => (isOwed ? 1 : 0) + random.pick([0, 0, 1, 5]))
