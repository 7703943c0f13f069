import { StubbornPointToPointLinks } from '@upon/contract'
import type { SimulatedProcess } from '../engine/simulated-process'
import { adversarialLinks } from './links'

/**
 * The worst stubborn links that their module allows: every message comes again and again forever, at any moment and in no order. Messages
 * from or to a process that crashes may come a few times, or never. A run over them never rests.
 */
export const adversarialStubbornPointToPointLinks = (process: SimulatedProcess) =>
  adversarialLinks(process, StubbornPointToPointLinks, (random, isOwed) => (isOwed ? Number.POSITIVE_INFINITY : random.pick([0, 1, 5])))
